#include "temp_root.hpp"

#include "store/root_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

using namespace berth;
using namespace berth::test;

extern char** environ;

namespace {

mode_t mode_of(const fs::path& path) {
    struct stat s;
    BOOST_REQUIRE(::stat(path.c_str(), &s) == 0);
    return s.st_mode & 0777;
}

/// HOME as the test wants it, as long as this lives.
class home_at {
public:
    explicit home_at(const fs::path& path) {
        if (auto* before = std::getenv("HOME"))
            before_ = before;
        ::setenv("HOME", path.c_str(), 1);
    }
    home_at(const home_at&) = delete;
    ~home_at() {
        if (before_)
            ::setenv("HOME", before_->c_str(), 1);
        else
            ::unsetenv("HOME");
    }

private:
    std::optional<std::string> before_;
};

bool contains(const std::string& text, std::string_view piece) { return text.find(piece) != std::string::npos; }

/// A child that does nothing until it is ended, which it is.
class idle_child {
public:
    explicit idle_child(bool in_root, const fs::path& at) {
        pid_ = ::fork();
        if (pid_ == 0) {
            auto opened = in_root ? root_folder::open(at) : result<root_folder>(error{});
            char done = in_root == opened.has_value() ? 'y' : 'n';
            (void)!::write(ready_[1], &done, 1);
            for (;;)
                ::pause();
        }
        char done = 0;
        BOOST_REQUIRE(::read(ready_[0], &done, 1) == 1);
        BOOST_REQUIRE(done == 'y');
    }
    ~idle_child() { end(); }
    void end() {
        if (pid_ <= 0)
            return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    pid_t pid() const { return pid_; }

private:
    struct pipe_ends {
        int fd[2];
        pipe_ends() { BOOST_REQUIRE(::pipe2(fd, O_CLOEXEC) == 0); }
        ~pipe_ends() {
            ::close(fd[0]);
            ::close(fd[1]);
        }
        int operator[](int i) const { return fd[i]; }
    };
    pipe_ends ready_;
    pid_t pid_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(root_folder_suite)

BOOST_AUTO_TEST_CASE(makes_what_is_missing) {
    temp_folder folder;
    auto root = folder.path() / "deep/down/berth";
    auto opened = root_folder::open(root);
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->path() == root);
    BOOST_TEST((names_in(root) == std::vector<std::string>{".berth", "created-apps", "logs"}));
    BOOST_TEST(
        (names_in(root / ".berth") == std::vector<std::string>{"backups", "journal", "lock", "templates", "trash"}));
    BOOST_TEST(mode_of(root / ".berth") == 0700u);
    BOOST_TEST((mode_of(root / "created-apps") & 0700) == 0700u);
}

BOOST_AUTO_TEST_CASE(its_path_holds_no_links) {
    temp_folder folder;
    fs::create_directory(folder.path() / "real");
    fs::create_directory_symlink("real", folder.path() / "link");
    auto opened = root_folder::open(folder.path() / "link" / ".");
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->path() == folder.path() / "real");
}

BOOST_AUTO_TEST_CASE(a_second_server_is_told_of_the_first) {
    temp_folder folder;
    home_at elsewhere("/nonexistent");
    auto first = root_folder::open(folder.path());
    BOOST_REQUIRE(first.has_value());
    auto pid = std::to_string(::getpid());
    auto second = root_folder::open(folder.path());
    BOOST_REQUIRE(second.has_error());
    BOOST_TEST((second.error().code == errc::storage_failed));
    BOOST_TEST(
        second.error().detail.starts_with("another berth (pid " + pid + ") already serves " + folder.path().native()));
    first->announce("http://localhost:3099");
    second = root_folder::open(folder.path());
    BOOST_TEST(
        second.error().detail.starts_with("another berth (pid " + pid + ", http://localhost:3099) already serves "));
}

BOOST_AUTO_TEST_CASE(the_home_folder_is_written_short) {
    temp_folder folder;
    home_at here(folder.path());
    auto first = root_folder::open(folder.path() / "berth");
    auto second = root_folder::open(folder.path() / "berth");
    BOOST_REQUIRE(second.has_error());
    BOOST_TEST(contains(second.error().detail, "already serves ~/berth."));
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_in_the_lock_is_not_read_out) {
    temp_folder folder;
    fs::create_directory(folder.path() / ".berth");
    write_text(folder.path() / ".berth/lock", "4194304\nhttp://localhost:65535/a/longer/text/than/the/next\n");
    auto first = root_folder::open(folder.path());
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(read_text(folder.path() / ".berth/lock") == std::to_string(::getpid()) + "\n");
}

BOOST_AUTO_TEST_CASE(the_lock_ends_with_its_owner_and_with_a_killed_process) {
    temp_folder folder;
    { BOOST_TEST(root_folder::open(folder.path()).has_value()); }
    idle_child server(true, folder.path());
    auto refused = root_folder::open(folder.path());
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(contains(refused.error().detail, "pid " + std::to_string(server.pid())));
    server.end();
    BOOST_TEST(root_folder::open(folder.path()).has_value());
}

BOOST_AUTO_TEST_CASE(a_started_program_does_not_hold_the_lock) {
    temp_folder folder;
    pid_t pid = 0;
    {
        auto first = root_folder::open(folder.path());
        BOOST_REQUIRE(first.has_value());
        char name[] = "sleep", time[] = "60";
        char* arguments[] = {name, time, nullptr};
        BOOST_REQUIRE(::posix_spawnp(&pid, "sleep", nullptr, nullptr, arguments, environ) == 0);
    }
    BOOST_TEST(root_folder::open(folder.path()).has_value());
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

BOOST_AUTO_TEST_CASE(a_root_that_cannot_be_one_is_refused_in_words) {
    temp_folder folder;
    auto refused_for = [&](const fs::path& root, std::string_view why) {
        auto opened = root_folder::open(root);
        BOOST_REQUIRE(opened.has_error());
        auto detail = opened.error().detail;
        BOOST_TEST((opened.error().code == errc::storage_failed));
        BOOST_TEST(contains(detail, root.native()), detail);
        BOOST_TEST(contains(detail, why), detail);
        BOOST_TEST(contains(detail, "--root"), detail);
    };
    write_text(folder.path() / "file", "");
    refused_for(folder.path() / "file", "Not a directory");
    refused_for(folder.path() / "file/below", "Not a directory");
    refused_for("/proc/self/berth", "");

    auto linked = folder.path() / "linked";
    fs::create_directories(linked);
    fs::create_directories(folder.path() / "outside");
    fs::create_directory_symlink("../outside", linked / "created-apps");
    refused_for(linked, "must be a folder, not a file or a symbolic link");
    BOOST_TEST(fs::is_empty(folder.path() / "outside"));

    if (::geteuid() != 0) {
        auto read_only = folder.path() / "read-only";
        fs::create_directory(read_only);
        ::chmod(read_only.c_str(), 0500);
        refused_for(read_only, "Permission denied");
    }
}

BOOST_AUTO_TEST_SUITE_END()
