#include "core/process_exit.hpp"

#include "core/descriptors.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace berth;

namespace {

/// A child that lives until told.
struct child {
    std::array<int, 2> told{};
    pid_t pid = -1;

    child() {
        BOOST_REQUIRE(::pipe(told.data()) == 0);
        pid = ::fork();
        if (pid == 0) {
            char byte;
            ::close(told[1]);
            ::_exit(::read(told[0], &byte, 1) == 1 ? 7 : 1);
        }
        ::close(told[0]);
    }
    ~child() {
        if (told[1] >= 0)
            ::close(told[1]);
    }
    void tell() {
        BOOST_REQUIRE(::write(told[1], "x", 1) == 1);
        ::close(std::exchange(told[1], -1));
    }
};

bool readable(const unique_fd& fd, int patience_ms) {
    pollfd one{fd.get(), POLLIN, 0};
    return ::poll(&one, 1, patience_ms) == 1;
}

void ends_and_is_seen(unique_fd (*watch)(int)) {
    child one;
    auto exit = watch(one.pid);
    BOOST_REQUIRE(exit);
    BOOST_TEST((::fcntl(exit.get(), F_GETFD) & FD_CLOEXEC) != 0);
    BOOST_TEST(!readable(exit, 0));
    one.tell();
    BOOST_TEST(readable(exit, 60'000));
    int status = 0;
    BOOST_TEST(::waitpid(one.pid, &status, 0) == one.pid); // the status is still there for whoever asks
    BOOST_TEST(WEXITSTATUS(status) == 7);
}

} // namespace

BOOST_AUTO_TEST_SUITE(children)

BOOST_AUTO_TEST_CASE(the_end_is_seen) { ends_and_is_seen(watch_exit); }

BOOST_AUTO_TEST_CASE(the_end_is_seen_without_a_pidfd) { ends_and_is_seen(watch_exit_by_thread); }

BOOST_AUTO_TEST_CASE(an_end_before_the_watch_is_seen) {
    child one;
    one.tell();
    siginfo_t how;
    BOOST_REQUIRE(::waitid(P_PID, static_cast<id_t>(one.pid), &how, WEXITED | WNOWAIT) == 0);
    auto exit = watch_exit_by_thread(one.pid);
    BOOST_TEST(readable(exit, 60'000));
    BOOST_TEST(::waitpid(one.pid, nullptr, 0) == one.pid);
}

BOOST_AUTO_TEST_CASE(descriptors_are_kept_from_children) {
    for (auto keep : {keep_from_children, keep_from_children_by_walking}) {
        std::array<int, 2> inherited{};
        BOOST_REQUIRE(::pipe(inherited.data()) == 0);
        unique_fd first(inherited[0]), second(::fcntl(inherited[1], F_DUPFD, 200));
        ::close(inherited[1]);
        keep(second.get());
        BOOST_TEST((::fcntl(first.get(), F_GETFD) & FD_CLOEXEC) == 0);
        BOOST_TEST((::fcntl(second.get(), F_GETFD) & FD_CLOEXEC) != 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
