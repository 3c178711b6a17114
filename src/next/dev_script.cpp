#include "next/dev_script.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace berth {
namespace {

/// Its words; none where it has a part that a shell would run beside or instead (`&&`, `|`, `$(…)`, a comment), or a
/// quote that is not closed. Quotes are kept: nothing is run by these words.
std::optional<std::vector<std::string>> words_of(std::string_view script) {
    std::vector<std::string> words;
    std::string word;
    char quote = '\0';
    for (std::size_t i = 0; i < script.size(); ++i) {
        char c = script[i];
        bool blank = c == ' ' || c == '\t';
        if (c == '`' || c == '\n' || c == '\r' || c == '\\' || script.substr(i).starts_with("$("))
            return {};
        if (quote) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (std::string_view("&|;<>()*?[]!").find(c) != std::string_view::npos || (c == '#' && word.empty())) {
            return {};
        } else if (blank) {
            if (!word.empty())
                words.push_back(std::move(word));
            word.clear();
            continue;
        }
        word += c;
    }
    if (quote)
        return {};
    if (!word.empty())
        words.push_back(std::move(word));
    return words;
}

/// NAME=value.
bool is_assignment(std::string_view word) {
    auto name = word.substr(0, word.find('='));
    auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return name.size() < word.size() && !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

/// May be anything, -H too: only a port is taken on trust.
bool hides_words(std::string_view before, std::string_view word) {
    bool is_port = before == "-p" || before == "--port" || word.starts_with("--port=") || word.starts_with("-p");
    return word.find('$') != std::string_view::npos && !is_port;
}

} // namespace

bool may_be_told_its_host(std::string_view script) {
    auto words = words_of(script);
    if (!words)
        return false;
    auto at = words->begin(), end = words->end();
    at = std::find_if_not(at, end, is_assignment);
    if (at != end && (*at == "cross-env" || *at == "env"))
        at = std::find_if_not(at + 1, end, is_assignment);
    if (at == end || *at++ != "next")
        return false;
    if (at != end && *at == "dev")
        ++at;
    else if (at != end && !at->starts_with('-'))
        return false; // `next start`
    for (std::string before; at != end; before = *at++) {
        if (*at == "--" || at->starts_with("-H") || at->starts_with("--hostname") || hides_words(before, *at))
            return false;
    }
    return true;
}

} // namespace berth
