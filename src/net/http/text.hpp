// Small rules about text in HTTP fields: pure.
#pragma once

#include "core/error.hpp"
#include "core/names.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::net {

/// ASCII case only, as HTTP compares tokens.
bool equal_ignoring_case(std::string_view, std::string_view) noexcept;

/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view) noexcept;

/// A JSON string with its quotes (RFC 8259, section 7), appended to `out`. The text must be valid UTF-8.
void append_json_string(std::string& out, std::string_view);

/// How many bytes that appends.
std::size_t json_string_size(std::string_view) noexcept;

/// A whole number without sign, spaces or leading zeros, at most `max`; else none.
std::optional<std::uint64_t> parse_number(std::string_view, std::uint64_t max) noexcept;

/// Calls f with each trimmed piece of a list that commas separate (RFC 9110, 5.6.1).
template <class F>
void for_each_item(std::string_view list, F&& f) {
    for (;;) {
        auto comma = list.find(',');
        if (auto item = trimmed(list.substr(0, comma)); !item.empty())
            f(item);
        if (comma == list.npos)
            return;
        list.remove_prefix(comma + 1);
    }
}

/// A request is refused: what is wrong with it.
inline error invalid_request(std::string detail) { return {errc::invalid_request, std::move(detail)}; }

/// Seconds since 1970 as HTTP writes dates (RFC 9110, 5.6.7).
std::string http_date(std::int64_t seconds);

} // namespace berth::net
