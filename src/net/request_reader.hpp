// Reads HTTP/1 requests off a connection, one after the other, within the bounds of spec section 11. Parsing is Beast's.
//
// The parser is fed by hand, not by Beast's read operations: those are one more composed operation for each request, and
// what follows in the buffer (pipelining) is looked at without asking the socket.
#pragma once

#include "net/reply.hpp"
#include "net/server.hpp"
#include "net/timed_socket.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace berth::net {

enum class read_end {
    complete,
    closed,           // by the client, between two requests or within one; or idle for too long
    timed_out,        // the request took longer than its deadline
    malformed,        // not HTTP/1.0 or 1.1
    header_too_large,
    body_too_large,
};

class request_reader {
public:
    using request = boost::beast::http::request<boost::beast::http::string_body>;

    /// Both must outlive it.
    request_reader(timed_socket& socket, const server_options& options) : socket_(socket), options_(options) {}

    /// Waits for a request and reads its header. The one before is forgotten.
    task<read_end> read_header();
    /// Reads the body, if there is one.
    task<read_end> read_body();

    /// Valid from the end of read_header() to the next.
    const request& get() const { return parser_->get(); }
    request take() { return parser_->release(); }
    bool keep_alive() const { return parser_->keep_alive(); }
    bool body_declared() const { return !parser_->is_done(); }

    /// No byte of a request has come yet.
    bool waiting() const { return waiting_; }
    /// Bytes of a further request are here already.
    bool has_more() const { return buffer_.size() > 0; }

private:
    /// Feeds the parser what is in the buffer; an end, or none: more bytes are needed.
    std::optional<read_end> feed(bool header_only);
    task<std::optional<read_end>> fill();

    timed_socket& socket_;
    const server_options& options_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    std::size_t header_bytes_ = 0; // of this request's header, taken by the parser
    std::size_t body_bytes_ = 0;   // the same of its body, chunks' sizes and extensions included
    bool waiting_ = true;
};

/// The answer to a request that could not be read; none: there is nobody to answer. `port` is Berth's own.
std::optional<reply> refusal(read_end, const server_options&, std::uint16_t port);

} // namespace berth::net
