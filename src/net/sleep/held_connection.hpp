// One connection that came on the port of an app that sleeps: its head is read and judged, it wakes the app or is told
// why not, waits, and is then the app's: what came is passed on as it came, and everything after it.
//
// A connection is one coroutine and lives as long as it. While it waits it is read on, up to a bound; what comes behind
// that stays with the client. A client that has said its last word may have gone or may wait for its answer, which TCP
// does not tell: it keeps its place until somebody else needs it.
#pragma once

#include "net/proxy/relay.hpp"
#include "net/sleep/held_request.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace berth::net {

class held_connection;

/// The wake of one app, for all who wait for it.
struct waking {
    std::optional<readiness> result;
    std::set<held_connection*> waiting;
};

/// What held connections need of the holder, which outlives them.
class holding {
public:
    virtual std::shared_ptr<waking> wake(const std::string& id) = 0;
    /// It waits no longer: its place is free. More than once is once.
    virtual void leave(held_connection&) = 0;
    virtual void ended(held_connection&) = 0;

protected:
    ~holding() = default;
};

class held_connection {
public:
    static constexpr std::size_t most_kept = 64 * 1024; // bytes

    /// The slot is its right to be a connection, and is released last.
    held_connection(holding& by, relay_host& host, std::shared_ptr<const app_view> app, asio::ip::tcp::socket,
                    std::shared_ptr<void> slot);
    ~held_connection();
    held_connection(const held_connection&) = delete;

    task<> run();
    /// There is no place for it.
    task<> turn_away();

    const std::string& app_id() const { return app_->app.id; }
    /// The client says no more.
    bool has_ended() const { return ended_; }
    /// The wake that it waits for is over.
    void woken();
    /// At every sweep: deadlines, and a client that goes while no more is read of it.
    void sweep(timed_socket::clock::time_point now);
    void close();

private:
    task<std::size_t> fill();
    task<read_end> judge();
    task<std::optional<readiness>> wait_until_woken();
    task<> pass_on();
    task<> answer(reply);
    void note_end();
    std::shared_ptr<const app_view> newest() const;

    std::shared_ptr<void> slot_;
    holding& by_;
    relay_host& host_;
    std::shared_ptr<const app_view> app_; // as it slept
    timed_socket client_;
    std::optional<timed_socket> upstream_;
    asio::steady_timer stirred_; // while nothing is read
    held_request request_;
    held_verdict verdict_;
    bool full_ = false; // no more is read until the app takes it
    bool ended_ = false;
    bool gone_ = false;
};

} // namespace berth::net
