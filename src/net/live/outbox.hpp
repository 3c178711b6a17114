// What waits to be written to one WebSocket client, and the rule for a client that reads slowly: at most 1 MiB waits;
// when it is reached, everything that waits is dropped and a fresh snapshot takes its place. Pure.
//
// The snapshot is not made when the bound is reached but when the client is ready for it: it is then the newest there
// is, and a client that never reads costs nothing. Log text never waits here: it is read from the file when the rest is
// sent.
#pragma once

#include "net/http/reply.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace berth::net {

class outbox {
public:
    static constexpr std::size_t default_bound = 1024 * 1024; // bytes of text

    explicit outbox(std::size_t bound = default_bound) : bound_(bound) {}

    /// A change of state. Left out when a snapshot is due anyway, or one was sent that already holds it.
    void add_state(shared_text, std::uint64_t revision);
    /// News that no snapshot repeats: an event, an operation's progress, an error.
    void add_news(shared_text);
    /// State that waits is replaced by a snapshot; news stay.
    void renew();

    /// A snapshot must be made, sent before anything else, and reported here. True at first.
    bool snapshot_due() const { return snapshot_due_; }
    void snapshot_sent(std::uint64_t revision);

    /// The next message, or null. Not while a snapshot is due.
    shared_text take();

    bool empty() const { return !snapshot_due_ && waiting_.empty(); }
    std::size_t bytes() const { return bytes_; }

private:
    struct message {
        shared_text text;
        bool state = false;
    };
    void add(message);
    std::size_t bound_;
    std::deque<message> waiting_;
    std::size_t bytes_ = 0;
    bool snapshot_due_ = true;
    std::uint64_t revision_ = 0; // of the last snapshot
};

} // namespace berth::net
