#include "store/line_gatherer.hpp"

#include "store/log_tail.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

namespace {

log_query first(std::size_t lines, std::string grep = {}) {
    return {.lines = lines, .after = 0, .grep = std::move(grep)};
}
log_query last(std::size_t lines, std::string grep = {}) { return {.lines = lines, .grep = std::move(grep)}; }
line_match holding(std::string text) { return line_match::make(std::move(text), false).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(line_gatherer_suite)

BOOST_AUTO_TEST_CASE(the_lines_asked_for_and_where_to_go_on) {
    struct {
        std::string_view text;
        log_query query;
        std::size_t limit;
        std::string_view expected;
        std::uint64_t next;
    } rows[] = {
        {"", first(5), 100, "", 0},
        {"a\nb\nc\n", first(5), 100, "a\nb\nc\n", 6},
        {"a\nb\nc\n", first(2), 100, "a\nb\n", 4},
        {"a\nb\nc\n", first(0), 100, "", 0},
        {"a\nb\nc\n", last(2), 100, "b\nc\n", 6},
        {"a\nb\nc\n", last(0), 100, "", 6},
        {"a\nb\nunfinished", first(5), 100, "a\nb\nunfinished", 14},
        {"a\nb\nunfinished", last(1), 100, "unfinished", 14},
        // Only what holds the words; what does not is passed over for good, but for a line that goes on.
        {"ab\nb\nabc\nx\n", first(5, "ab"), 100, "ab\nabc\n", 11},
        {"ab\nb\nabc\nx\n", first(1, "ab"), 100, "ab\n", 5},
        {"ab\nb\nabc\nx\n", last(1, "ab"), 100, "abc\n", 11},
        {"x\nunfinished", first(5, "x"), 100, "x\n", 2},
        {"x\nunfinished", first(5, "fin"), 100, "unfinished", 12},
        {"x\nunfinished", last(5, "y"), 100, "", 2},
        // Bounds, in bytes.
        {"aaa\nbbb\nccc\n", first(5), 8, "aaa\nbbb\n", 8},
        {"aaa\nbbb\nccc\n", first(5), 7, "aaa\n", 4},
        {"aaa\nbbb\nccc\n", last(5), 8, "bbb\nccc\n", 12},
        {"aaaaaaaaaa\nb\n", first(5), 4, "aaaa", 4},
        {"aaaaaaaaaa\nb\n", last(1), 4, "b\n", 13},
        // An unfinished character waits for its rest.
        {"a\nb\xe2\x9c", first(5), 100, "a\nb", 3},
        {"a\nb\xe2\x9c", last(1), 100, "b", 3},
        {"a\n\xe2\x9c", last(1), 100, "a\n", 2},
    };
    for (auto& r : rows)
        for (std::size_t piece = 1; piece <= r.text.size() + 1; ++piece) { // the same however the bytes come
            line_gatherer g(holding(r.query.grep), r.query.lines, r.query.after.has_value(), 0, r.limit);
            for (auto rest = r.text; !rest.empty() && !g.full(); rest.remove_prefix(std::min(piece, rest.size())))
                g.feed(rest.substr(0, piece));
            auto found = g.finish();
            BOOST_TEST(found.bytes == r.expected, r.text << " in pieces of " << piece);
            BOOST_TEST(found.next == r.next, r.text << " in pieces of " << piece);
        }
}

BOOST_AUTO_TEST_CASE(offsets_count_from_where_it_begins) {
    line_gatherer g(holding(""), 1, true, 1000, 100);
    g.feed("one\ntwo\n");
    BOOST_TEST(g.full());
    BOOST_TEST(g.finish().next == 1004u);
}

BOOST_AUTO_TEST_CASE(unfinished_characters) {
    struct {
        std::string_view text;
        std::size_t bytes;
    } rows[] = {{"", 0},         {"a", 0},        {"\xc3\xa9", 0},     {"a\xc3", 1},
                {"\xe2", 1},     {"\xe2\x9c", 2}, {"\xe2\x9c\x93", 0}, {"\xf0\x9f\x98", 3},
                {"\xf0\x9f", 2}, {"\xff", 0},     {"\x80", 0},         {"\x80\x80\x80", 0},
                {"\xc1", 0},     {"\xf5", 0}};
    for (auto& r : rows)
        BOOST_TEST(unfinished_character(r.text) == r.bytes, r.text);
}

BOOST_AUTO_TEST_SUITE_END()
