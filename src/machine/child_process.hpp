// Children of this machine: what core/child_process.hpp promises, on posix_spawn.
//
// A child's exit comes through a descriptor (core/process_exit.hpp), so no SIGCHLD handler is needed.
// Boost.Process v2 of 1.81 was rejected: its children inherit the listening socket, and its wait ignores cancellation.
#pragma once

#include "core/child_process.hpp"

namespace berth {

/// The spawner of this machine.
result<std::unique_ptr<child_process>> spawn_child(const asio::any_io_executor&, const child_options&);

} // namespace berth
