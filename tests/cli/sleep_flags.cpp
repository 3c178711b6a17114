#include "cli/sleep_flags.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(sleep_flags)

BOOST_AUTO_TEST_CASE(how_long_nobody_was_connected) {
    const std::pair<std::string_view, seconds> rows[] = {
        {"1s", seconds(1)},    {"90s", seconds(90)},           {"30m", seconds(1800)},
        {"1h", seconds(3600)}, {"8760h", seconds(31'536'000)},
    };
    for (auto& [text, expected] : rows)
        BOOST_TEST((*parse_sleep_after(text) == expected), text);
    BOOST_TEST((parse_sleep_after("never").has_value() && !*parse_sleep_after("never")));
    for (auto* text : {"", "0s", "-1h", "+1h", "1", "1d", "1.5h", "1 h", "h", "Never", "8761h", "99999999999999999999s",
                       "1h30m", "\x1b[2J"}) {
        auto refused = parse_sleep_after(text);
        BOOST_REQUIRE_MESSAGE(refused.has_error(), text);
        BOOST_TEST(refused.error().code == exit_code::usage);
        BOOST_TEST(refused.error().text.find("90s, 30m or 1h, up to 8760h, or never") != std::string::npos);
        BOOST_TEST(refused.error().text.find('\x1b') == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(how_much_memory_stays_available) {
    const std::pair<std::string_view, int> rows[] = {{"0", 0}, {"10", 10}, {"10%", 10}, {"100%", 100}};
    for (auto& [text, expected] : rows)
        BOOST_TEST(*parse_memory_floor(text) == expected, text);
    for (auto* text : {"", "101", "-1", "%", "10 %", "10%%", "1.5", "ten"}) {
        auto refused = parse_memory_floor(text);
        BOOST_REQUIRE_MESSAGE(refused.has_error(), text);
        BOOST_TEST(refused.error().code == exit_code::usage);
        BOOST_TEST(refused.error().text.find("from 0 to 100") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
