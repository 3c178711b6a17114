#include "net/proxy/tunnel.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <vector>

namespace berth::net {
namespace {

using namespace asio::experimental::awaitable_operators;

constexpr std::size_t piece_size = 16 * 1024; // bytes

struct ends {
    timed_socket& a;
    timed_socket& b;
    std::chrono::milliseconds silence;
    bool one_is_over = false;

    void hurry() {
        a.expire_after(silence);
        b.expire_after(silence);
    }
};

task<> pump(timed_socket& from, timed_socket& to, std::string first, ends& both) {
    auto bytes = asio::buffer(std::as_const(first));
    auto sent = co_await to.write(bytes);
    first = {};
    std::vector<char> piece(piece_size);
    while (sent) {
        auto space = asio::buffer(piece);
        auto n = co_await from.read_some(space);
        if (n == 0)
            break;
        auto came = asio::const_buffer(piece.data(), n);
        sent = co_await to.write(came);
        if (both.one_is_over)
            both.hurry();
    }
    to.end();
    both.one_is_over = true;
    both.hurry();
}

} // namespace

task<bool> connect_to_app(std::optional<timed_socket>& socket, asio::any_io_executor executor, std::uint16_t port,
                          std::chrono::milliseconds deadline) {
    using asio::ip::tcp;
    tcp::endpoint v4(asio::ip::address_v4::loopback(), port), v6(asio::ip::address_v6::loopback(), port);
    socket.emplace(executor);
    socket->expire_after(deadline);
    bool connected = co_await socket->connect(v4);
    if (!connected) {
        socket.emplace(executor);
        socket->expire_after(deadline);
        connected = co_await socket->connect(v6);
    }
    socket->expire_never();
    co_return connected;
}

task<> tunnel(timed_socket& a, timed_socket& b, std::string from_a, std::string from_b,
              std::chrono::milliseconds silence) {
    ends both{a, b, silence};
    co_await (pump(a, b, std::move(from_a), both) && pump(b, a, std::move(from_b), both));
}

} // namespace berth::net
