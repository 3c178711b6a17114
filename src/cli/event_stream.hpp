// The server's WebSocket, /api/events, message by message. Beast's WebSocket is seen by event_stream.cpp alone: it
// costs 14 s to compile. Lives on the command's reactor.
#pragma once

#include "cli/address.hpp"
#include "cli/failure.hpp"
#include "core/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace berth::cli {

class event_stream {
public:
    virtual ~event_stream() = default;

    /// Connects, within 5 s. Fails with exit_code::no_server, or with exit_code::failed when the server refuses.
    virtual task<outcome<>> open() = 0;

    /// One message to the server.
    virtual task<outcome<>> send(std::string) = 0;

    /// The next message: one JSON object. Fails with exit_code::no_server when the connection has ended, for whatever
    /// reason, close() included; a server that is silent for 60 s counts as gone (it pings every 20 s).
    virtual task<outcome<std::string>> next() = 0;

    /// Ends the connection at once.
    virtual void close() = 0;
};

std::unique_ptr<event_stream> create_event_stream(asio::any_io_executor, server_address);

/// A stream serves one connection; who connects again makes a new one.
using event_stream_factory = std::function<std::unique_ptr<event_stream>()>;

} // namespace berth::cli
