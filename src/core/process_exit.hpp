// The end of a child, as a descriptor that can be waited for with others. No SIGCHLD handler is needed.
#pragma once

#include "core/unique_fd.hpp"

namespace berth {

/// Readable once the child has ended: a pidfd; on macOS a kqueue; where both are refused (a kernel before 5.3, some
/// containers), see below. Empty, with errno, where nothing can be had.
unique_fd watch_exit(int pid);

/// A pipe that closes, by a thread that waits for the child (and leaves its exit status to whoever asks).
unique_fd watch_exit_by_thread(int pid);

} // namespace berth
