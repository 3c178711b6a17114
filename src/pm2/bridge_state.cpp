#include "pm2/bridge_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace berth {
namespace {

using namespace std::chrono_literals;

/// bridge/exit_codes.mjs says when each is used.
enum class bridge_exit {
    asked = 0,
    bug = 70,
    no_pm2 = 71,
    no_connection = 72,
    connection_lost = 73,
    pm2_killed = 74,
    server_gone = 75,
    backlog = 76,
    old_node = 77,
};

} // namespace

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
        return fmt::format("The bridge to pm2 was ended ({}). Berth starts it again.", describe(status));
    switch (static_cast<bridge_exit>(*status.code)) {
    case bridge_exit::asked:
        return "The bridge to pm2 ended.";
    case bridge_exit::no_pm2:
        return "The pm2 package cannot be loaded: run npm ci in the bridge's folder.";
    case bridge_exit::old_node:
        return "Node.js is too old: Next needs 20.9 or later. Start Berth with a newer node first in PATH.";
    case bridge_exit::no_connection:
        return "pm2's daemon cannot be reached.";
    case bridge_exit::connection_lost:
        return "pm2's daemon went away. Berth starts it again; apps that it ran have to be restarted.";
    case bridge_exit::pm2_killed:
        return "pm2 was killed (pm2 kill). Berth starts it again; apps that it ran have to be restarted.";
    case bridge_exit::server_gone:
    case bridge_exit::backlog:
        return "The bridge to pm2 could no longer write to Berth. Berth starts it again.";
    case bridge_exit::bug:
        break;
    }
    return fmt::format("The bridge to pm2 failed ({}). Berth starts it again; its log holds the cause.",
                       describe(status));
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
