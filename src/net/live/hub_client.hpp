// One client of the hub: two coroutines, one that reads what the client asks for and one that writes what it is to
// have.
//
// The writer alone decides what is sent next: a ping, then news and state from the outbox, then log text, a piece of
// one followed file after a piece of the next. Log text is read from the file only when everything else is sent, so
// that a slow client costs one piece of memory and no more.
#pragma once

#include "net/http/reply.hpp"
#include "net/live/follower.hpp"
#include "net/live/hub.hpp"
#include "net/live/websocket.hpp"

#include <memory>
#include <string>

namespace berth::net {

/// What a client needs of the hub. Outlives its clients' tasks.
class client_home {
public:
    struct snapshot {
        std::uint64_t revision = 0;
        shared_text text;
    };
    virtual snapshot current() = 0;
    virtual bool has_app(const std::string& id) const = 0;
    /// Counted by the hub: a file is looked at while somebody follows it.
    virtual void followed(const std::string& id) = 0;
    virtual void unfollowed(const std::string& id) = 0;
    virtual log_files& logs() = 0;

protected:
    ~client_home() = default;
};

class hub_client {
public:
    static constexpr std::size_t max_follows = 64; // at a time

    virtual ~hub_client() = default;

    // What the hub tells all its clients.
    virtual void send_state(const shared_text&, std::uint64_t revision) = 0;
    virtual void send_news(const shared_text&) = 0;
    virtual void renew() = 0;                       // a fresh snapshot is due
    virtual void forget(const std::string& id) = 0; // the app is gone
    virtual void looked(const std::string& id, log_stream, const log_piece&) = 0;

    /// Pings when it is time, drops a client that was silent for too long.
    virtual void tick(std::chrono::steady_clock::time_point now, const hub_options&) = 0;
    /// The closing handshake with 1001.
    virtual task<> close() = 0;
    virtual void abort() = 0;

    /// Serves the client to its end, both coroutines.
    virtual task<> run() = 0;
};

/// The slot is released when the client's last task has ended: it keeps the home alive until then.
std::shared_ptr<hub_client> create_hub_client(asio::any_io_executor, client_home&, std::unique_ptr<websocket>,
                                              std::shared_ptr<void> slot);

} // namespace berth::net
