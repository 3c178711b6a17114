// The target of a request line, taken apart: RFC 9112, section 3.2, and RFC 3986. Pure.
#pragma once

#include "core/task.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth::net {

struct target {
    std::string_view authority;        // of the absolute form, else empty; points into what was given
    std::vector<std::string> segments; // of the path, percent-decoded: "/api/apps" is {"api", "apps"}, "/" is {""}
    std::vector<std::pair<std::string, std::string>> query; // decoded, '+' as a space; in order, repeats kept
    std::string path() const;                               // the segments again, for people
};

/// Of a target in absolute form (RFC 9112, 3.2.2) its host and port, and what is left: the origin form. Both point into
/// what was given.
struct split_target {
    std::string_view authority; // empty: it was no absolute form
    std::string_view origin_form;
};
split_target split_authority(std::string_view) noexcept;

/// Origin form or absolute form (http only). errc::invalid_request: a bad escape, an escaped NUL, text that is not
/// UTF-8, another form. A segment may hold any other character, '/' and '..' too: nothing joins segments to a file's
/// path.
result<target> parse_target(std::string_view);

/// Refuses parameters that are not among `known`, and repeated ones.
result<> check_query(const target&, std::initializer_list<std::string_view> known);

/// The parameter's value, or none.
const std::string* find_query(const target&, std::string_view name);

/// `tail`: 0 to 10,000 lines.
result<std::size_t> parse_tail(const target&, std::size_t when_not_given);
/// A parameter that is true or false.
result<bool> parse_switch(const target&, std::string_view name, bool when_not_given);

} // namespace berth::net
