#include "cli/root_holder.hpp"

#include "cli/text.hpp"
#include "core/lock_text.hpp"
#include "core/uninterrupted.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

namespace berth::cli {
namespace {

namespace fs = std::filesystem;

failure unreadable(const fs::path& lock, int reason) {
    return failed(fmt::format("{} cannot be read: {}", visible(lock.native()), std::strerror(reason)));
}

/// A shared lock is refused as long as a server has its own; ours is given back at once.
bool is_locked(int lock) {
    if (uninterrupted([&] { return ::flock(lock, LOCK_SH | LOCK_NB); }) != 0)
        return errno == EWOULDBLOCK;
    ::flock(lock, LOCK_UN);
    return false;
}

std::optional<lock_text> read_lock(int lock) {
    char text[512];
    auto n = ::pread(lock, text, sizeof text, 0);
    return parse_lock_text({text, n > 0 ? static_cast<std::size_t>(n) : 0});
}

#ifdef __linux__
constexpr int state_field = 0, start_field = 19; // behind the name, which ends with the last ')'; proc(5) counts from 3

/// Of a process that has not ended; 0: it has, or is not there.
std::uint64_t start_ticks_of(int pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    auto name = text.rfind(')');
    if (name == text.npos)
        return 0;
    std::istringstream fields(text.substr(name + 1));
    std::string field;
    for (int at = 0; fields >> field; ++at) {
        if (at == state_field && (field == "Z" || field == "X"))
            return 0;
        if (at == start_field)
            return std::strtoull(field.c_str(), nullptr, 10);
    }
    return 0;
}

bool has_open(int pid, int lock) {
    struct stat wanted {
    }, each{};
    std::error_code refused;
    if (::fstat(lock, &wanted) != 0)
        return false;
    for (fs::directory_iterator at(fmt::format("/proc/{}/fd", pid), refused), end; !refused && at != end;
         at.increment(refused))
        if (::stat(at->path().c_str(), &each) == 0 && each.st_dev == wanted.st_dev && each.st_ino == wanted.st_ino)
            return true;
    return false;
}

unique_fd hold_process(int pid) { return unique_fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

bool send_signal(const unique_fd& handle, int pid, int signal) {
    if (handle && ::syscall(SYS_pidfd_send_signal, handle.get(), signal, nullptr, 0) == 0)
        return true;
    bool refused = !handle || errno == ENOSYS || errno == EPERM;
    return refused && ::kill(pid, signal) == 0;
}
#else
std::uint64_t start_ticks_of(int) { return 0; }
bool has_open(int pid, int) { return ::kill(pid, 0) == 0; }
unique_fd hold_process(int) { return {}; }
bool send_signal(const unique_fd&, int pid, int signal) { return ::kill(pid, signal) == 0; }
#endif

} // namespace

outcome<std::optional<root_holder>> root_holder::of(const fs::path& root) {
    auto path = root / ".berth/lock";
    unique_fd lock(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); }));
    if (!lock && (errno == ENOENT || errno == ENOTDIR))
        return std::optional<root_holder>();
    if (!lock)
        return unreadable(path, errno);
    constexpr int attempts = 20; // one server may end, and the next begin, meanwhile
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (!is_locked(lock.get()))
            return std::optional<root_holder>();
        if (auto said = read_lock(lock.get())) {
            root_holder holder;
            holder.pid_ = said->pid;
            holder.handle_ = hold_process(said->pid);
            holder.started_ = start_ticks_of(said->pid);
            auto now = has_open(said->pid, lock.get()) ? read_lock(lock.get()) : std::nullopt;
            if (now && now->pid == said->pid && is_locked(lock.get())) {
                holder.url_ = now->url;
                return std::optional<root_holder>(std::move(holder));
            }
        }
        ::usleep(10'000);
    }
    return failed(
        fmt::format("somebody has the lock of {}, but not the process that {} names: it is another user's, or "
                    "of another machine",
                    visible(root.native()), visible(path.native())));
}

outcome<> root_holder::ask_to_end() const {
    if (has_ended() || send_signal(handle_, pid_, SIGTERM) || errno == ESRCH)
        return outcome<>();
    return failed(fmt::format("process {} could not be told to end: {}", pid_, std::strerror(errno)));
}

bool root_holder::has_ended() const {
    if (handle_) {
        pollfd end{handle_.get(), POLLIN, 0};
        return ::poll(&end, 1, 0) == 1;
    }
    return started_ != 0 ? start_ticks_of(pid_) != started_ : ::kill(pid_, 0) != 0 && errno == ESRCH;
}

} // namespace berth::cli
