// A TCP connect to the loopback: does anybody accept there? Blocks for at most 300 ms, so for the worker pool.
#pragma once

#include <cstdint>

namespace berth {

/// Closed again at once: to the server it is a connection without a request, which makes Next compile nothing.
bool connects_to_loopback(std::uint16_t port, bool v6);

} // namespace berth
