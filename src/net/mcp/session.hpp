// One client between initialize and its end: its requests under way, its streams, its subscriptions.
//
// Kept alive by the sessions' list and by whatever works or sends for it: a session that was ended meanwhile takes what
// still comes and gives it to nobody. Lives on the reactor.
#pragma once

#include "net/http/event_source.hpp"
#include "net/mcp/event_log.hpp"
#include "net/mcp/session_call.hpp"
#include "net/mcp/subscriptions.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace berth::net::mcp {

class session : public std::enable_shared_from_this<session> {
public:
    static constexpr std::size_t most_calls = 64; // at a time

    session(asio::any_io_executor, std::string id, std::string revision);

    const std::string& id() const { return id_; }
    const std::string& revision() const { return revision_; }

    void use() { used_ = clock::now(); }
    /// Without a request, a call under way or a listening client since then.
    clock::time_point unused_since() const;

    /// None, with an error: the id is in use, or too many are under way.
    boost::system::result<std::shared_ptr<session_call>, rpc_error> begin(rpc_message);
    /// The client does not want this request any more; false: it is not under way. It may be on its way on a slower
    /// connection than this word of it, so that is remembered for a while: begin() has it cancelled then.
    bool cancel(const nlohmann::json& id);
    void forget(const nlohmann::json& id);
    void beat(clock::time_point now, std::chrono::milliseconds every);

    /// Waits until the call has an answer or a stream, or the time is over.
    task<> answered(const session_call&, std::chrono::milliseconds);

    std::uint64_t open_stream();
    void close_stream(std::uint64_t stream);
    void add(std::uint64_t stream, std::string message, bool response);
    /// It may be taken up again: it goes on, or something is left of it.
    bool knows(event_place) const;
    /// What follows the place, until the stream ends, somebody else takes it, or the session ends. `prime`: begin with
    /// an event that tells the place.
    std::shared_ptr<event_source> read(event_place, bool prime, std::chrono::milliseconds keep_alive);
    /// Where the stream of GET begins for one who has no place in it: what comes from now on.
    event_place now() const { return {0, log_.newest()}; }

    // Of the stream that GET opens.
    bool listens() const { return listening_; }
    subscriptions wanted;
    bool list_changed = false; // to be told
    /// Tells what is due, where somebody listens.
    void flush(clock::time_point now);

    void end();
    bool ended() const { return ended_; }

private:
    friend class stream_reader;
    void wake();
    task<> wait(std::chrono::milliseconds);

    asio::any_io_executor executor_;
    std::string id_;
    std::string revision_;
    clock::time_point used_ = clock::now();
    std::map<std::string, std::shared_ptr<session_call>> calls_; // by id, as JSON
    std::map<std::string, clock::time_point> cancelled_;         // not seen yet; the same
    event_log log_;
    std::uint64_t streams_ = 0;                            // opened so far
    std::set<std::uint64_t> open_;                         // those that go on
    std::map<std::uint64_t, const event_source*> readers_; // of each stream, the last one
    std::set<asio::steady_timer*> waiting_;
    bool listening_ = false;
    bool ended_ = false;
};

} // namespace berth::net::mcp
