#include "store/trash_remover.hpp"

#include "store/file_system.hpp"
#include "store/root_folder.hpp"
#include "core/worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <chrono>
#include <exception>

extern char** environ;

namespace berth {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t max_entries = 256; // arguments of one rm; the rest is swept after it
constexpr auto look_every = 100ms;
constexpr auto deadline = 30min; // for a disk that hangs
constexpr int low_priority = 10;

// What is mounted inside of an app's folder (a network's disk, say) is not the app's: rm must not walk into it.
#ifdef __APPLE__
constexpr auto same_disk = "-x";
#else
constexpr auto same_disk = "--one-file-system";
#endif

struct spawn_settings {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;

    spawn_settings() {
        posix_spawn_file_actions_init(&files);
        for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
#ifdef __GLIBC__
        // Asio's sockets are not close-on-exec: rm would keep our port.
        posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
#endif
        posix_spawnattr_init(&attributes);
        sigset_t blocked, defaults;
        sigemptyset(&blocked);
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE); // main ignores it, and that would be inherited
        posix_spawnattr_setsigmask(&attributes, &blocked);
        posix_spawnattr_setsigdefault(&attributes, &defaults);
        short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
        posix_spawnattr_setflags(&attributes, flags); // a group of its own: Ctrl-C is not meant for it
    }
    spawn_settings(const spawn_settings&) = delete;
    ~spawn_settings() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
};

/// Starts rm for what is in the trash; 0 when there is nothing.
result<pid_t> start_removal(const fs::path& trash) {
    // Through a link the trash would be somebody's folder.
    if (!open_folder(AT_FDCWD, trash.c_str()))
        return storage_error("empty the trash", trash, last_error());
    auto names = create_file_system()->list(trash);
    if (!names)
        return storage_error("read", trash, names.error());
    if (names->empty())
        return 0;
    if (names->size() > max_entries)
        names->resize(max_entries);

    std::vector<std::string> words = {"rm", "-rf", same_disk, "--"};
    for (auto& name : *names)
        words.push_back((trash / name).native());
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);

    spawn_settings settings;
    pid_t pid = 0;
    if (auto reason = ::posix_spawnp(&pid, "rm", &settings.files, &settings.attributes, arguments.data(), environ))
        return storage_error("start rm to empty", trash, {reason, boost::system::system_category()});
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(pid), low_priority);
    return pid;
}

bool emptied(const fs::path& trash) {
    auto names = create_file_system()->list(trash);
    return !names || names->empty();
}

} // namespace

void trash_remover::sweep() {
    if (closed_)
        return;
    again_ = true;
    if (running_)
        return;
    running_ = true;
    asio::co_spawn(home_, run(shared_from_this()), [](std::exception_ptr bug) {
        if (bug)
            std::rethrow_exception(bug);
    });
}

void trash_remover::close() {
    closed_ = true;
    timer_.cancel();
}

task<> trash_remover::run(std::shared_ptr<trash_remover> self) {
    while (self->again_ && !self->closed_) {
        self->again_ = false;
        auto start = [trash = self->trash_] { return start_removal(trash); };
        auto pid = co_await run_on(self->workers_, self->home_, std::move(start));
        if (!pid)
            spdlog::warn("{}", pid.error().detail);
        else if (*pid != 0)
            co_await self->watch(*pid);
    }
    self->running_ = false;
}

task<> trash_remover::watch(int pid) {
    auto until = std::chrono::steady_clock::now() + deadline;
    int status = 0;
    while (::waitpid(pid, &status, WNOHANG) == 0) {
        if (closed_)
            co_return;
        if (std::chrono::steady_clock::now() > until) {
            spdlog::warn("Emptying {} takes more than 30 minutes; it is no longer waited for (pid {}).",
                         trash_.native(), pid);
            co_return;
        }
        timer_.expires_after(look_every);
        auto [cancelled] = co_await timer_.async_wait(as_result);
        (void)cancelled;
    }
    auto look = [trash = trash_] { return emptied(trash); };
    auto empty = co_await run_on(workers_, home_, std::move(look));
    if (empty)
        co_return;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        again_ = true; // something came after rm was started
    else
        spdlog::warn(
            "Not everything in {} could be removed; it is tried again at the next start. Remove it by hand if it "
            "stays.",
            trash_.native());
}

} // namespace berth
