#include "net/http/request_parser.hpp"

#include <cstdint>

namespace berth::net {
namespace {

namespace http = boost::beast::http;

// How many times the body's own bytes its chunks may take on the wire: in chunks of one byte each it is six.
constexpr std::size_t most_overhead = 8;

// The shortest end of a chunked body, "0\r\n\r\n": what is left of one is never less. Beast's parser asserts it (with
// the end in pieces of fewer bytes, anybody could end a build that has assertions), so it is fed no less.
constexpr std::size_t shortest_chunks = 5;

} // namespace

void request_parser::begin() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(header_limit_));
    parser_->body_limit(body_limit_);
    header_bytes_ = body_bytes_ = 0;
}

std::optional<read_end> request_parser::feed(bool header_only) {
    while (!parser_->is_done() && !(header_only && parser_->is_header_done())) {
        bool in_header = !parser_->is_header_done();
        if (buffer_.size() == 0 || (!in_header && parser_->chunked() && buffer_.size() < shortest_chunks))
            return {};
        boost::system::error_code ec;
        auto used = parser_->put(buffer_.data(), ec);
        buffer_.consume(used);
        // The parser's own limit is for what it is given at once: a header of many small fields would pass it piece by
        // piece.
        if (in_header && (header_bytes_ += used) > header_limit_)
            return read_end::header_too_large;
        if (!in_header && (body_bytes_ += used) > most_overhead * body_limit_)
            return read_end::body_too_large;
        // The parser has no limit for a chunk's extensions and for trailers: it asks for more as long as they last.
        if (ec == http::error::need_more)
            return buffer_.size() > header_limit_ ? std::optional(read_end::header_too_large) : std::nullopt;
        if (ec == http::error::header_limit)
            return read_end::header_too_large;
        if (ec == http::error::body_limit)
            return read_end::body_too_large;
        if (ec)
            return read_end::malformed;
    }
    return read_end::complete;
}

} // namespace berth::net
