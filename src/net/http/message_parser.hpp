// The bytes of HTTP/1 messages, one after the other: requests within the bounds of spec section 11, and the answers of
// apps. Parsing is Beast's. No sockets: request_reader and upstream bring the bytes.
//
// The parser is fed by hand, not by Beast's read operations: those are one more composed operation for each message,
// and what follows in the buffer (pipelining) is looked at without asking the socket.
#pragma once

#include "net/http/piece_body.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

namespace berth::net {

enum class read_end {
    complete,
    closed,    // by the other end, between two messages or within one; or idle for too long
    timed_out, // the request took longer than its deadline
    malformed, // not HTTP/1.0 or 1.1
    unframed,  // where its body ends can be read in two ways
    header_too_large,
    body_too_large,
};

template <bool is_request>
class message_parser {
public:
    using message = boost::beast::http::message<is_request, piece_body>;

    /// Both in bytes.
    message_parser(std::size_t header_limit, std::size_t body_limit)
        : header_limit_(header_limit), body_limit_(body_limit) {}
    message_parser(const message_parser&) = delete;

    /// Forgets the message before; what came behind it stays. One empty line before a request is passed over
    /// (RFC 9112, 2.2): some clients leave one behind a body. `without_body`: it is the answer to a HEAD.
    void begin(bool without_body = false);
    /// The body of this message may be of any length: what comes of it is taken out of piece(), each time.
    void lift_limit() { limited_ = false; }

    /// Room for so many further bytes, and how many of them came.
    boost::asio::mutable_buffer prepare(std::size_t n) { return buffer_.prepare(n); }
    void commit(std::size_t n);
    /// A byte of this message has come.
    bool started() const { return started_; }

    /// Takes what has come, up to the end of the header or of the message; an end, or none: more bytes are needed.
    /// After any end but `complete` the connection is of no more use.
    std::optional<read_end> feed(bool header_only);
    /// Nothing more comes: complete where that ends an answer's body.
    read_end feed_end();

    /// From begin() on; whole once feed() said `complete`.
    message& get() { return parser_->get(); }
    const message& get() const { return parser_->get(); }
    /// From the end of the header on.
    bool chunked() const { return parser_->chunked(); }
    boost::optional<std::uint64_t> length() const { return parser_->content_length(); }
    /// The header announces more than the limit.
    bool is_too_large() const { return limited_ && length().value_or(0) > body_limit_; }
    /// What has come of the body; whoever has passed it on clears it.
    std::string& piece() { return get().body(); }
    /// Once these are no longer needed: what get() has then at the end of the message came behind the body (trailers,
    /// RFC 9112, 7.1.2).
    void drop_fields() { get().base().clear(); }

    /// Whether a further message may follow on this connection: this one was taken to its end, it is beyond doubt where
    /// that was, and the other end wants to go on. Whatever else becomes of a message, this alone decides it.
    bool keep_alive() const { return ended_ && parser_->keep_alive(); }
    /// The message was taken to its end.
    bool ended() const { return ended_; }
    /// Bytes that no message has taken yet.
    bool has_more() const { return buffer_.size() > 0; }
    /// These bytes, which are HTTP no longer.
    std::string take_rest();

private:
    void start();

    std::size_t header_limit_;
    std::size_t body_limit_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::parser<is_request, piece_body>> parser_;
    std::function<void(std::uint64_t, boost::beast::string_view, boost::system::error_code&)> on_chunk_ =
        [this](std::uint64_t size, boost::beast::string_view, boost::system::error_code&) { left_in_chunk_ = size; };
    bool limited_ = true;
    bool in_body_ = false;
    bool skipped_ = false; // the empty line
    bool started_ = false;
    bool ended_ = false;
    std::size_t header_bytes_ = 0; // of this message's header, taken by the parser
    std::size_t body_bytes_ = 0;   // the same of its body, chunks' sizes and extensions included
    std::uint64_t left_in_chunk_ = 0;
};

using request_parser = message_parser<true>;
using answer_parser = message_parser<false>;

extern template class message_parser<true>;
extern template class message_parser<false>;

} // namespace berth::net
