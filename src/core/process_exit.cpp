#include "core/process_exit.hpp"

#include "core/uninterrupted.hpp"

#include <array>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/syscall.h>
#else
#include <sys/event.h>
#endif

namespace berth {

unique_fd watch_exit(int pid) {
#ifdef __linux__
    unique_fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); // close-on-exec by definition
    return handle ? std::move(handle) : watch_exit_by_thread(pid);
#else
    unique_fd queue(::kqueue());
    struct kevent event;
    EV_SET(&event, pid, EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT, 0, nullptr);
    // A process that has ended already cannot be watched (ESRCH), but then is a zombie of ours: a user event that has
    // fired says so.
    if (::kevent(queue.get(), &event, 1, nullptr, 0, nullptr) != 0) {
        EV_SET(&event, 1, EVFILT_USER, EV_ADD, NOTE_TRIGGER, 0, nullptr);
        ::kevent(queue.get(), &event, 1, nullptr, 0, nullptr);
        EV_SET(&event, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0, nullptr);
        ::kevent(queue.get(), &event, 1, nullptr, 0, nullptr);
    }
    ::fcntl(queue.get(), F_SETFD, FD_CLOEXEC);
    return queue;
#endif
}

unique_fd watch_exit_by_thread(int pid) {
    std::array<int, 2> fds{};
    if (::pipe(fds.data()) != 0)
        return {};
    unique_fd read(fds[0]), write(fds[1]);
    ::fcntl(read.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(write.get(), F_SETFD, FD_CLOEXEC);
    sigset_t all, before; // signals are for the thread that waits for them
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = true;
    try {
        std::thread([pid, held = std::move(write)] {
            siginfo_t how;
            uninterrupted([&] { return ::waitid(P_PID, static_cast<id_t>(pid), &how, WEXITED | WNOWAIT); });
        }).detach();
    } catch (const std::system_error&) {
        started = false;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (!started) {
        errno = EAGAIN;
        return {};
    }
    return read;
}

} // namespace berth
