// JSON-RPC 2.0 as MCP speaks it: one message a body, ids that are texts or whole numbers, parameters by name. Pure.
#pragma once

#include "core/task.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace berth::net::mcp {

/// What JSON-RPC 2.0 (section 5.1) and MCP give numbers to. Only faults of the protocol have one; a tool that fails
/// says so in its result.
enum class fault : int {
    not_json = -32700,
    invalid_message = -32600,
    no_such_method = -32601,
    invalid_params = -32602,
    internal = -32603,
    no_such_resource = -32002,
};

struct rpc_error {
    fault code;
    std::string message; // a sentence
};

/// Nesting beyond this is refused. Clients describe themselves in a few levels.
inline constexpr int deepest_message = 32;

struct rpc_message {
    enum class sort { request, notification, response };
    sort kind = sort::request;
    nlohmann::json id; // of a request: a text or a whole number
    std::string method;
    nlohmann::json params = nlohmann::json::object();
};

/// A message that is none; the id where it could be read, else null.
struct rejected_message {
    rpc_error error;
    nlohmann::json id;
};

/// Exactly one message. A batch is refused: revision 2025-06-18 took it away. A key given twice is refused as well.
boost::system::result<rpc_message, rejected_message> read_message(std::string_view);

// One line each: no text that is given comes out with a line end in it.

std::string result_text(const nlohmann::json& id, const nlohmann::ordered_json& result);
std::string error_text(const nlohmann::json& id, const rpc_error&);
std::string notification_text(std::string_view method, const nlohmann::ordered_json& params);

[[noreturn]] inline void throw_exception_from_error(const rpc_error& e, const boost::source_location& where) {
    berth::throw_exception_from_error({errc::internal_error, e.message}, where);
}
[[noreturn]] inline void throw_exception_from_error(const rejected_message& r, const boost::source_location& where) {
    throw_exception_from_error(r.error, where);
}

} // namespace berth::net::mcp
