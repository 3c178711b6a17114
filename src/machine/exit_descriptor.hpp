// The end of a child as a descriptor that becomes readable: a pidfd, on macOS a kqueue. Where the system refuses a pidfd
// (before Linux 5.3, in some containers), a pipe whose other end a thread closes once the child has ended: it waits
// without reaping it (waitid with WNOWAIT), so that the exit code is still there for its owner.
#pragma once

#include "core/unique_fd.hpp"

namespace berth {

/// `pid`: a child that nobody has reaped yet. Close-on-exec. Fails with errno.
unique_fd open_exit(int pid);

/// What open_exit() does without pidfds.
unique_fd open_exit_by_thread(int pid);

} // namespace berth
