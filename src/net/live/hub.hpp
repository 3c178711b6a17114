// The WebSocket clients of GET /api/events: spec section 8. Told of every change by the orchestrator (watchers.hpp), it
// writes each message once and hands the same buffer to every client.
//
// Lives on the reactor. Beast's WebSocket is seen by one source file only (websocket.cpp): it costs 14 s to compile.
#pragma once

#include "core/logs.hpp"
#include "core/orchestrator.hpp"
#include "net/live/watchers.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <memory>

namespace berth::net {

struct hub_options {
    std::chrono::milliseconds ping_every{20'000};
    std::chrono::milliseconds silence{60'000};       // a client unheard for as long is dropped
    std::chrono::milliseconds look_every{250};       // at a followed file that no hint speaks of
    std::chrono::milliseconds close_deadline{1'000}; // for the closing handshake, at the server's end
    // Clients that come when as many are connected go uncompressed: Beast's deflate state is 16 KB for each, which with
    // a thousand of them is most of the server's memory.
    std::size_t max_compressed = 64;
};

using upgrade_request = boost::beast::http::request<boost::beast::http::string_body>;

class hub {
public:
    virtual ~hub() = default;

    /// Takes over a connection whose upgrade request passed the guard and was read to its end. `slot` is released when
    /// the connection ends: it counts it, and it keeps the hub alive.
    virtual void adopt(asio::ip::tcp::socket, upgrade_request, std::shared_ptr<void> slot) = 0;

    /// Connected now, handshake done.
    virtual std::size_t clients() const = 0;

    /// Closes every client with 1001 (going away) and returns when the last is gone, a little over close_deadline at
    /// most.
    virtual task<> shut_down() = 0;
};

/// It adds itself to the watchers, which must outlive it; shut_down() ends that. What is said of the orchestrator and the
/// log files in server.hpp holds here.
std::unique_ptr<hub> create_hub(asio::any_io_executor, orchestrator&, watchers&, log_files&, hub_options);

} // namespace berth::net
