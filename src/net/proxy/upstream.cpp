#include "net/proxy/upstream.hpp"

#include "net/proxy/tunnel.hpp"

namespace berth::net {
namespace {

constexpr std::size_t answer_piece = 32 * 1024;      // bytes, at most, asked of the socket at once
constexpr std::size_t answer_head_limit = 64 * 1024; // bytes; a page that sets many cookies

} // namespace

upstream::upstream(asio::any_io_executor executor, std::uint16_t port, std::shared_ptr<void> slot)
    : executor_(std::move(executor)), port_(port), socket_(executor_), parser_(answer_head_limit, 0),
      slot_(std::move(slot)) {}

task<bool> upstream::connect(std::chrono::milliseconds deadline) {
    return connect_to_app(socket_, executor_, port_, deadline);
}

task<std::optional<read_end>> upstream::fill() {
    auto space = parser_.prepare(answer_piece);
    auto n = co_await socket_->read_some(space);
    if (n == 0)
        co_return parser_.feed_end();
    parser_.commit(n);
    co_return std::nullopt;
}

task<read_end> upstream::read_head(bool to_head_request) {
    parser_.begin(to_head_request);
    parser_.lift_limit();
    std::optional<read_end> end;
    while (!(end = parser_.feed(true)))
        if (auto failed = co_await fill())
            co_return *failed == read_end::complete ? read_end::closed : *failed;
    co_return *end;
}

task<std::optional<read_end>> upstream::read_piece() {
    for (;;) {
        auto end = co_await fill();
        if (!end)
            end = parser_.feed(false);
        if (end || !parser_.piece().empty())
            co_return end;
    }
}

bool upstream::is_free() {
    return parser_.keep_alive() && !parser_.has_more() && socket_->look() == timed_socket::other_end::there;
}

} // namespace berth::net
