// How work leaves the reactor: one job, run on the worker pool, its outcome handed back to where the caller lives.
//
// A job under way cannot be cancelled (no call of POSIX that waits for a disk can be), so a job owns all that it
// touches: it never points into the object that asked for it. Whoever owns the pool joins it before the reactor's
// io_context goes, and destroys it after: coroutines that still wait there hold executors of the pool.
#pragma once

#include "core/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace berth {

/// Runs job() on `workers` (the pool, or a strand of it for jobs that must keep their order) and returns what it
/// returned, on `home`, the executor of the calling coroutine. An exception comes back as one.
template <class Workers, class Job>
task<std::invoke_result_t<Job&>> run_on(Workers workers, asio::any_io_executor home, Job job) {
    using value = std::optional<std::invoke_result_t<Job&>>;
    auto initiate = [](auto handler, Workers on, asio::any_io_executor back, Job work) {
        // Tracked: the io_context must not think itself idle while the job is away.
        auto tracked = asio::prefer(back, asio::execution::outstanding_work.tracked);
        asio::post(on, [handler = std::move(handler), tracked, work = std::move(work)]() mutable {
            std::exception_ptr failure;
            value outcome;
            try {
                outcome.emplace(work());
            } catch (...) {
                failure = std::current_exception();
            }
            asio::post(tracked, [handler = std::move(handler), failure, outcome = std::move(outcome)]() mutable {
                std::move(handler)(failure, std::move(outcome));
            });
        });
    };
    auto done = asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, value)>(
        initiate, asio::use_awaitable, std::move(workers), std::move(home), std::move(job));
    auto outcome = co_await std::move(done);
    co_return std::move(*outcome);
}

} // namespace berth
