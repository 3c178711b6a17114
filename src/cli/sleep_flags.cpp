#include "cli/sleep_flags.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace berth::cli {
namespace {

constexpr std::chrono::seconds longest = std::chrono::hours(24 * 365);

/// The number that the text begins with, which `rest` follows; none where there is none.
std::optional<long long> number(std::string_view text, std::string_view& rest) {
    long long value = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || value < 0)
        return std::nullopt;
    rest = text.substr(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<std::chrono::seconds> duration(std::string_view text) {
    std::string_view unit;
    auto count = number(text, unit);
    long long seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    if (!count || seconds == 0 || *count == 0 || *count > longest.count() / seconds)
        return std::nullopt;
    return std::chrono::seconds(*count * seconds);
}

} // namespace

outcome<std::optional<std::chrono::seconds>> parse_sleep_after(std::string_view text) {
    if (text == "never")
        return std::optional<std::chrono::seconds>();
    if (auto after = duration(text))
        return after;
    return usage_error(
        fmt::format("--sleep-after: must be like 90s, 30m or 1h, up to 8760h, or never; not \"{}\"", visible(text)));
}

outcome<int> parse_memory_floor(std::string_view text) {
    std::string_view unit;
    auto percent = number(text, unit);
    if (percent && *percent <= 100 && (unit.empty() || unit == "%"))
        return static_cast<int>(*percent);
    return usage_error(
        fmt::format("--memory-floor: must be a percentage from 0 to 100, like 10; not \"{}\"", visible(text)));
}

} // namespace berth::cli
