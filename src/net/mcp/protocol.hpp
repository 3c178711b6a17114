// The rules of MCP's handshake and of its Streamable HTTP: what a client may say in the head of a request, and who
// Berth is. Pure.
#pragma once

#include "net/http/request_head.hpp"
#include "net/mcp/json_rpc.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace berth::net::mcp {

/// The revision that a client asked for when it is one of ours, else our newest: it may go then.
std::string_view agreed_revision(std::string_view asked) noexcept;
/// Whether events of a stream may have no data: from 2025-11-25 on; older clients take it for a broken message.
bool may_prime(std::string_view revision) noexcept;

/// What MCP-Protocol-Version must be: one that we know, or not there. Else a sentence.
std::optional<std::string> refuse_revision(const single_field&);

/// Whether Accept takes a type such as "text/event-stream". No header takes all.
bool accepts(const single_field& accept, std::string_view type);

/// The result of initialize.
nlohmann::ordered_json introduction(std::string_view revision, std::string_view version);

} // namespace berth::net::mcp
