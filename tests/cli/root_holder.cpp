#include "cli/root_holder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace berth;
using namespace berth::cli;

namespace fs = std::filesystem;

namespace {

/// A root, and what may stand in its lock.
struct root_world {
    fs::path root;

    root_world() {
        std::string name = (fs::temp_directory_path() / "berth-holder-XXXXXX").native();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        root = name;
    }
    ~root_world() { fs::remove_all(root); }

    fs::path lock() const { return root / ".berth/lock"; }
    void say(const std::string& text) {
        fs::create_directory(root / ".berth");
        std::ofstream(lock()) << text;
    }
    outcome<std::optional<root_holder>> holder() { return root_holder::of(root); }
};

/// A process that has the lock, as a server has it, until it is told to end.
struct locking_child {
    int pid = 0;

    explicit locking_child(root_world& world, const std::string& says_before_pid = "") {
        world.say("");
        int ready[2];
        BOOST_REQUIRE(::pipe(ready) == 0);
        pid = ::fork();
        if (pid == 0) {
            int fd = ::open(world.lock().c_str(), O_RDWR);
            ::flock(fd, LOCK_EX);
            auto text =
                says_before_pid.empty() ? std::to_string(::getpid()) + "\nhttp://localhost:4000\n" : says_before_pid;
            bool done = ::write(fd, text.data(), text.size()) > 0 && ::write(ready[1], "y", 1) == 1;
            while (done)
                ::pause();
            ::_exit(1);
        }
        ::close(ready[1]);
        char word = 0;
        BOOST_REQUIRE(::read(ready[0], &word, 1) == 1);
        ::close(ready[0]);
    }
    ~locking_child() {
        if (pid > 0)
            ::kill(pid, SIGKILL), reap();
    }
    int reap() {
        int status = 0;
        ::waitpid(std::exchange(pid, 0), &status, 0);
        return status;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(root_holders, root_world)

BOOST_AUTO_TEST_CASE(nobody) {
    BOOST_TEST(!holder().value());
    say("");
    BOOST_TEST(!holder().value());
    say(std::to_string(::getpid()) + "\n"); // a stale lock, whose pid is somebody's now
    BOOST_TEST(!holder().value());
}

BOOST_AUTO_TEST_CASE(a_server_is_held_and_ended) {
    locking_child server(*this);
    auto found = holder();
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->has_value());
    BOOST_TEST((*found)->pid() == server.pid);
    BOOST_TEST((*found)->url() == "http://localhost:4000");
    BOOST_TEST(!(*found)->has_ended());
    BOOST_TEST((*found)->ask_to_end().has_value());
    auto status = server.reap();
    BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
    BOOST_TEST((*found)->has_ended());
    BOOST_TEST((*found)->ask_to_end().has_value()); // again: it is ended already
    BOOST_TEST(!holder().value());
}

BOOST_AUTO_TEST_CASE(who_is_named_and_has_it_not_open_is_nobodys_server) {
    for (auto& text : {std::to_string(::getppid()) + "\n", std::string("1\n"), std::string("nonsense\n")}) {
        locking_child server(*this, text);
        auto found = holder();
        BOOST_REQUIRE_MESSAGE(found.has_error(), text);
        BOOST_TEST(found.error().text.find("somebody has the lock of ") == 0u, found.error().text);
    }
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_no_file) {
    fs::create_directories(lock());
    BOOST_TEST(!holder().value());
    fs::remove(lock());
    fs::create_symlink("/dev/null", lock());
    BOOST_TEST(holder().has_error());
}

BOOST_AUTO_TEST_SUITE_END()
