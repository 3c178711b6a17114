#include "core/clock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>

namespace berth {

std::string iso_time(std::int64_t ms) {
    std::time_t seconds = ms / 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                       utc.tm_hour, utc.tm_min, utc.tm_sec, ms % 1000);
}

std::optional<std::int64_t> parse_iso_time(const std::string& text) {
    std::tm utc{};
    int ms = 0, read = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &utc.tm_year, &utc.tm_mon, &utc.tm_mday,
                    &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &ms, &read) != 7 ||
        static_cast<std::size_t>(read) != text.size())
        return {};
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    return std::int64_t{timegm(&utc)} * 1000 + ms;
}

} // namespace berth
