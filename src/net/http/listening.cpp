#include "net/http/listening.hpp"

#include "net/http/reply.hpp"
#include "net/http/text.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <array>
#include <ctime>

namespace berth::net {

using asio::ip::tcp;
using boost::system::error_code;

error_code listen(tcp::acceptor& acceptor, const tcp::endpoint& at) {
    error_code ec;
    auto step = [&ec](auto&& f) {
        if (!ec)
            f();
    };
    step([&] { acceptor.open(at.protocol(), ec); });
    // A port whose last connections linger in TIME_WAIT may be taken again: the server can be restarted at once.
    step([&] { acceptor.set_option(tcp::acceptor::reuse_address(true), ec); });
    if (at.address().is_v6())
        step([&] { acceptor.set_option(asio::ip::v6_only(true), ec); });
    step([&] { acceptor.bind(at, ec); });
    step([&] { acceptor.listen(tcp::acceptor::max_listen_connections, ec); });
    return ec;
}

bool is_absent(const error_code& ec) {
    return ec == asio::error::address_family_not_supported || ec == boost::system::errc::address_not_available ||
           ec == asio::error::no_protocol_option;
}

void turn_away(tcp::socket& socket) {
    std::string head;
    auto r = problem_reply({errc::too_many_connections, "Berth has as many connections open as it allows."});
    r.fields.emplace_back("Retry-After", "1"); // seconds
    append_head(head, r, {false, false, http_date(static_cast<std::int64_t>(std::time(nullptr)))});
    error_code ec;
    socket.non_blocking(true, ec);
    socket.write_some(asio::buffer(head + *r.body), ec);
    socket.shutdown(tcp::socket::shutdown_send, ec);
    std::array<char, 4096> scratch;
    for (int reads = 0; !ec && reads < 4; ++reads)
        socket.read_some(asio::buffer(scratch), ec);
}

} // namespace berth::net
