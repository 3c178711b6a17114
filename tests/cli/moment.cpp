#include "cli/moment.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <ctime>

using namespace berth::cli;

BOOST_AUTO_TEST_SUITE(moment)

BOOST_AUTO_TEST_CASE(as_people_type_it) {
    ::setenv("TZ", "UTC-2", 1); // two hours before Greenwich, POSIX writes it the other way round
    ::tzset();
    constexpr std::int64_t now = 1769869800000; // 2026-01-31T14:30:00Z, 16:30 here
    constexpr std::int64_t minute = 60'000, hour = 60 * minute;
    struct {
        std::string_view text;
        std::optional<std::int64_t> expected;
    } rows[] = {
        {"0s", now},
        {"90s", now - 90'000},
        {"10m", now - 10 * minute},
        {"2h", now - 2 * hour},
        {"1d", now - 24 * hour},
        {"16:30", now},
        {"16:29", now - minute},
        {"16:29:30", now - minute / 2},
        {"16:31", now + minute - 24 * hour}, // yesterday
        {"00:00", now - 16 * hour - 30 * minute},
        {"2026-01-31T14:30Z", now},
        {"2026-01-31T16:30", now},
        {"2026-01-31 16:30:05", now + 5'000},
        {"2026-01-31", now - 16 * hour - 30 * minute},
        {"", {}},
        {"10", {}},
        {"m", {}},
        {"-1m", {}},
        {"10 m", {}},
        {"1w", {}},
        {"99999999999d", {}},
        {"4000d", {}},
        {"25:00", {}},
        {"yesterday", {}},
        {"2026-01-31T14:30ZZ", {}},
        {"2026-13-01", {}},
    };
    for (auto& r : rows)
        BOOST_TEST((parse_moment(r.text, now) == r.expected), r.text << " is " << parse_moment(r.text, now).value_or(-1));
    ::unsetenv("TZ");
    ::tzset();
}

BOOST_AUTO_TEST_SUITE_END()
