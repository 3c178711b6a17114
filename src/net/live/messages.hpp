// The messages of the WebSocket, spec section 8, as text: one JSON object each, "type" first. Pure.
#pragma once

#include "core/orchestrator.hpp"
#include "net/http/reply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace berth::net {

/// One of the follows of a connection: of an app, and by a number of the client's own where it gave one.
struct follow_key {
    std::string id;
    std::optional<std::uint64_t> number;

    auto operator<=>(const follow_key&) const = default;
};

// To clients. Made once, shared by all of them; what is of a log is for the client that follows it so.
std::string snapshot_message(const apps_view&, const std::vector<operation>&, const std::vector<problem>&);
std::string app_message(const app_view&);
std::string removed_message(std::uint64_t revision, const std::string& id);
std::string event_message(const std::string& id, const std::string& name, std::int64_t at_ms);
std::string operation_message(const operation&);
std::string activity_message(const activity_entry&);
/// The text must be valid UTF-8.
std::string log_message(const follow_key&, log_stream, std::uint64_t from, std::uint64_t to, std::string_view text);
std::string log_reset_message(const follow_key&, log_stream);
std::string error_message(const error&);

nlohmann::ordered_json problems_json(const std::vector<problem>&);

// From clients.
struct follow_request {
    static constexpr std::uint64_t default_tail = 65'536; // bytes
    static constexpr std::uint64_t max_tail = 1024 * 1024;

    follow_key which;
    std::uint64_t tail_bytes = default_tail;  // of a stream without an offset
    std::optional<std::uint64_t> from_stdout; // byte offsets to resume at
    std::optional<std::uint64_t> from_stderr;
};
struct unfollow_request {
    follow_key which;
};
using client_message = std::variant<follow_request, unfollow_request>;

/// errc::invalid_request names what is wrong; the connection goes on.
result<client_message> parse_client_message(std::string_view);

} // namespace berth::net
