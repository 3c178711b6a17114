// Empties .berth/trash/ in the background, with a child process (rm -rf, at low priority) that outlives us if need be:
// its work is wanted whether or not a server runs, and what it leaves, the next start's sweep removes.
//
// Lives on the reactor, as a shared object: its coroutine keeps it until close(). At most one child at a time.
//
// The child's end is noticed by asking every 100 ms while there is one. Rejected: a pidfd (Linux only), and SIGCHLD
// (Asio 1.81 installs handlers without SA_RESTART: every child of anybody's would interrupt system calls all over the
// program).
#pragma once

#include "core/task.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <memory>

namespace berth {

class trash_remover : public std::enable_shared_from_this<trash_remover> {
public:
    using queue = asio::strand<asio::thread_pool::executor_type>;

    trash_remover(asio::any_io_executor home, queue workers, std::filesystem::path trash)
        : home_(home), workers_(std::move(workers)), trash_(std::move(trash)), timer_(home) {}

    /// Removes what is in the trash now, and returns at once.
    void sweep();
    /// Stops watching: a child under way goes on alone.
    void close();

private:
    static task<> run(std::shared_ptr<trash_remover>);
    task<> watch(int pid);

    asio::any_io_executor home_;
    queue workers_;
    std::filesystem::path trash_;
    asio::steady_timer timer_;
    bool running_ = false;
    bool again_ = false;
    bool closed_ = false;
};

} // namespace berth
