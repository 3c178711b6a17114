#define BOOST_TEST_MODULE berth
#include <boost/test/unit_test.hpp>

#include <csignal>

// The server ignores SIGPIPE (a write to a child that has died must be an error, not an end); so do its tests.
struct ignore_sigpipe {
    ignore_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }
};
BOOST_TEST_GLOBAL_FIXTURE(ignore_sigpipe);
