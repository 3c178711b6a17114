// What a request's header says that Berth cares about, gathered in one pass, and the checks that need nothing else. Pure.
#pragma once

#include "net/guard.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <optional>
#include <string_view>

namespace berth::net {

/// Points into the request.
struct request_head {
    single_field host, origin, fetch_site, content_type, transfer_encoding;
    std::string_view accept_encoding;
    std::string_view if_none_match;
    bool expects_continue = false;
};

request_head read_head(const boost::beast::http::request_header<>&);

/// Request smuggling lives on disagreement about where a body ends: chunked, once, in HTTP/1.1 is all that is taken
/// (RFC 9112, 6.1). A length beside it is refused by the parser.
std::optional<error> check_framing(const request_head&, unsigned http_version);

/// errc::unsupported_media_type for a body that does not say that it is JSON.
std::optional<error> check_media_type(const request_head&);

} // namespace berth::net
