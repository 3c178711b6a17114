#include "cli/connect.hpp"

#include "cli/http_client.hpp"

#include <boost/asio/ip/address.hpp>

namespace berth::cli {

task<outcome<>> connect(boost::beast::tcp_stream& stream, const server_address& address) {
    for (auto& ip : address.ips()) {
        asio::ip::tcp::endpoint endpoint(asio::ip::make_address(ip), address.port);
        stream.expires_after(std::chrono::seconds(2));
        auto [failed] = co_await stream.async_connect(endpoint, as_result);
        if (!failed)
            co_return outcome<>();
        stream.close();
    }
    co_return no_server(address);
}

} // namespace berth::cli
