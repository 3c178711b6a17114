#include "cli/console.hpp"

#include "cli/prompt.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>

using namespace berth::cli;

namespace {

/// A pipe, for what is written to be read back. Nothing here writes more than it holds.
class pipe_pair {
public:
    pipe_pair() { BOOST_REQUIRE(::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) == 0); }
    ~pipe_pair() {
        ::close(ends_[1]);
        close_reader();
    }
    pipe_pair(const pipe_pair&) = delete;
    pipe_pair& operator=(const pipe_pair&) = delete;
    int writer() const { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0)
            ::close(ends_[0]);
        ends_[0] = -1;
    }
    std::string read() {
        std::string all(65536, ' ');
        auto n = ::read(ends_[0], all.data(), all.size());
        all.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return all;
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

struct console_world {
    pipe_pair out, err;
    int ended = -1;
    console make(bool terminals) {
        terminal facts{terminals, terminals, terminals, true};
        return console(out.writer(), err.writer(), facts, [this](int code) { ended = code; });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(consoles, console_world)

BOOST_AUTO_TEST_CASE(results_and_what_is_said_beside_them) {
    auto c = make(false);
    c.print("result\n");
    c.note("careful\x1b[2J");
    BOOST_TEST(c.fail({exit_code::no_server, "no server"}) == 3);
    BOOST_TEST(out.read() == "result\n");
    BOOST_TEST(err.read() == "berth: careful\uFFFD[2J\nberth: no server\n");
}

BOOST_AUTO_TEST_CASE(a_failure_for_programs_is_a_document) {
    auto c = make(false);
    auto why = failed("no");
    why.problem = R"({"code":"name_taken"})";
    BOOST_TEST(c.fail_json(why) == 1);
    BOOST_TEST(err.read() == "{\"code\":\"name_taken\"}\n");
}

BOOST_AUTO_TEST_CASE(yes_in_all_its_ways) {
    for (auto* yes : {"y", "Y", "yes", "Yes", "YES", " yes ", "y\r"})
        BOOST_TEST(means_yes(yes), yes);
    for (auto* no : {"", " ", "n", "no", "yess", "ja", "y y"})
        BOOST_TEST(!means_yes(no), no);
}

BOOST_AUTO_TEST_CASE(the_error_is_the_last_line) {
    auto c = make(false);
    auto why = failed("it failed");
    why.quoted = "npm \x1b[31merror\nmore\n";
    c.fail(why);
    BOOST_TEST(err.read() == "  | npm error\n  | more\nberth: it failed\n");
}

BOOST_AUTO_TEST_CASE(json_is_the_servers_own_but_not_on_a_terminal) {
    {
        auto c = make(false);
        c.print_json("{\"a\":\"\u009b\"}");
    }
    BOOST_TEST(out.read() == "{\"a\":\"\u009b\"}\n");
    {
        auto c = make(true);
        c.print_json("{\"a\":\"\u009b\"}");
    }
    BOOST_TEST(out.read() == "{\"a\":\"\\u009b\"}\n");
}

BOOST_AUTO_TEST_CASE(progress_is_nothing_without_a_terminal) {
    auto c = make(false);
    c.progress("one");
    c.progress("one");
    c.progress("two\x1b[2J");
    c.end_progress();
    BOOST_TEST(err.read() == "");
}

BOOST_AUTO_TEST_CASE(progress_is_one_line_on_a_terminal) {
    {
        auto c = make(true);
        c.progress(std::string(200, 'x'));
        c.print("done\n");
        c.progress("again");
    }
    BOOST_TEST(err.read() == "\r\x1b[K" + std::string(78, 'x') + "…\r\x1b[K\r\x1b[Kagain\r\x1b[K");
    BOOST_TEST(out.read() == "done\n");
}

BOOST_AUTO_TEST_CASE(a_live_table_is_written_in_its_own_place) {
    auto c = make(true);
    c.redraw("a\nb\n");
    c.redraw("c\n");
    BOOST_TEST(out.read() == "a\nb\n\x1b[2A\r\x1b[Jc\n");
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_gone_is_a_quiet_end) {
    auto c = make(false);
    out.close_reader();
    c.print("x");
    c.print("y");
    BOOST_TEST(ended == exit_code::done);
    BOOST_TEST(err.read() == "");
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_a_failure) {
    int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    BOOST_REQUIRE(full >= 0);
    {
        console c(full, err.writer(), {}, [this](int code) { ended = code; });
        c.print("x");
    }
    ::close(full);
    BOOST_TEST(ended == exit_code::failed);
    BOOST_TEST(err.read() == "berth: the output could not be written: No space left on device\n");
}

BOOST_AUTO_TEST_SUITE_END()
