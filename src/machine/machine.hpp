// The machine as it is: processes, listeners, load (core/machine.hpp has the promises).
//
// The kernel is asked for the listening sockets at each look, on Linux a matter of microseconds; all processes are
// walked at most each 900 ms, or at once when a listener is there that has to be attributed. What differs from system
// to system is behind kernel.hpp.
#pragma once

#include "core/machine.hpp"
#include "core/own_connections.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>

namespace berth {

/// Both must outlive it; the pool must be joined before it is destroyed. `own`: what no app is said to be connected by.
std::unique_ptr<machine>
create_machine(asio::any_io_executor, asio::thread_pool&,
               std::shared_ptr<const own_connections> own = std::make_shared<own_connections>());

} // namespace berth
