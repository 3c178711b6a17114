// What one list costs pm2's daemon. Pure; the clock is handed in.
//
// The time until the answer is there is the upper bound, and all that is known at first; it holds the bridge's work,
// the pipes and, on a busy machine, the wait for a processor. While lists come thick, the daemon's own processor time
// over a second, divided by the lists in it, says what they really cost. What else the daemon did meanwhile is counted
// in: the estimate errs towards sparing it.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace berth {

class list_cost {
public:
    using clock = std::chrono::steady_clock;

    /// A list was answered, after so long.
    void listed(clock::duration took) {
        took_ = took;
        ++lists_;
    }

    /// It is time for measured().
    bool due(clock::time_point now) const { return now - since_ >= window; }

    /// The daemon's processor time so far; none: it cannot be seen.
    void measured(int daemon_pid, std::optional<clock::duration> used, clock::time_point now) {
        bool comparable = daemon_pid == daemon_pid_ && used && used_ && now - since_ < 2 * window && lists_ >= enough;
        own_ = comparable ? std::optional((*used - *used_) / lists_) : std::nullopt;
        daemon_pid_ = daemon_pid;
        used_ = used;
        since_ = now;
        lists_ = 0;
    }

    clock::duration value() const { return own_ ? std::min(*own_, took_) : took_; }

private:
    static constexpr std::chrono::seconds window{1};
    static constexpr int enough = 20; // lists in a window: the processor time is known to 10 ms

    clock::duration took_{};
    std::optional<clock::duration> own_;
    std::optional<clock::duration> used_;
    clock::time_point since_{};
    int daemon_pid_ = 0;
    int lists_ = 0;
};

} // namespace berth
