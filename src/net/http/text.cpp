#include "net/http/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace berth::net {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// How a byte is written in a JSON string.
constexpr auto escapes = [] {
    std::array<char, 256> all{}; // 0: stands for itself; 'u': as \u00XX
    for (int c = 0; c < 0x20; ++c)
        all[static_cast<std::size_t>(c)] = 'u';
    all['\b'] = 'b', all['\f'] = 'f', all['\n'] = 'n', all['\r'] = 'r', all['\t'] = 't';
    all['"'] = '"', all['\\'] = '\\';
    return all;
}();

} // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
    auto first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t begin = 0, at = 0;; ++at) {
        auto escape = at < text.size() ? escapes[static_cast<unsigned char>(text[at])] : '.';
        if (escape == 0)
            continue;
        out.append(text, begin, at - begin);
        if (at == text.size())
            break;
        begin = at + 1;
        out += '\\';
        out += escape;
        if (escape == 'u') {
            out += "00";
            out += text[at] < 0x10 ? '0' : '1';
            out += "0123456789abcdef"[text[at] & 0xF];
        }
    }
    out += '"';
}

std::size_t json_string_size(std::string_view text) noexcept {
    std::size_t size = 2;
    for (char c : text) {
        auto escape = escapes[static_cast<unsigned char>(c)];
        size += escape == 0 ? 1 : escape == 'u' ? 6 : 2;
    }
    return size;
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max) noexcept {
    if (text.empty() || (text.size() > 1 && text[0] == '0'))
        return {};
    std::uint64_t value = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size() || value > max)
        return {};
    return value;
}

std::string http_date(std::int64_t seconds) {
    auto time = static_cast<std::time_t>(seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    // Not strftime's %a and %b: they follow the locale.
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[40];
    auto n = std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday], utc.tm_mday,
                           months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    return {text, static_cast<std::size_t>(n)};
}

} // namespace berth::net
