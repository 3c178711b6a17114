#include "machine/exit_descriptor.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace berth;

namespace {

/// A child that ends with code 7 when it is told to.
struct obedient_child {
    int pid = 0, tell = -1;

    obedient_child() {
        int ends[2];
        BOOST_REQUIRE(::pipe(ends) == 0);
        pid = ::fork();
        if (pid == 0) {
            ::close(ends[1]);
            char word;
            while (::read(ends[0], &word, 1) < 0) {
            }
            ::_exit(7);
        }
        ::close(ends[0]);
        tell = ends[1];
        ::fcntl(tell, F_SETFD, FD_CLOEXEC);
    }
    ~obedient_child() {
        end();
        if (pid > 0)
            reap();
    }
    void end() {
        if (tell >= 0)
            ::close(std::exchange(tell, -1));
    }
    int reap() {
        int status = 0;
        BOOST_TEST(::waitpid(std::exchange(pid, 0), &status, 0) > 0);
        return status;
    }
};

bool readable(const unique_fd& descriptor, int patience_ms) {
    pollfd look{descriptor.get(), POLLIN, 0};
    return ::poll(&look, 1, patience_ms) == 1;
}

constexpr int long_enough = 10'000; // ms; a test that waits for it fails

} // namespace

BOOST_AUTO_TEST_SUITE(exit_descriptors)

BOOST_AUTO_TEST_CASE(readable_at_the_end_and_the_code_is_still_there) {
    for (auto* open : {open_exit, open_exit_by_thread}) {
        obedient_child child;
        auto ended = open(child.pid);
        BOOST_REQUIRE(static_cast<bool>(ended));
        BOOST_TEST((::fcntl(ended.get(), F_GETFD) & FD_CLOEXEC) != 0);
        BOOST_TEST(!readable(ended, 0));
        child.end();
        BOOST_TEST(readable(ended, long_enough));
        auto status = child.reap();
        BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 7));
        BOOST_TEST(readable(ended, 0));
    }
}

BOOST_AUTO_TEST_CASE(a_child_that_has_ended_already) {
    for (auto* open : {open_exit, open_exit_by_thread}) {
        obedient_child child;
        auto first = open(child.pid);
        child.end();
        BOOST_REQUIRE(readable(first, long_enough)); // a zombie by now
        auto ended = open(child.pid);
        BOOST_REQUIRE(static_cast<bool>(ended));
        BOOST_TEST(readable(ended, long_enough));
    }
}

BOOST_AUTO_TEST_CASE(one_for_each_of_many) {
    for (auto* open : {open_exit, open_exit_by_thread}) {
        obedient_child first, second;
        auto end_of_first = open(first.pid), end_of_second = open(second.pid);
        first.end();
        BOOST_TEST(readable(end_of_first, long_enough));
        BOOST_TEST(!readable(end_of_second, 0));
        second.end();
        BOOST_TEST(readable(end_of_second, long_enough));
    }
}

BOOST_AUTO_TEST_SUITE_END()
