// The bounds of /mcp; tests shorten them.
#pragma once

#include <chrono>
#include <cstddef>

namespace berth::net {

struct mcp_options {
    std::size_t most_sessions = 64;               // the one unused the longest makes room for a new one
    std::chrono::milliseconds unused{3'600'000};  // ends a session
    std::chrono::milliseconds at_once{500};       // what takes longer is answered as a stream
    std::chrono::milliseconds keep_alive{15'000}; // a comment in a stream that is silent for so long
    std::chrono::milliseconds progress{5'000};    // at least as often, to a client that asked for it
    std::chrono::milliseconds patience{60'000};   // with clients that hold the room of others
    std::chrono::milliseconds look{1'000};        // at all sessions
};

} // namespace berth::net
