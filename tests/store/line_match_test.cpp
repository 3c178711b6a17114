#include "store/line_match.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(line_match_suite)

BOOST_AUTO_TEST_CASE(a_text_or_an_expression) {
    struct {
        std::string grep;
        bool regex;
        std::string_view line;
        bool expected;
    } rows[] = {
        {"", false, "x\n", true},          {"a.c", false, "abc\n", false}, {"a.c", false, "a.c\n", true},
        {"", true, "x\n", true},           {"a.c", true, "xabcx\n", true}, {"^a.c$", true, "abc\n", true},
        {"^a.c$", true, "xabc\n", false},  {"(?i)ERR", true, "an error\n", true},
        {"c$", true, "abc", true},         {"x", true, "\xff\xfe x\n", true},
        {"caf\u00e9?", true, "caf\u00e9\n", true},
    };
    for (auto& r : rows)
        BOOST_TEST(line_match::make(r.grep, r.regex).value()(r.line) == r.expected, r.grep << " in " << r.line);
}

BOOST_AUTO_TEST_CASE(what_is_no_expression_is_said_in_words) {
    for (std::string bad : {"(", "[", "(?<x", "\\1", "a**", "(a{1000}){1000}"}) {
        auto made = line_match::make(bad, true);
        BOOST_REQUIRE(made.has_error());
        BOOST_TEST((made.error().code == errc::invalid_request));
        BOOST_TEST(made.error().detail.starts_with("grep: is no regular expression"));
    }
}

/// Backtracking would take 2^30 steps for it.
BOOST_AUTO_TEST_CASE(no_expression_takes_more_than_time_in_proportion) {
    auto evil = line_match::make("(a|aa)+$", true).value();
    BOOST_TEST(!evil(std::string(100'000, 'a') + "b"));
}

BOOST_AUTO_TEST_SUITE_END()
