#include "core/last_words.hpp"

#include "core/names.hpp"

#include <algorithm>
#include <array>

namespace berth {
namespace {

constexpr std::size_t longest = 200; // bytes

/// Without escape sequences (ECMA-48: ESC [ ... letter, and the two-character ones).
std::string without_colours(std::string_view line) {
    std::string plain;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\x1b') {
            plain += line[i];
            continue;
        }
        if (i + 1 < line.size() && line[i + 1] == '[') {
            i += 2;
            while (i < line.size() && (line[i] < '@' || line[i] > '~'))
                ++i;
        } else {
            ++i;
        }
    }
    return plain;
}

std::string_view trimmed(std::string_view text) {
    auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool starts_with_any(std::string_view line, const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return line.starts_with(word); });
}

/// What stands around the cause: npm's and Node's own framing, frames of a stack, lines of code under their carets.
bool is_noise(std::string_view line) {
    static constexpr auto framing = std::to_array<std::string_view>({"at ",
                                                                     "npm ",
                                                                     "Node.js v",
                                                                     "> ",
                                                                     "}",
                                                                     "{",
                                                                     "^",
                                                                     "~",
                                                                     "code: ",
                                                                     "errno: ",
                                                                     "syscall: ",
                                                                     "address: ",
                                                                     "port: ",
                                                                     "path: ",
                                                                     "requireStack: ",
                                                                     "Require stack:",
                                                                     "- /",
                                                                     "throw ",
                                                                     "node:internal/",
                                                                     "[cause]",
                                                                     "digest: "});
    return line.size() < 2 || starts_with_any(line, framing) || line.find_first_not_of("^~ .-=─│╵╷") == line.npos;
}

/// "Error: x", "TypeError: x", "⨯ x", "Failed to compile.", "sh: 1: next: not found".
bool names_an_error(std::string_view line) {
    static constexpr auto beginnings = std::to_array<std::string_view>(
        {"⨯", "✗", "error:", "error ", "Failed", "fatal", "Fatal", "FATAL", "sh: ", "panic"});
    if (starts_with_any(line, beginnings))
        return true;
    auto colon = line.find(": ");
    auto before = line.substr(0, colon);
    return colon != line.npos && before.find("Error") != before.npos && before.find('/') == before.npos;
}

} // namespace

std::string last_words(std::string_view output) {
    std::string plain, error;
    while (!output.empty()) {
        auto raw = output.substr(0, output.find('\n'));
        output.remove_prefix(std::min(output.size(), raw.size() + 1));
        auto text = without_colours(raw);
        auto line = trimmed(text);
        if (is_noise(line))
            continue;
        plain = line;
        if (names_an_error(line))
            error = line;
    }
    auto words = error.empty() ? plain : error;
    if (words.empty())
        return {};
    return printable(trimmed(words), longest);
}

} // namespace berth
