// JSON from outside, read strictly: what Berth does not understand it refuses, naming the field, and never guesses.
// Pure.
#pragma once

#include "core/task.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace berth::net {

/// Deeper nesting is refused; nothing that clients send is deeper than 3.
inline constexpr int max_depth = 8;

/// An object whose fields are all among `known`. errc::invalid_request: not JSON, not an object, a field twice (at any
/// depth), too deep, an unknown field.
result<nlohmann::json> parse_object(std::string_view text, std::initializer_list<std::string_view> known);

/// The same rule for an object within; `where` is its name.
result<> check_fields(const nlohmann::json& object, std::string_view where,
                      std::initializer_list<std::string_view> known);

// One field of an object each: none where it is missing; errc::invalid_request where it has another type.
/// Also none for null.
result<std::optional<std::string>> optional_text(const nlohmann::json&, const char* field);
result<std::string> required_text(const nlohmann::json&, const char* field);
/// Also none for null.
result<std::optional<bool>> optional_flag(const nlohmann::json&, const char* field);
/// A whole number from 0 to max.
result<std::optional<std::uint64_t>> optional_count(const nlohmann::json&, const char* field, std::uint64_t max);

} // namespace berth::net
