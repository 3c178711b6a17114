// The bytes of HTTP/1 requests, one after the other, within the bounds of spec section 11. Parsing is Beast's. No
// sockets: request_reader brings the bytes.
//
// The parser is fed by hand, not by Beast's read operations: those are one more composed operation for each request,
// and what follows in the buffer (pipelining) is looked at without asking the socket.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace berth::net {

enum class read_end {
    complete,
    closed,    // by the client, between two requests or within one; or idle for too long
    timed_out, // the request took longer than its deadline
    malformed, // not HTTP/1.0 or 1.1
    unframed,  // where its body ends can be read in two ways
    header_too_large,
    body_too_large,
};

class request_parser {
public:
    using request = boost::beast::http::request<boost::beast::http::string_body>;

    /// Both in bytes.
    request_parser(std::size_t header_limit, std::size_t body_limit)
        : header_limit_(header_limit), body_limit_(body_limit) {}

    /// Forgets the request before; what came behind it stays. One empty line before a request is passed over
    /// (RFC 9112, 2.2): some clients leave one behind a body.
    void begin();

    /// Room for so many further bytes, and how many of them came.
    boost::asio::mutable_buffer prepare(std::size_t n) { return buffer_.prepare(n); }
    void commit(std::size_t n);
    /// A byte of this request has come.
    bool started() const { return started_; }

    /// Takes what has come, up to the end of the header or of the request; an end, or none: more bytes are needed.
    /// After any end but `complete` the connection is of no more use.
    std::optional<read_end> feed(bool header_only);

    /// From begin() on; whole once feed() said `complete`.
    const request& get() const { return parser_->get(); }
    request take() { return parser_->release(); }
    /// Whether a further request may follow on this connection: this one was taken to its end, it is beyond doubt where
    /// that was, and the client wants to go on. Whatever else becomes of a request, this alone decides it.
    bool keep_alive() const { return ended_ && parser_->keep_alive(); }
    /// The request was taken to its end.
    bool ended() const { return ended_; }
    /// Bytes that no request has taken yet.
    bool has_more() const { return buffer_.size() > 0; }

private:
    void start();

    std::size_t header_limit_;
    std::size_t body_limit_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    bool skipped_ = false; // the empty line
    bool started_ = false;
    bool ended_ = false;
    std::size_t header_bytes_ = 0; // of this request's header, taken by the parser
    std::size_t body_bytes_ = 0;   // the same of its body, chunks' sizes and extensions included
};

} // namespace berth::net
