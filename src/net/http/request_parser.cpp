#include "net/http/request_parser.hpp"

#include "net/http/text.hpp"

#include <cstdint>

namespace berth::net {
namespace {

namespace http = boost::beast::http;

// How many times the body's own bytes its chunks may take on the wire: in chunks of one byte each it is six.
constexpr std::size_t most_overhead = 8;

// The shortest end of a chunked body, "0\r\n\r\n": what is left of one is never less. Beast's parser asserts it (with
// the end in pieces of fewer bytes, anybody could end a build that has assertions), so it is fed no less.
constexpr std::size_t shortest_chunks = 5;

/// Request smuggling lives on disagreement about where a body ends: one length, or chunked, once, in HTTP/1.1 is all
/// that is taken (RFC 9112, 6.1 and 6.3). The parser itself takes an unknown coding for no body at all.
bool has_one_reading(const http::request_header<>& header) {
    auto codings = header.count(http::field::transfer_encoding), lengths = header.count(http::field::content_length);
    if (codings > 0)
        return codings == 1 && lengths == 0 && header.version() == 11 &&
               equal_ignoring_case(header[http::field::transfer_encoding], "chunked");
    return lengths == 0 || (lengths == 1 && header[http::field::content_length].find(',') == std::string_view::npos);
}

} // namespace

void request_parser::begin() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(header_limit_));
    parser_->body_limit(body_limit_);
    header_bytes_ = body_bytes_ = 0;
    skipped_ = started_ = ended_ = false;
    start();
}

void request_parser::commit(std::size_t n) {
    buffer_.commit(n);
    start();
}

void request_parser::start() {
    auto bytes = buffer_.cdata();
    std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
    if (!started_ && !skipped_ && text.starts_with("\r\n")) {
        skipped_ = true;
        text.remove_prefix(2);
        buffer_.consume(2);
    }
    started_ = started_ || (!text.empty() && (skipped_ || text != "\r"));
}

std::optional<read_end> request_parser::feed(bool header_only) {
    while (started_ && !parser_->is_done() && !(header_only && parser_->is_header_done())) {
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
        if (in_header && parser_->is_header_done() && !has_one_reading(parser_->get()))
            return read_end::unframed;
    }
    if (!started_)
        return {};
    ended_ = parser_->is_done();
    return read_end::complete;
}

} // namespace berth::net
