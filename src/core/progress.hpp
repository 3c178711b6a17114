// A piece of work of minutes that clients follow: its phase at once, the lines that it prints at most every 100 ms.
// Lives on the reactor.
#pragma once

#include "core/registry.hpp"
#include "core/view.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string_view>

namespace berth {

class progress : public std::enable_shared_from_this<progress> {
public:
    /// The registry, whose watcher is told, must outlive it.
    progress(asio::any_io_executor, const registry&);
    virtual ~progress() = default;

    operation shown;
    bool cancel_asked = false;

    void tell(operation::phase);
    void line(std::string_view);

    /// Tells the phase, which is the last, and wakes all who wait.
    void end(operation::phase);
    bool finished() const { return finished_; }
    /// Returns when it has ended.
    task<> wait();

private:
    const registry& registry_;
    std::chrono::steady_clock::time_point told_at_{};
    bool line_waits_ = false; // to be told when `later_` expires
    bool finished_ = false;
    asio::steady_timer later_;
    asio::steady_timer ended_; // cancelled when finished
};

} // namespace berth
