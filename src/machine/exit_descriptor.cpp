#include "machine/exit_descriptor.hpp"

#include "core/uninterrupted.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#else
#include <sys/event.h>
#endif

namespace berth {

unique_fd open_exit(int pid) {
#ifdef __linux__
    unique_fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); // close-on-exec by definition
    bool refused = !handle && (errno == ENOSYS || errno == EPERM || errno == EACCES);
    return refused ? open_exit_by_thread(pid) : std::move(handle);
#else
    int queue = ::kqueue();
    struct kevent event;
    EV_SET(&event, pid, EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT, 0, nullptr);
    // A process that has ended already cannot be watched (ESRCH), but then is a zombie of ours: a user event that has
    // fired says so.
    if (::kevent(queue, &event, 1, nullptr, 0, nullptr) != 0) {
        EV_SET(&event, 1, EVFILT_USER, EV_ADD, NOTE_TRIGGER, 0, nullptr);
        ::kevent(queue, &event, 1, nullptr, 0, nullptr);
        EV_SET(&event, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0, nullptr);
        ::kevent(queue, &event, 1, nullptr, 0, nullptr);
    }
    ::fcntl(queue, F_SETFD, FD_CLOEXEC);
    return unique_fd(queue);
#endif
}

unique_fd open_exit_by_thread(int pid) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        return {};
    unique_fd read(ends[0]);
    auto write = std::make_shared<unique_fd>(ends[1]);
    ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    sigset_t all, before; // signals are for the thread that waits for them
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        // It may outlive whoever asked: then the child is reaped, and there is nothing to wait for (ECHILD).
        std::thread([pid, write] {
            siginfo_t how{};
            uninterrupted([&] { return ::waitid(P_PID, static_cast<id_t>(pid), &how, WEXITED | WNOWAIT); });
        }).detach();
    } catch (const std::system_error& none) {
        read = unique_fd();
        errno = none.code().value();
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return read;
}

} // namespace berth
