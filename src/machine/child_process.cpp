#include "machine/child_process.hpp"

#include "core/descriptors.hpp"
#include "core/process_exit.hpp"
#include "core/uninterrupted.hpp"
#include "core/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth {
namespace {

// Above the child's own 0 to 3, so that no dup2 below overwrites a pipe that is still to be used (a server that was
// started with stdin closed gets low numbers).
constexpr int lowest = 10;

struct pipe_ends {
    unique_fd read, write;
};

bool open_pipe(pipe_ends& ends) {
    std::array<int, 2> fds{};
#ifdef __linux__
    if (::pipe2(fds.data(), O_CLOEXEC) != 0)
        return false;
#else
    // Not atomic with a fork elsewhere, but POSIX_SPAWN_CLOEXEC_DEFAULT keeps it out of our own children all the same.
    if (::pipe(fds.data()) != 0)
        return false;
#endif
    unique_fd read(fds[0]), write(fds[1]);
    ends.read = unique_fd(::fcntl(read.get(), F_DUPFD_CLOEXEC, lowest));
    ends.write = unique_fd(::fcntl(write.get(), F_DUPFD_CLOEXEC, lowest));
    return ends.read.get() >= 0 && ends.write.get() >= 0;
}

bool readable(int descriptor) {
    pollfd look{descriptor, POLLIN, 0};
    return ::poll(&look, 1, 0) == 1;
}

struct file_actions {
    posix_spawn_file_actions_t value;
    file_actions() { ::posix_spawn_file_actions_init(&value); }
    ~file_actions() { ::posix_spawn_file_actions_destroy(&value); }
    file_actions(const file_actions&) = delete;
};

struct spawn_attributes {
    posix_spawnattr_t value;
    spawn_attributes() {
        ::posix_spawnattr_init(&value);
        short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
#ifdef POSIX_SPAWN_CLOEXEC_DEFAULT
        flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
        ::posix_spawnattr_setflags(&value, flags);
        sigset_t none, defaults;
        sigemptyset(&none);
        sigemptyset(&defaults);
        // The server ignores SIGPIPE; what its own parent ignored must not reach a child either.
        for (int each : {SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGUSR1, SIGUSR2})
            sigaddset(&defaults, each);
        ::posix_spawnattr_setsigmask(&value, &none);
        ::posix_spawnattr_setsigdefault(&value, &defaults);
    }
    ~spawn_attributes() { ::posix_spawnattr_destroy(&value); }
    spawn_attributes(const spawn_attributes&) = delete;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& each : texts)
        all.push_back(const_cast<char*>(each.c_str()));
    all.push_back(nullptr);
    return all;
}

/// As posix_spawnp looks for it.
bool can_be_found(const std::string& program) {
    if (program.find('/') != std::string::npos)
        return ::access(program.c_str(), X_OK) == 0;
    auto* path = ::getenv("PATH");
    std::istringstream folders(path ? path : "/bin:/usr/bin");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((folder + '/' + program).c_str(), X_OK) == 0)
            return true;
    return false;
}

/// Nobody knows the session's number before it is there: a shell puts it in the environment, and becomes the command.
std::vector<std::string> in_marked_session(const std::vector<std::string>& command) {
    std::vector<std::string> whole{"sh", "-c", "BERTH_SESSION=$$ exec \"$@\"", "sh"};
    whole.insert(whole.end(), command.begin(), command.end());
    return whole;
}

error cannot_start(const child_options& options, int reason) {
    std::error_code none;
    auto& program = options.command.front();
    if (!options.directory.empty() && !std::filesystem::is_directory(options.directory, none))
        return {errc::internal_error,
                program + " could not be started: there is no folder " + options.directory.string()};
    if (reason == ENOENT)
        return {errc::internal_error, program + " was not found"};
    return {errc::internal_error, program + " could not be started: " + std::strerror(reason)};
}

class posix_child final : public child_process {
public:
    posix_child(const asio::any_io_executor& executor, int pid)
        : pid_(pid), exit_(executor), input_(executor), output_(executor), channel_(executor) {}

    ~posix_child() override {
        if (reaped_)
            return;
        posix_child::signal_group(SIGKILL);
        posix_child::reap();
    }

    int pid() const override { return pid_; }
    pipe& input() override { return input_; }
    pipe& output() override { return output_; }
    pipe& channel() override { return channel_; }

    task<bool> ended() override {
        // Asio may wake a wait for news of the descriptor whose place in its tables this one was given: look.
        while (!readable(exit_.native_handle())) {
            auto [failed] = co_await exit_.async_wait(pipe::wait_read, as_result);
            if (failed)
                co_return false;
        }
        co_return true;
    }

    void signal_group(int signal) override {
        if (!reaped_)
            ::kill(-pid_, signal);
    }

    bool group_exists() const override { return ::kill(-pid_, 0) == 0; }

    exit_status reap() override {
        int status = 0;
        auto got = uninterrupted([&] { return ::waitpid(pid_, &status, 0); });
        reaped_ = true;
        exit_status how;
        if (got == pid_ && WIFEXITED(status))
            how.code = WEXITSTATUS(status);
        else if (got == pid_ && WIFSIGNALED(status))
            how.signal = WTERMSIG(status);
        return how;
    }

    int pid_;
    bool reaped_ = false;
    pipe exit_; // readable once the process has ended
    pipe input_, output_, channel_;
};

} // namespace

result<std::unique_ptr<child_process>> spawn_child(const asio::any_io_executor& executor,
                                                   const child_options& options) {
    if (options.marks_session && !can_be_found(options.command.front()))
        return cannot_start(options, ENOENT); // in our words, not in the shell's
    pipe_ends input, output, channel;
    if ((options.input && !open_pipe(input)) || !open_pipe(output) || (options.channel && !open_pipe(channel)))
        return cannot_start(options, errno);

    file_actions actions;
    auto* files = &actions.value;
    if (options.input)
        ::posix_spawn_file_actions_adddup2(files, input.read.get(), 0);
    else
        ::posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(files, output.write.get(), 1);
    ::posix_spawn_file_actions_adddup2(files, output.write.get(), 2);
    if (options.channel)
        ::posix_spawn_file_actions_adddup2(files, channel.write.get(), 3);
    if (!options.directory.empty())
        ::posix_spawn_file_actions_addchdir_np(files, options.directory.c_str());
#ifdef __GLIBC__
    ::posix_spawn_file_actions_addclosefrom_np(files, options.channel ? 4 : 3);
#elif defined(__linux__)
    keep_from_children(3); // the dup2 above clear the mark of what is handed on
#endif

    spawn_attributes attributes;
    auto command = options.marks_session ? in_marked_session(options.command) : options.command;
    auto arguments = pointers(command);
    auto variables = pointers(options.variables);
    pid_t pid = 0;
    if (int reason = ::posix_spawnp(&pid, arguments[0], files, &attributes.value, arguments.data(), variables.data()))
        return cannot_start(options, reason);

    auto child = std::make_unique<posix_child>(executor, pid);
    auto exit = watch_exit(pid);
    if (!exit)
        return cannot_start(options, errno); // ~posix_child ends it
    child->exit_.assign(exit.release());
    child->output_.assign(output.read.release());
    if (options.input)
        child->input_.assign(input.write.release());
    if (options.channel)
        child->channel_.assign(channel.read.release());
    return child;
}

} // namespace berth
