#include "cli/moment.hpp"

#include <charconv>
#include <ctime>
#include <string>

namespace berth::cli {
namespace {

constexpr std::int64_t most_ago = 3650; // of whatever unit: what is more is a slip

std::optional<std::int64_t> ago(std::string_view text) {
    std::int64_t count = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
    auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (ec != std::errc() || count < 0 || count > most_ago * 86'400)
        return std::nullopt;
    std::int64_t seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86'400 : 0;
    if (seconds == 0 || count * seconds > most_ago * 86'400)
        return std::nullopt;
    return count * seconds * 1000;
}

/// The whole text by one of the formats of strptime(3).
bool reads(const std::string& text, std::initializer_list<const char*> formats, std::tm& into) {
    for (auto* format : formats) {
        auto trial = into;
        auto* end = ::strptime(text.c_str(), format, &trial);
        if (end && *end == '\0') {
            into = trial;
            return true;
        }
    }
    return false;
}

std::optional<std::int64_t> moment_of(std::tm parts, bool utc) {
    parts.tm_isdst = -1; // whatever is so there and then
    auto seconds = utc ? ::timegm(&parts) : ::mktime(&parts);
    if (seconds < 0)
        return std::nullopt;
    return std::int64_t{seconds} * 1000;
}

} // namespace

std::optional<std::int64_t> parse_moment(std::string_view text, std::int64_t now_ms) {
    if (auto length = ago(text))
        return now_ms - *length;
    std::string whole(text);
    std::time_t now = now_ms / 1000;
    std::tm today{};
    ::localtime_r(&now, &today);
    today.tm_sec = 0;
    if (reads(whole, {"%H:%M", "%H:%M:%S"}, today)) {
        auto at = moment_of(today, false);
        if (at && *at > now_ms) {
            today.tm_mday -= 1; // mktime knows the day before the first
            at = moment_of(today, false);
        }
        return at;
    }
    bool utc = whole.ends_with('Z');
    if (utc)
        whole.pop_back();
    std::tm day{};
    if (!reads(whole, {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"}, day))
        return std::nullopt;
    return moment_of(day, utc);
}

} // namespace berth::cli
