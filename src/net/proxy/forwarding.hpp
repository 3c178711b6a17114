// The heads of messages as a proxy passes them on (RFC 9110, 7.6; RFC 9112, 6 and 7): written anew from what the parser
// understood, never copied as bytes, so that both ends read one message in one way. Pure.
#pragma once

#include <boost/beast/http/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::net {

/// How the body behind a head ends.
enum class framing {
    none,    // there is none, and nothing is said of it
    as_said, // there is none; Content-Length says what it would be: answers to HEAD, and 304
    length,
    chunked,
    to_the_end, // of the connection: for clients of HTTP/1.0
};

struct body_frame {
    framing by = framing::none;
    std::uint64_t length = 0; // bytes
};

struct forwarded_request {
    std::string_view target;  // in origin form
    std::string_view address; // the client's
    body_frame body;
    bool websocket = false; // an upgrade that is asked for on this hop, too
};

/// Whether a request asks for a WebSocket: the one upgrade that is passed on. Any other is not asked for, as a server
/// may answer without.
bool asks_for_websocket(const boost::beast::http::request_header<>&);

/// Fields of this hop are left out, those that Connection names too; X-Forwarded-* and Forwarded are the proxy's own.
void append_request_head(std::string& out, const boost::beast::http::request_header<>&, const forwarded_request&);

struct forwarded_answer {
    body_frame body;
    bool keep_alive = true; // of the client's connection
    bool http10 = false;    // the client's version
    bool websocket = false; // it is the 101
};

void append_answer_head(std::string& out, const boost::beast::http::response_header<>&, const forwarded_answer&);

/// One chunk; nothing for no bytes, as that would be the end.
void append_chunk(std::string& out, std::string_view bytes);
/// The end of a chunked body, with its trailers, less those that may not be any (RFC 9110, 6.5.1).
void append_last_chunk(std::string& out, const boost::beast::http::fields& trailers);

} // namespace berth::net
