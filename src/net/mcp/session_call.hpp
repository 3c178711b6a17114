// A request under way. Its answer is written once: into the session's events when a stream was opened for it, else
// here, for the connection that waits.
//
// Belongs to its session until it is finished, and to who works on it. Lives on the reactor.
#pragma once

#include "net/mcp/json_rpc.hpp"
#include "net/mcp/running_call.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace berth::net::mcp {

using clock = std::chrono::steady_clock;

class session;

class session_call final : public running_call {
public:
    session_call(session&, rpc_message);

    const rpc_message& message() const { return message_; }

    void tell(std::string message) override;
    bool cancelled() const override { return cancelled_; }
    void keep(std::shared_ptr<void> room) override { room_ = std::move(room); }

    /// Says the last words again, where nothing was said for a while: silence looks like death to a client.
    void beat(clock::time_point now, std::chrono::milliseconds every);

    /// The work has ended with this message. Nobody is told of what was cancelled.
    void finish(std::string answer);
    /// Nothing more comes of it to the client.
    void cancel();

    bool done() const { return done_; }
    /// The stream that carries it, which this opens; 0 is none.
    std::uint64_t open_stream();
    std::uint64_t stream() const { return stream_; }
    std::string take_answer() { return std::move(answer_); }
    std::shared_ptr<void> take_room() { return std::move(room_); }

private:
    void send_progress();

    session& session_; // which owns this
    rpc_message message_;
    nlohmann::json token_; // null: no progress is wanted
    std::string told_;
    clock::time_point told_at_ = clock::now();
    std::int64_t progress_ = 0;
    std::uint64_t stream_ = 0;
    std::string answer_;
    std::shared_ptr<void> room_;
    bool done_ = false;
    bool cancelled_ = false;
};

} // namespace berth::net::mcp
