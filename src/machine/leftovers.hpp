// The end of processes that outlived what should have ended them.
//
// Ending is careful: each process is held by a pidfd and looked at again before a signal goes to it, so that a pid that
// was given to another in between is never hit; where there is none (macOS, old kernels) it is looked at right before.
// Finding is for the worker pool (it walks /proc); the
// waiting is done on the reactor, as a worker must not be kept for seconds.
#pragma once

#include "core/task.hpp"
#include "machine/kernel.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace berth {

struct found_process {
    int pid = 0;
    std::uint64_t started = 0; // ticks after boot: pid and this name one process for ever
    std::string name;
    std::string works_in; // not empty: only as long as it works there, or below, and is the user's own
};

/// It lives, is who it was, and works where it must.
bool still_is(const found_process&, kernel::tables&);

/// Whom to end, of those that were there at that moment.
using finder = std::function<std::vector<found_process>(std::chrono::steady_clock::time_point)>;

struct ended_processes {
    int ended = 0;
    std::vector<found_process> survivors; // alive after SIGKILL
};

/// SIGTERM to all that find() returns, SIGKILL to what is left after 3 s, until find() returns none or 2 s more are
/// over. find() is called on the strand.
task<ended_processes> end_all(asio::any_io_executor home, asio::strand<asio::thread_pool::executor_type>,
                              std::shared_ptr<kernel::tables>, finder find);

} // namespace berth
