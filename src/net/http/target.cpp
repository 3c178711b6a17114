#include "net/http/target.hpp"

#include "core/names.hpp"
#include "net/http/text.hpp"

namespace berth::net {
namespace {

int hex(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

result<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%') {
            int high = at + 2 < text.size() ? hex(text[at + 1]) : -1;
            int low = at + 2 < text.size() ? hex(text[at + 2]) : -1;
            if (high < 0 || low < 0)
                return invalid_request("The target holds a '%' without two hexadecimal digits behind it.");
            c = static_cast<char>(high * 16 + low);
            at += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0')
            return invalid_request("The target holds a NUL.");
        decoded += c;
    }
    if (!is_utf8(decoded))
        return invalid_request("The target is not valid UTF-8.");
    return decoded;
}

/// Calls f with each piece between separators; stops at the first error.
template <class F>
result<> for_each_piece(std::string_view text, char separator, F&& f) {
    for (;;) {
        auto end = text.find(separator);
        if (auto done = f(text.substr(0, end)); !done)
            return done;
        if (end == text.npos)
            return {};
        text.remove_prefix(end + 1);
    }
}

} // namespace

std::string target::path() const {
    std::string text;
    for (auto& s : segments)
        text += '/' + s;
    return text;
}

split_target split_authority(std::string_view given) noexcept {
    constexpr std::string_view scheme = "http://";
    if (given.size() <= scheme.size() || !equal_ignoring_case(given.substr(0, scheme.size()), scheme))
        return {{}, given};
    given.remove_prefix(scheme.size());
    auto authority = given.substr(0, given.find_first_of("/?"));
    return {authority, given.substr(authority.size())};
}

result<target> parse_target(std::string_view given) {
    target t;
    auto split = split_authority(given);
    if (split.origin_form.data() != given.data()) {
        t.authority = split.authority;
        given = split.origin_form;
        if (t.authority.empty())
            return invalid_request("The target names no host.");
        if (given.empty() || given[0] == '?')
            return invalid_request("The target has no path.");
    }
    if (given.empty() || given[0] != '/')
        return invalid_request("The target must begin with '/'.");
    if (given.find('#') != given.npos)
        return invalid_request("The target holds a fragment; it belongs to the page, not to the server.");
    auto mark = given.find('?');
    auto path = given.substr(1, mark == given.npos ? mark : mark - 1);
    auto walked = for_each_piece(path, '/', [&](std::string_view piece) -> result<> {
        auto segment = decode(piece, false);
        if (!segment)
            return segment.error();
        t.segments.push_back(std::move(*segment));
        return {};
    });
    if (!walked)
        return walked.error();
    if (mark == given.npos)
        return t;
    auto asked = for_each_piece(given.substr(mark + 1), '&', [&](std::string_view piece) -> result<> {
        if (piece.empty())
            return {};
        auto equals = piece.find('=');
        auto name = decode(piece.substr(0, equals), true);
        auto value = decode(equals == piece.npos ? std::string_view() : piece.substr(equals + 1), true);
        if (!name || !value)
            return name ? value.error() : name.error();
        t.query.emplace_back(std::move(*name), std::move(*value));
        return {};
    });
    if (!asked)
        return asked.error();
    return t;
}

result<> check_query(const target& t, std::initializer_list<std::string_view> known) {
    for (auto it = t.query.begin(); it != t.query.end(); ++it) {
        if (std::find(known.begin(), known.end(), it->first) == known.end())
            return invalid_request("There is no parameter " + in_quotes(it->first) + " here.");
        if (std::any_of(t.query.begin(), it, [&](auto& earlier) { return earlier.first == it->first; }))
            return invalid_request(it->first + ": is given more than once.");
    }
    return {};
}

const std::string* find_query(const target& t, std::string_view name) {
    for (auto& [key, value] : t.query)
        if (key == name)
            return &value;
    return nullptr;
}

result<std::size_t> parse_tail(const target& t, std::size_t when_not_given) {
    auto text = find_query(t, "tail");
    if (!text)
        return when_not_given;
    auto lines = parse_number(*text, 10'000);
    if (!lines)
        return invalid_request("tail: must be a whole number of lines from 0 to 10000, not " + in_quotes(*text) + ".");
    return static_cast<std::size_t>(*lines);
}

result<bool> parse_switch(const target& t, std::string_view name, bool when_not_given) {
    auto text = find_query(t, name);
    if (!text)
        return when_not_given;
    if (*text == "true" || *text == "false")
        return *text == "true";
    return invalid_request(std::string(name) + ": must be true or false, not " + in_quotes(*text) + ".");
}

} // namespace berth::net
