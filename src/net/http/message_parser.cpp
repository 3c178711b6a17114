#include "net/http/message_parser.hpp"

#include "net/http/text.hpp"

#include <cstdint>

namespace berth::net {
namespace {

namespace http = boost::beast::http;

// How many times the body's own bytes its chunks may take on the wire: in chunks of one byte each it is six.
constexpr std::size_t most_overhead = 8;

// The shortest end of a chunked body, "0\r\n\r\n": what is left of one, outside of a chunk's data, is never less.
// Beast's parser asserts it (with the end in pieces of fewer bytes, anybody could end a build that has assertions), so
// it is fed no less.
constexpr std::size_t shortest_chunks = 5;

// Of memory kept between messages, bytes: what a body that was streamed has left is more.
constexpr std::size_t kept_buffer = 8 * 1024;

/// Request smuggling lives on disagreement about where a body ends: one length, or chunked, once, in HTTP/1.1 is all
/// that is taken (RFC 9112, 6.1 and 6.3). The parser itself takes an unknown coding for no body at all.
bool has_one_reading(const http::fields& fields, unsigned version) {
    auto codings = fields.count(http::field::transfer_encoding), lengths = fields.count(http::field::content_length);
    if (codings > 0)
        return codings == 1 && lengths == 0 && version == 11 &&
               equal_ignoring_case(fields[http::field::transfer_encoding], "chunked");
    return lengths == 0 || (lengths == 1 && fields[http::field::content_length].find(',') == std::string_view::npos);
}

} // namespace

template <bool is_request>
void message_parser<is_request>::begin(bool without_body) {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(header_limit_));
    parser_->body_limit(boost::none); // ours: what is longer may still be streamed, and the header says whether
    if constexpr (!is_request)
        parser_->skip(without_body);
    if (buffer_.size() == 0 && buffer_.capacity() > kept_buffer)
        buffer_.shrink_to_fit();
    header_bytes_ = body_bytes_ = left_in_chunk_ = 0;
    in_body_ = skipped_ = started_ = ended_ = false;
    limited_ = true;
    start();
}

template <bool is_request>
void message_parser<is_request>::commit(std::size_t n) {
    buffer_.commit(n);
    start();
}

template <bool is_request>
void message_parser<is_request>::start() {
    auto bytes = buffer_.cdata();
    std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
    if (is_request && !started_ && !skipped_ && text.starts_with("\r\n")) {
        skipped_ = true;
        text.remove_prefix(2);
        buffer_.consume(2);
    }
    started_ = started_ || (!text.empty() && (!is_request || skipped_ || text != "\r"));
}

template <bool is_request>
std::optional<read_end> message_parser<is_request>::feed(bool header_only) {
    while (started_ && !parser_->is_done() && !(header_only && parser_->is_header_done())) {
        bool in_header = !parser_->is_header_done();
        if (!in_header && !in_body_) {
            in_body_ = true;
            if (parser_->chunked())
                parser_->on_chunk_header(on_chunk_);
            if (is_too_large())
                return read_end::body_too_large;
            if (limited_)
                parser_->body_limit(body_limit_); // of chunks, from now on
        }
        bool in_data = !in_header && (!parser_->chunked() || left_in_chunk_ > 0);
        if (buffer_.size() == 0 || (!in_header && !in_data && buffer_.size() < shortest_chunks))
            return {};
        auto had = parser_->get().body().size();
        boost::system::error_code ec;
        auto used = parser_->put(buffer_.data(), ec);
        buffer_.consume(used);
        if (in_data && parser_->chunked())
            left_in_chunk_ -= parser_->get().body().size() - had;
        // The parser's own limit is for what it is given at once: a header of many small fields would pass it piece by
        // piece.
        if (in_header && (header_bytes_ += used) > header_limit_)
            return read_end::header_too_large;
        if (!in_header && limited_ && (body_bytes_ += used) > most_overhead * body_limit_)
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
        if (in_header && parser_->is_header_done() && !has_one_reading(parser_->get(), parser_->get().version()))
            return read_end::unframed;
    }
    if (!started_)
        return {};
    ended_ = parser_->is_done();
    return read_end::complete;
}

template <bool is_request>
read_end message_parser<is_request>::feed_end() {
    if (!started_)
        return read_end::closed;
    boost::system::error_code ec;
    parser_->put_eof(ec);
    ended_ = !ec && parser_->is_done();
    return ended_ ? read_end::complete : read_end::closed;
}

template <bool is_request>
std::string message_parser<is_request>::take_rest() {
    auto bytes = buffer_.cdata();
    std::string rest(static_cast<const char*>(bytes.data()), bytes.size());
    buffer_.consume(rest.size());
    return rest;
}

template class message_parser<true>;
template class message_parser<false>;

} // namespace berth::net
