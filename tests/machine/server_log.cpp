#include "machine/server_log.hpp"

#include "core/unique_fd.hpp"
#include "machine/background_writer.hpp"
#include "support/reactor.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace berth;
using namespace berth::test;

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Two descriptors in place of stdout and stderr, and a log that they lead to.
struct log_world {
    temp_folder folder;
    fs::path file = folder.path() / "server.log";
    unique_fd out{::open("/dev/null", O_WRONLY | O_CLOEXEC)}, err{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    server_log log{{err.get(), out.get()}, 100};

    void write(const std::string& text) {
        log.make_room(text.size());
        BOOST_REQUIRE(::write(err.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    bool lead_to(const fs::path& path) {
        struct stat wanted {
        }, is{}, also{};
        return ::stat(path.c_str(), &wanted) == 0 && ::fstat(out.get(), &is) == 0 && ::fstat(err.get(), &also) == 0 &&
               wanted.st_ino == is.st_ino && wanted.st_ino == also.st_ino;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(server_logs, log_world)

BOOST_AUTO_TEST_CASE(both_descriptors_lead_to_the_file_which_is_its_owners) {
    write("before it is open\n");
    BOOST_REQUIRE(log.open(file).has_value());
    BOOST_TEST(lead_to(file));
    write("first\n");
    BOOST_REQUIRE(log.open(file).has_value()); // another server: what is there stays
    write("second\n");
    BOOST_TEST(text_of(file) == "first\nsecond\n");
    struct stat what {};
    BOOST_REQUIRE(::stat(file.c_str(), &what) == 0);
    BOOST_TEST((what.st_mode & 0777) == 0600);
}

BOOST_AUTO_TEST_CASE(it_is_bounded_and_one_older_is_kept) {
    BOOST_REQUIRE(log.open(file).has_value());
    std::string line(39, 'x');
    for (char each : {'a', 'b', 'c', 'd', 'e'})
        write(line + each + '\n'); // 41 bytes: two of them fit
    BOOST_TEST(text_of(file) == line + "e\n");
    BOOST_TEST(text_of(folder.path() / "server.log.1") == line + "c\n" + line + "d\n");
    BOOST_TEST(lead_to(file));
    auto files = std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
    BOOST_TEST(files == 2);
}

BOOST_AUTO_TEST_CASE(what_is_longer_than_the_limit_has_a_file_of_its_own) {
    BOOST_REQUIRE(log.open(file).has_value());
    write("short\n");
    std::string longer(500, 'y');
    write(longer);
    BOOST_TEST(text_of(file) == longer);
    write("next\n");
    BOOST_TEST(text_of(file) == "next\n");
}

BOOST_AUTO_TEST_CASE(one_that_was_removed_is_begun_anew) {
    BOOST_REQUIRE(log.open(file).has_value());
    write(std::string(90, 'x'));
    fs::remove(file);
    write(std::string(20, 'y'));
    BOOST_TEST(text_of(file) == std::string(20, 'y'));
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_moved_is_emptied) {
    BOOST_REQUIRE(log.open(file).has_value());
    fs::create_directory(folder.path() / "server.log.1");
    write(std::string(90, 'x'));
    write(std::string(20, 'y'));
    BOOST_TEST(text_of(file) == std::string(20, 'y'));
}

BOOST_AUTO_TEST_CASE(what_is_no_file_of_ours_is_refused_and_nothing_changes) {
    fs::create_directory(folder.path() / "folder");
    fs::create_symlink(folder.path() / "elsewhere", folder.path() / "link");
    BOOST_REQUIRE(::mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
    for (auto* name : {"folder", "link", "fifo", "none/server.log"}) {
        auto opened = log.open(folder.path() / name);
        BOOST_REQUIRE_MESSAGE(opened.has_error(), name);
        BOOST_TEST(opened.error().detail.find("cannot be written: ") != std::string::npos, opened.error().detail);
    }
    BOOST_TEST(lead_to("/dev/null"));
    BOOST_TEST(!fs::exists(folder.path() / "elsewhere"));
}

BOOST_AUTO_TEST_CASE(through_a_writer_every_line_is_in_one_of_the_two) {
    server_log bounded({err.get(), out.get()}, 4000);
    BOOST_REQUIRE(bounded.open(file).has_value());
    {
        background_writer writer(err.get(), 1 << 20, [&](std::size_t bytes) { bounded.make_room(bytes); });
        for (int i = 0; i < 20; ++i) {
            writer.write(std::to_string(i) + std::string(198, '.') + '\n');
            writer.flush(std::chrono::seconds(10));
        }
    }
    auto both = text_of(folder.path() / "server.log.1") + text_of(file);
    BOOST_TEST(both.size() >= 4000u);
    BOOST_TEST(both.ends_with("19" + std::string(198, '.') + '\n'));
}

BOOST_AUTO_TEST_SUITE_END()
