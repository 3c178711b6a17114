// One WebSocket at the server's end, as Berth uses it: a pipe of text messages. Beast behind a narrow seam: only
// websocket.cpp sees its WebSocket (14 s to compile), and tests can put another pipe in its place.
//
// Lives on the reactor. One read and one write may be under way at the same time; ping() counts as a write.
#pragma once

#include "net/live/hub.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace berth::net {

class websocket {
public:
    static constexpr std::size_t max_message = 64 * 1024; // bytes, from a client
    static constexpr std::size_t compress_from = 1024;    // bytes, to a client that offered permessage-deflate

    virtual ~websocket() = default;

    /// The handshake; false when it failed (it was answered then).
    virtual task<bool> accept(upgrade_request) = 0;
    /// The next message; none at the end. A message that breaks the rules ends it, with the close code for that: 1003
    /// binary, 1007 not UTF-8 or not deflate, 1009 over max_message.
    virtual task<std::optional<std::string>> read() = 0;
    /// False: the connection is gone. The text must stay until then.
    virtual task<bool> write(const std::string&) = 0;
    /// The same, never compressed.
    virtual task<bool> write_plain(const std::string&) = 0;
    virtual task<bool> ping() = 0;
    /// The closing handshake with 1001 (going away); read() and write() under way end. May wait for the client for
    /// ever: abort() ends that.
    virtual task<> close() = 0;
    /// Closes the socket; everything under way ends.
    virtual void abort() = 0;
    /// When anything last came from the client.
    virtual std::chrono::steady_clock::time_point last_heard() const = 0;
};

/// compress: take permessage-deflate where the client offers it.
std::unique_ptr<websocket> create_websocket(asio::ip::tcp::socket, bool compress);

} // namespace berth::net
