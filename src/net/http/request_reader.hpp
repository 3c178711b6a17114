// Reads HTTP/1 requests off a connection, one after the other, each under its deadline.
#pragma once

#include "net/http/message_parser.hpp"
#include "net/http/reply.hpp"
#include "net/http/server.hpp"
#include "net/http/timed_socket.hpp"
#include "net/live/hub.hpp"

#include <optional>

namespace berth::net {

class request_reader {
public:
    using request = request_parser::message;

    /// Both must outlive it.
    request_reader(timed_socket& socket, const server_options& options)
        : socket_(socket), options_(options), parser_(options.header_limit, options.body_limit) {}

    /// Waits for a request and reads its header. The one before is forgotten.
    task<read_end> read_header();
    /// Reads the body, if there is one, within the limit.
    task<read_end> read_body();

    /// The body, of any length, is read piece by piece from now on.
    void stream() { parser_.lift_limit(); }
    /// Waits until something of it is here: complete when that is the last of it; none: more follows.
    task<std::optional<read_end>> read_piece();

    // What request_parser says of the request, from the end of read_header() to the next.
    const request& get() const { return parser_.get(); }
    bool is_too_large() const { return parser_.is_too_large(); }
    bool chunked() const { return parser_.chunked(); }
    boost::optional<std::uint64_t> length() const { return parser_.length(); }
    std::string& piece() { return parser_.piece(); }
    void drop_fields() { parser_.drop_fields(); }
    bool keep_alive() const { return parser_.keep_alive(); }
    bool ended() const { return parser_.ended(); }
    std::string take_rest() { return parser_.take_rest(); }

    /// The request, for another owner.
    upgrade_request take();

    /// No byte of a request has come yet.
    bool waiting() const { return waiting_; }
    /// Bytes of a further request are here already.
    bool has_more() const { return parser_.has_more(); }

private:
    task<read_end> read(bool header_only);
    task<std::optional<read_end>> fill(std::size_t most);

    timed_socket& socket_;
    const server_options& options_;
    request_parser parser_;
    bool waiting_ = true;
};

/// The answer to a request that could not be read; none: there is nobody to answer. `port` is Berth's own.
std::optional<reply> refusal(read_end, const server_options&, std::uint16_t port);

} // namespace berth::net
