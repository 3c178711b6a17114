// What the bridge's supervisor has to decide, without doing it: how long to wait before the next start, what to tell
// people about an end, what health shows. Pure, with the clock passed in; bridge.cpp carries the decisions out.
#pragma once

#include "core/child_process.hpp"
#include "core/process_manager.hpp"
#include "pm2/protocol.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace berth {

/// Start again at once, then after 100 ms, doubling to 5 s; all over again after a connection that stayed for 10 s. A
/// bridge that dies once an hour comes back at once, one that cannot start costs nearly nothing.
class backoff {
public:
    using milliseconds = std::chrono::milliseconds;

    /// After each end. connected_for: how long pm2 was connected; zero when it never was.
    milliseconds next(milliseconds connected_for);

private:
    int failures_ = 0;
};

/// A sentence on why the bridge ended, from its exit code (bridge/exit_codes.mjs) or signal.
std::string why_bridge_ended(const exit_status&);

class bridge_state {
public:
    using clock = std::chrono::steady_clock;

    void started(int bridge_pid);
    void connected(const protocol::ready&, clock::time_point now);
    /// The bridge has ended, or could not be started. Returns the wait before the next start. `news` is true when the
    /// reason is not what was told before.
    struct verdict {
        std::chrono::milliseconds wait;
        bool news;
    };
    verdict ended(std::string reason, clock::time_point now);
    void asked() { ++health_.calls; }

    bool is_connected() const { return health_.connected; }
    int daemon_pid() const { return health_.daemon_pid.value_or(0); }
    const pm2_health& health() const { return health_; }
    /// errc::pm2_unavailable with the reason, for a call that cannot be made now.
    error unavailable() const;

private:
    pm2_health health_;
    backoff backoff_;
    bool ever_started_ = false;
    std::optional<clock::time_point> since_;
};

} // namespace berth
