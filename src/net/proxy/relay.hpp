// The requests of one client's connection that are for an app's host, passed on to the app, and its answers back:
// spec section 16. Both ways at once, piece by piece: what one end does not take, the other is not asked for.
//
// Belongs to the connection, which reads the heads of requests, decides whose they are, and writes the answers that
// are Berth's own. The connection to the app is kept for the next request, for this client alone: no pool, so nothing
// of one client can end up with another. Where the app closes it at that very moment, only what can be repeated without
// harm is sent again; everything else gets a connection of its own.
//
// Deadlines are for the client: spec section 11's idle time, while anything waits for it. An app may think as long as
// it likes (somebody may have stopped it in a debugger), and a WebSocket may be silent for hours.
#pragma once

#include "core/orchestrator.hpp"
#include "net/http/reply.hpp"
#include "net/http/request_head.hpp"
#include "net/http/request_reader.hpp"
#include "net/http/server.hpp"
#include "net/proxy/pages.hpp"
#include "net/proxy/upstream.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace berth::net {

/// What all relays share; outlives them.
struct relay_host {
    asio::any_io_executor executor;
    orchestrator& orch;
    const server_options& options;
    std::uint16_t port = 0;    // Berth's own
    std::size_t upstreams = 0; // connections to apps

    /// The right to one more of them, for as long as it is kept; null: there are as many as may be.
    std::shared_ptr<void> take_upstream();
};

class relay {
public:
    /// All must outlive it.
    relay(relay_host& host, timed_socket& client, request_reader& reader)
        : host_(host), client_(client), reader_(reader) {}

    struct outcome {
        std::optional<reply> instead; // nothing was answered yet: this is to be
        int status = 0;               // else: of the answer that the client has
        bool keep_alive = false;      // a further request may follow it
    };
    /// The request whose header has come, for the host with this label. `may_go_on`: a further one may follow.
    task<outcome> pass(const request_head&, std::string_view label, bool may_go_on);

    /// At every sweep: deadlines, a client that has gone while the app thinks, a connection that was kept for too long.
    void sweep(timed_socket::clock::time_point now);
    /// It is a WebSocket now: nothing more will end by itself.
    bool tunnels() const { return tunnels_; }
    void close();

private:
    struct exchange;

    task<outcome> pass_to(const app&, const asker&, exchange&);
    bool open(std::uint16_t port);
    task<> send_and_answer(exchange&);
    task<> send_body(exchange&);
    task<> answer(exchange&);
    task<bool> read_answer_head(exchange&);
    task<> pass_answer(exchange&);
    task<> tunnel(exchange&);
    task<bool> to_client(asio::const_buffer first, asio::const_buffer second = {});

    relay_host& host_;
    timed_socket& client_;
    request_reader& reader_;
    std::unique_ptr<upstream> app_;
    std::optional<timed_socket::clock::time_point> parked_until_; // no request is under way on it
    std::string out_;                                             // kept: its memory serves every head
    bool reads_client_ = false;                                   // waits for a piece of a body
    bool writes_client_ = false;                                  // waits until it has taken something
    bool tunnels_ = false;
};

} // namespace berth::net
