// A job that many wait for and that is done once for all of them: the sync, and the write of the manifest.
//
// Whoever calls fresh() is answered by a run that began after the call ("strict freshness, shared", spec section 4): a
// run under way has already looked, so it does not count. Lives on the reactor; owns one coroutine, which ends at
// close().
#pragma once

#include "core/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <exception>
#include <functional>

namespace berth {

class shared_job {
public:
    using step = std::function<task<>()>;

    /// `run` does the work once and turns its failures into values. `pause`, if given, returns when the next run may
    /// begin; who calls fresh() meanwhile is answered by that run.
    shared_job(asio::any_io_executor executor, step run, step pause = {})
        : executor_(executor), run_(std::move(run)), pause_(std::move(pause)), done_(executor) {
        done_.expires_at(std::chrono::steady_clock::time_point::max());
    }
    shared_job(const shared_job&) = delete;
    shared_job& operator=(const shared_job&) = delete;

    /// Makes a run due and does not wait.
    void request() {
        wanted_ = true;
        if (looping_ || closed_)
            return;
        looping_ = true;
        asio::co_spawn(executor_, loop(), [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        });
    }

    /// Returns when a run that began after this call has ended, or at once when the job is closed.
    task<> fresh() {
        auto target = begun_ + 1;
        request();
        while (ended_ < target && !closed_)
            co_await done_.async_wait(as_result);
    }

    /// No further run begins, and everybody who waits is answered; returns when the run under way has ended.
    task<> close() {
        closed_ = true;
        done_.cancel();
        while (looping_)
            co_await done_.async_wait(as_result);
    }

private:
    task<> loop() {
        while (wanted_ && !closed_) {
            if (pause_)
                co_await pause_();
            wanted_ = false;
            ++begun_;
            co_await run_();
            ended_ = begun_;
            done_.cancel(); // wakes everybody: it never expires
        }
        looping_ = false;
        done_.cancel();
    }

    asio::any_io_executor executor_;
    step run_;
    step pause_;
    asio::steady_timer done_;
    std::uint64_t begun_ = 0; // runs
    std::uint64_t ended_ = 0;
    bool wanted_ = false;
    bool looping_ = false;
    bool closed_ = false;
};

} // namespace berth
