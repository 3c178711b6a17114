// Berth's HTTP and WebSocket server: listens on the loopback, guards, routes, answers.
//
// Owns the listening sockets, every connection and the hub of WebSocket clients. Lives on the reactor; nothing in here
// blocks it but the reading of the dashboard's files in create_server().
#pragma once

#include "core/logs.hpp"
#include "core/orchestrator.hpp"
#include "net/live/hub.hpp"
#include "net/mcp/options.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace berth::net {

struct server_options {
    std::uint16_t port = 3099;      // 0: any free one, for tests
    std::filesystem::path web_root; // the built dashboard: index.html, assets/
    std::string version;

    // The bounds of spec section 11. Tests shorten them.
    std::size_t header_limit = 16 * 1024; // bytes; a browser sends the cookies of every app on localhost along
    std::size_t body_limit = 64 * 1024;   // bytes
    std::size_t max_connections = 4'096;
    std::size_t max_upstreams = 1'024;                  // to apps, for those who ask for them by name
    std::chrono::milliseconds request_deadline{10'000}; // from a request's first byte to its last
    std::chrono::milliseconds idle_deadline{60'000};    // between requests, and without progress in an answer
    std::chrono::milliseconds shut_down_deadline{2'000};
    std::chrono::milliseconds arrival_patience{10'000}; // for an app that starts, asked for by name

    // Of the ports that are held for apps that sleep (net/sleep/holder.hpp).
    std::size_t most_held = 64;                        // connections that wait for one app
    std::chrono::milliseconds wake_patience{120'000};  // of those
    std::chrono::milliseconds hold_again_after{2'000}; // where a port could not be had

    hub_options hub;
    mcp_options mcp;
};

class server {
public:
    virtual ~server() = default;

    /// Listens on 127.0.0.1 and, where the machine has it, on ::1; fails with a sentence that names the port. Requests
    /// are answered from then on: the orchestrator must be open.
    virtual result<> open() = 0;

    /// The port it listens on; after open().
    virtual std::uint16_t port() const = 0;

    /// Stops accepting, closes idle connections at once and WebSocket clients with 1001, lets answers under way end.
    /// Returns when all are gone, at shut_down_deadline at the latest; what is left then is closed. A request that
    /// still waits for the orchestrator keeps its task until the orchestrator answers (its own shut_down() sees to
    /// that).
    virtual task<> shut_down() = 0;
};

/// The orchestrator and the log files must outlive the server and its last task: destroy them after the io_context has
/// stopped.
/// `workers`: the pool's executor, for what would hold up the reactor, the first one.
std::unique_ptr<server> create_server(asio::any_io_executor, asio::any_io_executor workers, orchestrator&, log_files&,
                                      server_options);

} // namespace berth::net
