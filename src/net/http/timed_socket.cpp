#include "net/http/timed_socket.hpp"

#include <poll.h>

#include <array>

namespace berth::net {

timed_socket::timed_socket(asio::ip::tcp::socket socket) : socket_(std::move(socket)) { prepare(); }

void timed_socket::prepare() {
    // A client that is gone already makes these fail; its first read says so.
    boost::system::error_code ec;
    socket_.non_blocking(true, ec);
    socket_.set_option(asio::ip::tcp::no_delay(true), ec);
}

void timed_socket::sweep(clock::time_point now) {
    if (now < deadline_)
        return;
    deadline_ = clock::time_point::max();
    expired_ = true;
    boost::system::error_code ec;
    socket_.cancel(ec);
}

void timed_socket::close() {
    boost::system::error_code ec;
    socket_.close(ec);
}

void timed_socket::interrupt() { sweep(clock::time_point::max()); }

void timed_socket::end() {
    boost::system::error_code ec;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
}

timed_socket::other_end timed_socket::look() noexcept {
    char byte;
    boost::system::error_code ec;
    auto n = socket_.receive(asio::buffer(&byte, 1), asio::ip::tcp::socket::message_peek, ec);
    if (n > 0 || ec == asio::error::would_block || ec == asio::error::try_again)
        return other_end::there;
    return ec == asio::error::eof ? other_end::ended : other_end::gone;
}

timed_socket::other_end timed_socket::look_behind() {
#ifdef POLLRDHUP
    constexpr short ended = POLLRDHUP;
#else
    constexpr short ended = 0;
#endif
    pollfd seen{socket_.native_handle(), ended, 0};
    if (poll(&seen, 1, 0) < 0)
        return other_end::there;
    if (seen.revents & (POLLERR | POLLHUP | POLLNVAL))
        return other_end::gone;
    return seen.revents & ended ? other_end::ended : other_end::there;
}

std::string timed_socket::address() const {
    boost::system::error_code ec;
    auto other = socket_.remote_endpoint(ec);
    return ec ? std::string() : other.address().to_string();
}

task<bool> timed_socket::connect(asio::ip::tcp::endpoint to) {
    if (expired_)
        co_return false;
    auto [ec] = co_await socket_.async_connect(to, as_result);
    if (ec)
        co_return false;
    prepare();
    co_return true;
}

task<std::size_t> timed_socket::read_some(asio::mutable_buffer into) {
    if (expired_ || !socket_.is_open())
        co_return 0;
    auto [ec, n] = co_await socket_.async_read_some(into, as_result);
    co_return ec ? 0 : n;
}

task<bool> timed_socket::write(asio::const_buffer first, asio::const_buffer second) {
    std::array<asio::const_buffer, 2> rest = {first, second};
    for (;;) {
        if (expired_ || !socket_.is_open())
            co_return false;
        // At first without a wait: an answer nearly always fits the socket's buffer, and a wait is a turn of the
        // reactor.
        boost::system::error_code ec;
        auto sent = socket_.write_some(rest, ec);
        if (ec == asio::error::would_block || ec == asio::error::try_again) {
            auto [failed, more] = co_await socket_.async_write_some(rest, as_result);
            ec = failed;
            sent = more;
        }
        if (ec)
            co_return false;
        for (auto& buffer : rest) {
            auto part = std::min(sent, buffer.size());
            buffer += part;
            sent -= part;
        }
        if (rest[0].size() + rest[1].size() == 0)
            co_return true;
    }
}

task<> timed_socket::linger() {
    constexpr int most_reads = 1024; // of 4 KiB; who sends more after a refusal does not want the answer
    boost::system::error_code ec;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
    if (ec)
        co_return;
    expired_ = false;
    expire_after(std::chrono::seconds(1));
    std::array<char, 4096> scratch;
    for (int i = 0; i < most_reads; ++i) {
        auto buffer = asio::buffer(scratch);
        if (co_await read_some(buffer) == 0)
            break;
    }
}

} // namespace berth::net
