#include "cli/text.hpp"

#include "cli/format.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(widths) {
    struct {
        std::string_view text;
        std::size_t columns;
    } const table[] = {
        {"", 0},
        {"abc", 3},
        {"é", 1},
        {"e\u0301", 1},
        {"漢字", 4},
        {"ｱ", 1},
        {"Ａ", 2},
        {"😀", 2},
        {"한글", 4},
        {"a\u200Db", 2},
        {"\u2026", 1},
        {"\uFFFD", 1},
        {"👍🏽 ok", 2 + 2 + 3},
    };
    for (auto& row : table)
        BOOST_TEST(width_of(row.text) == row.columns, row.text);
}

BOOST_AUTO_TEST_CASE(cuts_at_whole_characters) {
    struct {
        std::string_view text;
        std::size_t columns;
        std::string_view cut;
    } const table[] = {
        {"abc", 3, "abc"},   {"abcd", 3, "ab…"},     {"abc", 0, ""},       {"abc", 1, "…"},
        {"漢字", 4, "漢字"}, {"漢字表", 5, "漢字…"}, {"漢字表", 4, "漢…"}, {"e\u0301xyz", 2, "e\u0301…"},
    };
    for (auto& row : table)
        BOOST_TEST(clipped(row.text, row.columns) == row.cut);
}

BOOST_AUTO_TEST_CASE(pads_by_columns) {
    BOOST_TEST(padded("漢", 4, side::left) == "漢  ");
    BOOST_TEST(padded("漢", 4, side::right) == "  漢");
    BOOST_TEST(padded("abcde", 3, side::left) == "abcde");
}

BOOST_AUTO_TEST_CASE(makes_text_of_others_harmless) {
    struct {
        std::string_view text, shown;
    } const table[] = {
        {"plain name", "plain name"},
        {"a\x1b[31mred", "a\uFFFD[31mred"},
        {"two\nlines\ttab", "two\uFFFDlines tab"},
        {"c1\u009b31m", "c1\uFFFD31m"},
        {"\u202Eevil", "\uFFFDevil"},
        {"bad\xff utf", "bad\uFFFD utf"},
        {"漢字 😀", "漢字 😀"},
        {"\x7f", "\uFFFD"},
    };
    for (auto& row : table)
        BOOST_TEST(visible(row.text) == row.shown);
}

BOOST_AUTO_TEST_CASE(json_keeps_its_value_without_what_a_terminal_obeys) {
    BOOST_TEST(escaped_json("{\"a\":\"\u009b\u202e\x7f漢\"}\n") == "{\"a\":\"\\u009b\\u202e\\u007f漢\"}\n");
}

BOOST_AUTO_TEST_CASE(durations) {
    using namespace std::chrono_literals;
    struct {
        std::chrono::milliseconds time;
        std::string_view shown;
    } const table[] = {
        {-5s, "0s"},   {999ms, "0s"},    {59s, "59s"},        {60s, "1m"},    {61s, "1m 1s"},
        {3600s, "1h"}, {7500s, "2h 5m"}, {86399s, "23h 59m"}, {86400s, "1d"}, {50h, "2d 2h"},
    };
    for (auto& row : table)
        BOOST_TEST(duration_text(row.time) == row.shown);
}

BOOST_AUTO_TEST_CASE(figures) {
    BOOST_TEST(memory_text(0) == "0 MB");
    BOOST_TEST(memory_text(1023) == "1023 MB");
    BOOST_TEST(memory_text(1536) == "1.5 GB");
    BOOST_TEST(percent_text(3.25) == "3.2%");
    BOOST_TEST(percent_text(120) == "120.0%");
}

BOOST_AUTO_TEST_SUITE_END()
