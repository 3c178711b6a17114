#include "machine/inheritance.hpp"

#include "core/uninterrupted.hpp"

#include <csignal>
#include <initializer_list>

#include <fcntl.h>
#include <unistd.h>

namespace berth {

void settle_inheritance() {
    for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) >= 0)
            continue;
        // open() gives the lowest free number, which is this one: those below are taken by now.
        auto wrong_way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        uninterrupted([&] { return ::open("/dev/null", wrong_way); });
    }
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction inherited;
        if (number != SIGHUP && ::sigaction(number, nullptr, &inherited) == 0 && inherited.sa_handler == SIG_IGN)
            std::signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool hang_up_is_ignored() {
    struct sigaction inherited;
    return ::sigaction(SIGHUP, nullptr, &inherited) == 0 && inherited.sa_handler == SIG_IGN;
}

} // namespace berth
