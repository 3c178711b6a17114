// A tool's arguments, held against the inputSchema that the client was shown: one description for both. Pure.
#pragma once

#include "core/task.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace berth::net::mcp {

/// The arguments as they are meant. Understood of a schema: properties with type (of a list of types each counts),
/// enum, minimum and maximum; required; no further property is ever allowed. A null where none is meant counts as not
/// given: models write it for what they leave out. errc::invalid_request names the argument, and what is possible.
result<nlohmann::json> read_arguments(std::string_view tool, const nlohmann::json& schema, nlohmann::json given);

} // namespace berth::net::mcp
