// Processes that outlived what should have ended them, and their end.
//
// Ending is careful: each process is held by a pidfd and looked at again before a signal goes to it, so that a pid that
// was given to another in between is never hit. Linux only. Finding is for the worker pool (it walks /proc); the
// waiting in end_all() is done on the reactor, as a worker must not be kept for seconds.
#pragma once

#include "core/machine.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace berth {

struct found_process {
    int pid = 0;
    std::uint64_t started = 0; // ticks after boot: pid and this name one process for ever
    std::string name;
};

/// machine::leftovers() has the rule.
std::vector<found_process> find_leftovers(const app_ref&);

/// Processes whose environment says BERTH_SCAFFOLD=<directory>.
std::vector<found_process> find_scaffold(const std::filesystem::path& directory);

struct ended_processes {
    int ended = 0;
    std::vector<found_process> survivors; // alive after SIGKILL
};

/// SIGTERM to all that find() returns, SIGKILL to what is left after 3 s, until find() returns none or 2 s more are
/// over.
task<ended_processes> end_all(asio::any_io_executor home, asio::thread_pool& workers,
                              std::function<std::vector<found_process>()> find);

} // namespace berth
