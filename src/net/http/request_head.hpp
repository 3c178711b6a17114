// What a request's header says that Berth cares about, gathered in one pass, and the checks that need nothing else.
// Pure.
#pragma once

#include "net/http/guard.hpp"
#include "net/http/target.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <optional>
#include <string_view>

namespace berth::net {

/// Points into the request.
struct request_head {
    single_field host, origin, fetch_site, fetch_mode, content_type;
    single_field websocket_key, websocket_version;
    std::string_view accept_encoding;
    std::string_view if_none_match;
    single_field range, if_range;
    single_field accept, last_event_id;
    single_field mcp_session, mcp_version; // Mcp-Session-Id, MCP-Protocol-Version
    bool expects_continue = false;
};

request_head read_head(const boost::beast::http::request_header<>&);

/// The label of the app's host that the request is for; none: it is for Berth, or for nobody here. A target in absolute
/// form must say the same as Host.
std::optional<std::string_view> asked_app(const boost::beast::http::request_header<>&, const request_head&,
                                          std::uint16_t port);

/// What a WebSocket's handshake needs (RFC 6455, 4.2.1). errc::upgrade_required: another version than 13, or none.
/// errc::invalid_request: no key, or one that is not 16 bytes in base64; Beast takes any.
std::optional<error> check_handshake(const request_head&);

/// Everything that is decided before the route: who asks, and whether this is a request at all. `port` is our own. The
/// target is the request's, as parse_target() took it; none returned: it is there.
std::optional<error> check_head(const boost::beast::http::request_header<>&, const request_head&, const result<target>&,
                                std::uint16_t port);

/// The range that a GET asks for, or empty. With If-Range it asks for the whole: no validator is given out with a log,
/// which grows all the time, so none can match (RFC 9110, 13.1.5).
std::string_view asked_range(std::string_view method, const request_head&);

/// errc::unsupported_media_type for a body that does not say that it is JSON.
std::optional<error> check_media_type(const request_head&);

} // namespace berth::net
