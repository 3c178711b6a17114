#include "core/names.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <random>

namespace berth {
namespace {

/// The code point at `at`, moving `at` past it; none (and `at` moved past the maximal invalid piece) when it is not
/// UTF-8.
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) noexcept {
    auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80)
        return lead;
    int more = lead >= 0xC2 && lead <= 0xDF   ? 1
               : lead >= 0xE0 && lead <= 0xEF ? 2
               : lead >= 0xF0 && lead <= 0xF4 ? 3
                                              : 0;
    if (more == 0)
        return {};
    // The second byte's range rules out overlong forms, surrogates and what lies beyond U+10FFFF: RFC 3629, section 4.
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    char32_t point = lead & (0x3F >> more);
    for (; more > 0; --more) {
        if (at == text.size())
            return {};
        auto byte = static_cast<unsigned char>(text[at]);
        if (byte < low || byte > high)
            return {};
        point = point << 6 | (byte & 0x3F);
        low = 0x80;
        high = 0xBF;
        ++at;
    }
    return point;
}

/// How many bytes at the front are ASCII.
std::size_t ascii_length(std::string_view text) noexcept {
    std::size_t at = 0;
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80)
        ++at;
    return at;
}

bool is_space(char32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Not printable: controls, line separators, and the format characters that hide or reorder text. The joiners U+200C
/// and U+200D stay: scripts and emoji need them.
bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x061C || c == 0x200B || c == 0x200E ||
           c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF0 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF) || (c & 0xFFFE) == 0xFFFE ||
           (c >= 0xFDD0 && c <= 0xFDEF) || (c >= 0xE000 && c <= 0xF8FF);
}

constexpr std::string_view adjectives[] = {
    "amber", "bold",  "brave",  "breezy", "bright", "brisk",  "calm",   "clear", "coral", "crisp",  "deep",
    "early", "eager", "fair",   "fleet",  "fresh",  "gentle", "golden", "grand", "hardy", "humble", "jolly",
    "keen",  "light", "lively", "lucky",  "mellow", "misty",  "noble",  "polar", "proud", "quick",  "quiet",
    "rapid", "salty", "silver", "sleek",  "steady", "sunny",  "swift",  "tidy",  "tidal", "vivid",  "windy"};

constexpr std::string_view nouns[] = {
    "anchor", "atoll", "bay",    "beacon", "bridge",   "buoy",    "canal",  "captain", "clipper", "cove",   "current",
    "cutter", "deck",  "delta",  "dinghy", "dock",     "ferry",   "fjord",  "galleon", "gull",    "harbor", "heron",
    "island", "jetty", "kayak",  "keel",   "lagoon",   "lantern", "marina", "mast",    "pelican", "pier",   "pilot",
    "quay",   "reef",  "rudder", "sail",   "schooner", "shore",   "sloop",  "tide",    "tugboat", "wave",   "wharf"};

template <std::size_t N>
std::string_view pick(const std::string_view (&words)[N]) {
    std::random_device device;
    return words[std::uniform_int_distribution<std::size_t>(0, N - 1)(device)];
}

} // namespace

std::string new_id() {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device device;
    std::uniform_int_distribution<std::size_t> any(0, alphabet.size() - 1);
    std::string id(10, ' ');
    for (auto& c : id)
        c = alphabet[any(device)];
    return id;
}

bool is_id(std::string_view text) noexcept {
    if (text.size() != 10)
        return false;
    for (char c : text)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
    return true;
}

result<std::string> check_name(std::string_view given, std::string_view field) {
    auto wrong = [&](std::string_view what) {
        return error{errc::invalid_request, std::string(field) + std::string(what)};
    };
    std::size_t begin = given.size(), end = 0, points = 0, points_at_end = 0;
    bool control = false;
    for (std::size_t at = 0; at < given.size();) {
        auto start = at;
        auto point = next_code_point(given, at);
        if (!point)
            return wrong(" is not valid UTF-8.");
        if (!is_space(*point) && begin == given.size())
            begin = start;
        if (begin == given.size())
            continue;
        ++points;
        if (!is_space(*point)) {
            end = at;
            points_at_end = points;
        }
    }
    if (points_at_end == 0)
        return wrong(" is empty: it needs 1 to 64 printable characters.");
    if (points_at_end > 64)
        return wrong(" is " + std::to_string(points_at_end) + " characters long; at most 64 are allowed.");
    auto trimmed = given.substr(begin, end - begin);
    for (std::size_t at = 0; at < trimmed.size();) {
        auto point = *next_code_point(trimmed, at);
        control = control || is_control(point);
    }
    if (control)
        return wrong(" holds a control or invisible character; only printable ones are allowed.");
    return std::string(trimmed);
}

result<std::optional<std::string>> check_notes(std::string_view given, std::string_view field) {
    constexpr std::size_t most = 2000;
    auto wrong = [&](std::string_view what) {
        return error{errc::invalid_request, std::string(field) + std::string(what)};
    };
    std::size_t points = 0;
    bool blank = true;
    for (std::size_t at = 0; at < given.size(); ++points) {
        auto point = next_code_point(given, at);
        if (!point)
            return wrong(" is not valid UTF-8.");
        blank = blank && is_space(*point);
        // Joiners and marks of direction belong to text; what a terminal would obey does not.
        if (*point < 0x20 ? *point != '\n' && *point != '\t' && *point != '\r' : *point >= 0x7f && *point < 0xa0)
            return wrong(" holds a control character; only text, line ends and tabs are allowed.");
    }
    if (points > most)
        return wrong(" is " + std::to_string(points) + " characters long; at most 2,000 are allowed.");
    if (blank)
        return std::optional<std::string>();
    return std::optional(std::string(given));
}

std::string name_key(std::string_view name) {
    // Folded from the decomposed form and composed again: what looks the same is the same, however it was typed.
    constexpr auto form = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    utf8proc_uint8_t* folded = nullptr;
    auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                             static_cast<utf8proc_ssize_t>(name.size()), &folded, form);
    if (size < 0) // not UTF-8, so nobody's name
        return ascii_key(name);
    std::string key(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size));
    std::free(folded);
    return key;
}

std::string ascii_key(std::string_view name) {
    std::string key(name);
    for (auto& c : key)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return key;
}

std::string generate_name(const std::set<std::string>& taken) {
    std::string name;
    for (int attempt = 0;; ++attempt) {
        name = std::string(pick(adjectives)) + "-" + std::string(pick(nouns));
        if (attempt >= 20) // nearly all are taken: number them
            name += "-" + std::to_string(attempt - 18);
        if (!taken.contains(name_key(name)))
            return name;
    }
}

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();)
        if (!next_code_point(text, at))
            return false;
    return true;
}

std::string to_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto start = at;
        at += ascii_length(text.substr(at)); // most of every log
        if (at > start) {
            out.append(text.substr(start, at - start));
            continue;
        }
        if (next_code_point(text, at))
            out.append(text.substr(start, at - start));
        else
            out.append("\xEF\xBF\xBD");
    }
    return out;
}

std::string printable_text(std::string_view given) {
    bool plain = std::all_of(given.begin(), given.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    if (plain)
        return std::string(given);
    auto text = to_utf8(given);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto start = at;
        if (!is_control(*next_code_point(text, at)))
            out.append(text, start, at - start);
    }
    return out;
}

std::string printable(std::string_view given, std::size_t limit) {
    std::string text;
    std::size_t at = 0;
    while (at < given.size()) {
        auto start = at;
        auto point = next_code_point(given, at);
        if (at > limit)
            return text + "…";
        if (!point || is_control(*point))
            text += "\uFFFD";
        else
            text += given.substr(start, at - start);
    }
    return text;
}

std::string in_quotes(std::string_view given) { return '"' + printable(given) + '"'; }

} // namespace berth
