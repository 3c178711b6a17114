// The server-sent events of one session: what was sent lately on each of its streams and what still waits to be. One
// structure is both the queue and the replay: whoever sends a stream, or takes it up again, holds a place in it
// (Streamable HTTP, "Resumability and Redelivery"). Pure.
//
// Bounded: beyond either bound the oldest notifications go, and only then the oldest responses, as a request whose
// response is gone is never answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace berth::net::mcp {

/// A place in a stream. Number 0 is what GET opens, each other one the answer to a request.
struct event_place {
    std::uint64_t stream = 0;
    std::uint64_t after = 0; // of the session's events, which are counted from 1
    bool operator==(const event_place&) const = default;
};

/// "3-17", as an event's id says it.
std::string to_text(const event_place&);
/// None: not an id that we have given out.
std::optional<event_place> parse_place(std::string_view);

class event_log {
public:
    static constexpr std::size_t most_events = 256;
    static constexpr std::size_t most_bytes = 256 * 1024; // of messages; the newest is kept whatever its size

    void add(std::uint64_t stream, std::string message, bool response);

    /// What comes after the place, ready to be sent, and the place moved behind it; empty: nothing.
    std::string take(event_place&) const;

    /// The number of the newest event, 0 when there was none.
    std::uint64_t newest() const { return newest_; }
    std::size_t events() const { return kept_.size(); }
    std::size_t bytes() const { return bytes_; }

private:
    struct event {
        std::uint64_t number;
        std::uint64_t stream;
        std::string message;
        bool response;
    };
    void trim();

    std::deque<event> kept_;
    std::size_t bytes_ = 0;
    std::uint64_t newest_ = 0;
};

/// An event without a message: it tells the client an id to come back with.
std::string priming_event(const event_place&);

} // namespace berth::net::mcp
