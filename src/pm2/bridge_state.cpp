#include "pm2/bridge_state.hpp"

#include <algorithm>

namespace berth {

using namespace std::chrono_literals;

backoff::milliseconds backoff::next(milliseconds connected_for) {
    constexpr milliseconds first = 100ms, longest = 5s, stable = 10s;
    if (connected_for >= stable)
        failures_ = 0;
    int doublings = failures_++ - 1;
    if (doublings < 0)
        return 0ms;
    return doublings > 6 ? longest : std::min(longest, first * (1 << doublings));
}

std::string why_bridge_ended(const exit_status& status) {
    if (!status.code)
        return "The bridge to pm2 was ended (" + describe(status) + "). Berth starts it again.";
    switch (*status.code) {
    case 0:
        return "The bridge to pm2 ended.";
    case 71:
        return "The pm2 package cannot be loaded: run npm ci in the bridge's folder.";
    case 72:
        return "pm2's daemon cannot be reached.";
    case 73:
        return "pm2's daemon went away. Berth starts it again; apps that it ran have to be restarted.";
    case 74:
        return "pm2 was killed (pm2 kill). Berth starts it again; apps that it ran have to be restarted.";
    case 75:
    case 76:
        return "The bridge to pm2 could no longer write to Berth. Berth starts it again.";
    default:
        return "The bridge to pm2 failed (" + describe(status) + "). Berth starts it again; its log holds the cause.";
    }
}

void bridge_state::started(int bridge_pid) {
    if (ever_started_)
        ++health_.bridge_restarts;
    ever_started_ = true;
    health_.bridge_pid = bridge_pid;
}

void bridge_state::connected(const protocol::ready& message, clock::time_point now) {
    health_.connected = true;
    health_.daemon_pid = message.daemon_pid;
    health_.version = message.version;
    health_.error.reset();
    since_ = now;
}

bridge_state::verdict bridge_state::ended(std::string reason, clock::time_point now) {
    auto connected_for = since_ ? std::chrono::duration_cast<std::chrono::milliseconds>(now - *since_) : 0ms;
    since_.reset();
    verdict v{backoff_.next(connected_for), health_.error != reason};
    health_.connected = false;
    health_.bridge_pid.reset();
    health_.daemon_pid.reset();
    health_.version.reset();
    health_.error = std::move(reason);
    return v;
}

error bridge_state::unavailable() const {
    return {errc::pm2_unavailable, health_.error.value_or("pm2 is not connected yet. Try again in a moment.")};
}

} // namespace berth
