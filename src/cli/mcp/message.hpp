// A message of the Model Context Protocol (JSON-RPC 2.0), as far as whoever passes it on has to understand it. Pure.
//
// Nothing is judged here: what is no message goes to the server all the same, which says what is wrong with it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth::cli::mcp {

struct message {
    enum class kind { request, notification, response, other }; // other: a batch, or no JSON-RPC at all
    kind what = kind::other;
    std::string id;      // of a request or a response, as JSON text: 1 and "1" are two
    std::string method;  // of a request or a notification
    std::string cancels; // of notifications/cancelled: the id of the request that is meant, as JSON text
    std::string uri;     // of a request about a resource

    bool is_initialize() const { return what == kind::request && method == "initialize"; }
};

message read_message(std::string_view json);

/// What `initialize` was answered with: the revision of the protocol; empty: it was refused, or is no answer.
std::string agreed_revision(std::string_view json);

// JSON-RPC's codes; those from -32000 to -32099 are left to programs.
inline constexpr int invalid_request = -32600;
inline constexpr int server_gone = -32000;

/// An error answer, one line. `id` as JSON text; empty: null, which is nobody's.
std::string error_answer(std::string_view id, int code, std::string_view text);

/// The same in the server's own words: `body` is what it answered with, a JSON-RPC error or a problem document
/// (RFC 9457); `status` speaks where it is neither. Without an id, with the one that the server has read.
std::string refusal(std::string_view id, int status, std::string_view body);

/// A request of our own that subscribes to a resource, and the notification that it may have changed.
std::string subscribe_request(std::string_view id, std::string_view uri);
std::string updated_notification(std::string_view uri);

/// As one line: between the tokens of JSON, where alone they may stand, line ends are spaces.
std::string on_one_line(std::string json);

} // namespace berth::cli::mcp
