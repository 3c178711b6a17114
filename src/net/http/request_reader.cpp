#include "net/http/request_reader.hpp"

namespace berth::net {
namespace {

// What is asked of the socket at once, bytes. A request of the dashboard is about 600.
constexpr std::size_t read_size = 4096;
constexpr std::size_t piece_size = 32 * 1024; // of a body that is streamed

} // namespace

task<std::optional<read_end>> request_reader::fill(std::size_t most) {
    auto space = parser_.prepare(most);
    auto n = co_await socket_.read_some(space);
    if (n == 0)
        co_return socket_.expired() && !waiting_ ? read_end::timed_out : read_end::closed;
    parser_.commit(n);
    if (waiting_ && parser_.started()) {
        waiting_ = false;
        socket_.expire_after(options_.request_deadline);
    }
    co_return std::nullopt;
}

task<read_end> request_reader::read(bool header_only) {
    for (;;) {
        if (auto end = parser_.feed(header_only))
            co_return *end;
        if (auto end = co_await fill(read_size))
            co_return *end;
    }
}

task<std::optional<read_end>> request_reader::read_piece() {
    for (;;) {
        auto end = parser_.feed(false);
        if (end || !parser_.piece().empty())
            co_return end;
        end = co_await fill(piece_size);
        if (end)
            co_return end;
    }
}

upgrade_request request_reader::take() {
    auto& whole = parser_.get();
    return upgrade_request(std::move(whole.base()), std::move(whole.body()));
}

task<read_end> request_reader::read_header() {
    parser_.begin();
    waiting_ = !parser_.started();
    socket_.expire_after(waiting_ ? options_.idle_deadline : options_.request_deadline);
    return read(true);
}

task<read_end> request_reader::read_body() { return read(false); }

std::optional<reply> refusal(read_end end, const server_options& options, std::uint16_t port) {
    auto refuse = [](errc code, std::string detail) { return problem_reply({code, std::move(detail)}); };
    switch (end) {
    case read_end::timed_out:
        return refuse(errc::request_timeout, "The request was not sent within " +
                                                 std::to_string(options.request_deadline.count() / 1000) + " s.");
    case read_end::malformed:
        return refuse(errc::invalid_request, "This is not a valid HTTP/1.1 request.");
    case read_end::unframed:
        return refuse(errc::invalid_request, "Where the body ends is not clear: send one Content-Length, or "
                                             "Transfer-Encoding: chunked alone, once, in HTTP/1.1.");
    case read_end::header_too_large:
        return refuse(
            errc::header_too_large,
            "A header may hold " + std::to_string(options.header_limit) +
                " bytes. A browser sends the cookies of every app on localhost along: open http://127.0.0.1:" +
                std::to_string(port) + " instead, or remove them.");
    case read_end::body_too_large:
        return refuse(errc::body_too_large, "A body may hold " + std::to_string(options.body_limit) + " bytes.");
    case read_end::complete:
    case read_end::closed:
        break;
    }
    return {};
}

} // namespace berth::net
