// One HTTP connection: reads requests, asks the guard, the router and the calls, writes answers, in order.
//
// A connection is one coroutine and lives as long as it. What all connections share is the host, which each keeps
// alive: a connection may outlast the server object while it waits for the orchestrator.
//
// Deadlines are a time each connection stores and one sweep for all of them looks at (server.cpp), not a timer each: a
// timer costs an operation in a heap for every read, at a hundred thousand reads a second.
#pragma once

#include "net/api/api.hpp"
#include "net/http/server.hpp"
#include "net/live/hub.hpp"
#include "net/mcp/endpoint.hpp"
#include "net/proxy/relay.hpp"
#include "net/sleep/holder.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace berth::net {

class connection;

/// Shared by all connections; made by the server.
struct connection_host {
    server_options options;
    log_files& logs;
    std::uint16_t port = 0;
    std::unique_ptr<watchers> told; // before those who are told
    std::unique_ptr<net::hub> hub;
    std::shared_ptr<net::mcp::endpoint> mcp;
    std::unique_ptr<api> calls;
    request_counters counters;
    relay_host relays;
    std::unique_ptr<holder> sleepers;
    std::set<connection*> open;   // HTTP only, not those that became WebSockets
    std::size_t connections = 0;  // of all kinds, those to ports that are held too
    bool full = false;            // the last one was turned away
    bool stopping = false;        // no further request after the one under way
    std::function<void()> on_end; // a connection of either kind ended

    connection_host(server_options o, log_files& l, asio::any_io_executor executor, orchestrator& orch)
        : options(std::move(o)), logs(l), relays{std::move(executor), orch, options} {}
};

/// The right to be one more connection, for as long as it is kept, which keeps the host too; null: there are as many as
/// may be, or Berth is ending.
std::shared_ptr<void> take_slot(const std::shared_ptr<connection_host>&);

using clock = std::chrono::steady_clock;

/// What the sweep and the server's end see of a connection.
class connection {
public:
    /// Ends the wait that is past its deadline, if one is.
    virtual void sweep(clock::time_point now) = 0;
    /// Closes it if it is between requests.
    virtual void close_if_idle() = 0;
    virtual void close_now() = 0;

protected:
    ~connection() = default;
};

/// Serves one connection to its end. Never throws. The slot is released at its end (of the WebSocket, if it becomes
/// one).
task<> serve(asio::ip::tcp::socket, std::shared_ptr<connection_host>, std::shared_ptr<void> slot);

} // namespace berth::net
