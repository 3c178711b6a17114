#include "net/request_reader.hpp"

namespace berth::net {
namespace {

namespace http = boost::beast::http;

// What is asked of the socket at once, bytes. A request of the dashboard is about 600.
constexpr std::size_t read_size = 4096;

// How many times the body's own bytes its chunks may take on the wire: in chunks of one byte each it is six.
constexpr std::size_t most_overhead = 8;

// The shortest end of a chunked body, "0\r\n\r\n": what is left of one is never less. Beast's parser asserts it (with
// the end in pieces of fewer bytes, anybody could end a build that has assertions), so it is fed no less.
constexpr std::size_t shortest_chunks = 5;

} // namespace

std::optional<read_end> request_reader::feed(bool header_only) {
    while (!parser_->is_done() && !(header_only && parser_->is_header_done())) {
        bool in_header = !parser_->is_header_done();
        if (buffer_.size() == 0 || (!in_header && parser_->chunked() && buffer_.size() < shortest_chunks))
            return {};
        boost::system::error_code ec;
        auto used = parser_->put(buffer_.data(), ec);
        buffer_.consume(used);
        // The parser's own limit is for what it is given at once: a header of many small fields would pass it piece by piece.
        if (in_header && (header_bytes_ += used) > options_.header_limit)
            return read_end::header_too_large;
        if (!in_header && (body_bytes_ += used) > most_overhead * options_.body_limit)
            return read_end::body_too_large;
        // The parser has no limit for a chunk's extensions and for trailers: it asks for more as long as they last.
        if (ec == http::error::need_more)
            return buffer_.size() > options_.header_limit ? std::optional(read_end::header_too_large) : std::nullopt;
        if (ec == http::error::header_limit)
            return read_end::header_too_large;
        if (ec == http::error::body_limit)
            return read_end::body_too_large;
        if (ec)
            return read_end::malformed;
    }
    return read_end::complete;
}

task<std::optional<read_end>> request_reader::fill() {
    auto space = buffer_.prepare(read_size);
    auto n = co_await socket_.read_some(space);
    if (n == 0)
        co_return socket_.expired() && !waiting_ ? read_end::timed_out : read_end::closed;
    buffer_.commit(n);
    if (waiting_) {
        waiting_ = false;
        socket_.expire_after(options_.request_deadline);
    }
    co_return std::nullopt;
}

task<read_end> request_reader::read_header() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options_.header_limit));
    parser_->body_limit(options_.body_limit);
    header_bytes_ = body_bytes_ = 0;
    waiting_ = buffer_.size() == 0;
    socket_.expire_after(waiting_ ? options_.idle_deadline : options_.request_deadline);
    for (;;) {
        if (auto end = feed(true))
            co_return *end;
        if (auto end = co_await fill())
            co_return *end;
    }
}

task<read_end> request_reader::read_body() {
    for (;;) {
        if (auto end = feed(false))
            co_return *end;
        if (auto end = co_await fill())
            co_return *end;
    }
}

std::optional<reply> refusal(read_end end, const server_options& options, std::uint16_t port) {
    auto refuse = [](errc code, std::string detail) {
        auto r = problem_reply({code, std::move(detail)});
        r.close = true;
        return r;
    };
    switch (end) {
    case read_end::timed_out:
        return refuse(errc::request_timeout, "The request was not sent within " +
                                                 std::to_string(options.request_deadline.count() / 1000) + " s.");
    case read_end::malformed: return refuse(errc::invalid_request, "This is not a valid HTTP/1.1 request.");
    case read_end::header_too_large:
        return refuse(errc::header_too_large,
                      "A header may hold " + std::to_string(options.header_limit) +
                          " bytes. A browser sends the cookies of every app on localhost along: open http://127.0.0.1:" +
                          std::to_string(port) + " instead, or remove them.");
    case read_end::body_too_large:
        return refuse(errc::body_too_large, "A body may hold " + std::to_string(options.body_limit) + " bytes.");
    case read_end::complete:
    case read_end::closed: break;
    }
    return {};
}

} // namespace berth::net
