#include "net/live/follower.hpp"

#include "core/names.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace berth;
using namespace berth::net;
using namespace std::chrono_literals;

namespace {

/// A log file, a follower of it, and a client that checks what it is sent and puts it together.
struct scene {
    std::string file;
    std::uint64_t identity = 1;
    follower f;
    follower::clock::time_point now{};
    std::string got;
    std::uint64_t at = 0; // the last `to`
    int messages = 0, resets = 0;

    explicit scene(std::string content, std::optional<std::uint64_t> from = 0, std::uint64_t tail = 65'536)
        : file(std::move(content)), f(from, tail) {}

    log_piece read(std::uint64_t from, std::size_t max) const {
        log_piece p;
        p.file = identity;
        p.size = identity == 0 ? 0 : file.size();
        p.from = from;
        if (from < p.size)
            p.bytes = file.substr(from, max);
        return p;
    }
    void step(std::size_t most = follower::piece) {
        auto range = f.next();
        for (auto& o : f.take(read(range.from, std::min(range.max, most)), now)) {
            if (o.reset) {
                ++resets;
                got.clear();
                at = 0;
                continue;
            }
            BOOST_TEST(is_utf8(o.text));
            BOOST_TEST(o.to >= o.from);
            if (messages++ > 0)
                BOOST_TEST(o.from == at);
            at = o.to;
            got += o.text;
        }
    }
    /// Everything that can be had now.
    void settle(std::size_t most = follower::piece) {
        for (int i = 0; i < 100'000 && (f.more() || f.behind(read(0, 0), now)); ++i)
            step(most);
        BOOST_TEST(!f.more());
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(log_follower)

BOOST_AUTO_TEST_CASE(whole_characters_at_the_end) {
    const std::pair<std::string_view, std::size_t> rows[] = {
        {"", 0},
        {"a", 1},
        {"a\xC3", 1},
        {"a\xC3\xA9", 3},
        {"\xE2\x82", 0},
        {"\xE2", 0},
        {"\xE2\x82\xAC", 3},
        {"x\xF0\x9F\x98", 1},
        {"\xF0\x9F\x98\x80", 4},
        {"\xE2\x28", 2},
        {"\x80", 1},
        {"\x80\x80\x80", 3},
        {"\x80\x80\x80\x80", 4},
        {"\xFF", 1},
        {"\xC0", 1},
        {"\xF0\x80", 2},
        {"\xED\xA0", 2},
        {"\xF5\x80", 2},
        {"\xF4\x90", 2},
        {"\xE2\x82\xAC\xE2", 3},
    };
    for (auto& [bytes, n] : rows)
        BOOST_TEST(whole_characters(bytes) == n, to_utf8(bytes));
}

BOOST_AUTO_TEST_CASE(from_the_start_and_on) {
    scene s("one\n");
    s.settle();
    BOOST_TEST(s.got == "one\n");
    s.file += "two\n";
    BOOST_TEST(s.f.behind(s.read(0, 0), s.now));
    s.settle();
    BOOST_TEST(s.got == "one\ntwo\n");
    BOOST_TEST(s.at == 8u);
    BOOST_TEST(!s.f.behind(s.read(0, 0), s.now));
    BOOST_TEST(s.resets == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_or_missing_file_says_so_once) {
    for (auto from : {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(0)}) {
        scene s("", from);
        s.identity = 0;
        s.settle();
        BOOST_TEST(s.messages == 1);
        BOOST_TEST(s.at == 0u);
        s.settle();
        BOOST_TEST(s.messages == 1);
        s.identity = 9; // it appears
        s.file = "born\n";
        s.settle();
        BOOST_TEST(s.got == "born\n");
        BOOST_TEST(s.resets == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_up_to_date_is_told_so) {
    scene s("12345", 5);
    s.settle();
    BOOST_TEST(s.messages == 1);
    BOOST_TEST(s.at == 5u);
    BOOST_TEST(s.got == "");
}

BOOST_AUTO_TEST_CASE(tails_begin_at_a_line) {
    struct {
        std::string file;
        std::uint64_t tail;
        std::string expected;
    } rows[] = {
        {"one\ntwo\nthree\n", 65'536, "one\ntwo\nthree\n"},
        {"one\ntwo\nthree\n", 14, "one\ntwo\nthree\n"},
        {"one\ntwo\nthree\n", 13, "two\nthree\n"},
        {"one\ntwo\nthree\n", 10, "two\nthree\n"}, // exactly at a line's start
        {"one\ntwo\nthree\n", 9, "three\n"},
        {"one\ntwo\nthree\n", 0, ""},
        {"one\ntwo\nthree\n", 3, "ee\n"}, // no line starts within
        {"no newline at all", 4, " all"},
        {"ééééé", 3, "é"}, // a character's start, not its middle
        {"ééééé", 4, "éé"},
        {"\x80\x80\x80\x80\x80\x80", 5, "\uFFFD\uFFFD"}, // at most three are taken for a character's rest
    };
    for (auto& row : rows) {
        scene s(row.file, std::nullopt, row.tail);
        s.settle();
        BOOST_TEST(s.got == row.expected, row.file << " tail " << row.tail);
        BOOST_TEST(s.at == row.file.size());
        BOOST_TEST(s.messages == 1);
    }
}

BOOST_AUTO_TEST_CASE(an_unfinished_character_waits_for_its_rest) {
    scene s("price: \xE2\x82");
    s.settle();
    BOOST_TEST(s.got == "price: ");
    BOOST_TEST(s.at == 7u);
    s.now += 500ms;
    BOOST_TEST(!s.f.behind(s.read(0, 0), s.now));
    s.file += "\xAC!";
    s.settle();
    BOOST_TEST(s.got == "price: €!");
}

BOOST_AUTO_TEST_CASE(an_unfinished_character_that_stays_is_replaced) {
    scene s("a\xE2\x82");
    s.settle();
    s.now += 1s;
    BOOST_TEST(s.f.behind(s.read(0, 0), s.now));
    s.settle();
    BOOST_TEST(s.got == "a\uFFFD");
    BOOST_TEST(s.at == 3u);
    BOOST_TEST(!s.f.behind(s.read(0, 0), s.now));
    s.file += "b";
    s.settle();
    BOOST_TEST(s.got == "a\uFFFDb");
}

BOOST_AUTO_TEST_CASE(the_second_begins_with_each_new_unfinished_character) {
    scene s("\xE2");
    s.settle();
    s.now += 900ms;
    s.file += "\x82\xAC\xF0";
    s.settle();
    s.now += 900ms;
    BOOST_TEST(!s.f.behind(s.read(0, 0), s.now));
    BOOST_TEST(s.got == "€");
}

BOOST_AUTO_TEST_CASE(truncation_begins_again) {
    scene s("a long first life\n");
    s.settle();
    s.file = "new\n";
    BOOST_TEST(s.f.behind(s.read(0, 0), s.now));
    s.settle();
    BOOST_TEST(s.resets == 1);
    BOOST_TEST(s.got == "new\n");
    BOOST_TEST(s.at == 4u);
}

BOOST_AUTO_TEST_CASE(truncation_to_nothing) {
    scene s("text\n");
    s.settle();
    s.file.clear();
    s.settle();
    BOOST_TEST(s.resets == 1);
    BOOST_TEST(s.at == 0u);
    s.file = "again\n";
    s.settle();
    BOOST_TEST(s.got == "again\n");
    BOOST_TEST(s.resets == 1);
}

BOOST_AUTO_TEST_CASE(rotation_loses_no_byte_of_the_new_file) {
    scene s("old and long enough \xE2");
    s.settle();
    s.identity = 2;
    s.file = "the new file is even longer than the old one was\n";
    s.settle();
    BOOST_TEST(s.resets == 1);
    BOOST_TEST(s.got == s.file);
}

BOOST_AUTO_TEST_CASE(rotation_flushes_an_unfinished_character) {
    scene s("ab\xE2\x82");
    s.settle();
    s.identity = 2;
    s.file = "";
    auto range = s.f.next();
    auto out = s.f.take(s.read(range.from, range.max), s.now);
    BOOST_REQUIRE(out.size() == 2u);
    BOOST_TEST(out[0].text == "\uFFFD");
    BOOST_TEST(out[0].from == 2u);
    BOOST_TEST(out[0].to == 4u);
    BOOST_TEST(out[1].reset);
}

// Berth's own rotation, as the reader shows it: the old file's rest from the archive, then the place in the new one.
BOOST_AUTO_TEST_CASE(a_rotated_file_is_read_to_its_end_first) {
    for (std::uint64_t moved : {10u, 26u, 20u}) { // more than was sent, all of it, less
        const std::string old = "twenty bytes, so far\n";
        scene s(old, 0);
        s.settle();
        auto sent = s.at;
        const std::string whole = old + "more\nand the new file's\n";
        auto read_on = [&](const follower::range& range) {
            log_piece p;
            bool archived = range.file == 1 && range.from < moved;
            p.file = archived ? 1 : 2;
            auto file = archived ? whole.substr(0, moved) : whole.substr(moved);
            p.from = range.file == 1 && !archived ? range.from - moved : range.from;
            p.size = file.size();
            p.bytes = p.from < file.size() ? file.substr(p.from, range.max) : "";
            return p;
        };
        log_piece look;
        look.file = 2;
        look.size = whole.size() - moved;
        std::string got = s.got;
        int resets = 0;
        std::uint64_t at = sent;
        for (int i = 0; i < 10 && (s.f.more() || s.f.behind(look, s.now)); ++i)
            for (auto& o : s.f.take(read_on(s.f.next()), s.now)) {
                if (o.reset) {
                    ++resets;
                    at = sent > moved ? sent - moved : 0;
                    continue;
                }
                BOOST_TEST(o.from == at);
                at = o.to;
                got += o.text;
            }
        BOOST_TEST(got == whole, "moved " << moved);
        BOOST_TEST(resets == 1);
    }
}

BOOST_AUTO_TEST_CASE(an_offset_beyond_the_end_begins_again) {
    scene s("short\n", 500);
    s.settle();
    BOOST_TEST(s.resets == 1);
    BOOST_TEST(s.got == "short\n");
    scene gone("", 500);
    gone.identity = 0;
    gone.settle();
    BOOST_TEST(gone.resets == 1);
    BOOST_TEST(gone.messages == 1);
    BOOST_TEST(gone.at == 0u);
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_between_look_and_read) {
    scene s(std::string(1000, 'x'), std::nullopt, 100);
    s.step(); // looked: begins near 900
    s.file = "fresh\n";
    s.settle();
    BOOST_TEST(s.got == "fresh\n");
    BOOST_TEST(s.resets == 0); // nothing had been sent
}

BOOST_AUTO_TEST_CASE(a_removed_file_and_its_successor) {
    scene s("first\n");
    s.settle();
    s.identity = 0;
    s.settle();
    BOOST_TEST(s.resets == 1);
    s.identity = 5;
    s.file = "second\n";
    s.settle();
    BOOST_TEST(s.got == "second\n");
    BOOST_TEST(s.resets == 1);
}

// Any bytes, appended and read in any pieces, give the text that the whole file gives; a client that comes back at any
// offset it was given misses nothing.
BOOST_AUTO_TEST_CASE(pieces_do_not_show) {
    std::mt19937 random(7);
    const std::string alphabet[] = {"a",    "\n",   "é",        "€",    "😀",           "\xFF",
                                    "\xE2", "\x82", "\xF0\x9F", "\xC0", "\xED\xA0\x80"};
    for (int round = 0; round < 300; ++round) {
        std::string content;
        while (content.size() < 200)
            content += alphabet[random() % std::size(alphabet)];
        content += "end";
        scene s("");
        std::string all;
        std::uint64_t at = 0;
        auto come_back = [&] {
            all += s.got;
            at = s.at;
            auto file = s.file;
            s = scene(file, at);
            s.at = at;
            s.messages = 1;
        };
        for (std::size_t written = 0; written < content.size();) {
            auto more = std::min<std::size_t>(1 + random() % 9, content.size() - written);
            s.file = content.substr(0, written += more);
            s.settle(4 + random() % 7);
            if (random() % 8 == 0)
                come_back();
        }
        all += s.got;
        BOOST_TEST(all == to_utf8(content));
        BOOST_TEST(s.at == content.size());
        if (all != to_utf8(content))
            break;
    }
}

BOOST_AUTO_TEST_SUITE_END()
