// The sleep of an app: a stop that leaves its wish to run. The start that wakes it is the same as any other
// (operations_start.cpp).
//
// With the mark on the disk it is decided: whoever is killed then leaves an app that sleeps, or, where its processes
// were not ended yet, one that is awake, which the next sync finds.
#include "core/operations.hpp"

#include "core/clock.hpp"

#include <fmt/format.h>

namespace berth {

task<result<>> operations::sleep(const std::string& id, nap::cause why) {
    auto& registry = parts_.registry;
    auto before = *registry.find(id);
    if (before.asleep)
        co_return result<>();
    if (!before.running())
        co_return error{errc::not_running, fmt::format("{} is not running, so it cannot sleep.", before.name)};
    registry.begin_operation(id, activity::sleeping);
    registry.commit();
    registry.edit(id, [&](app& a) { a.asleep = nap{wall_ms(), why}; });
    auto done = co_await parts_.keeper.durable();
    if (done.has_value())
        done = co_await fall_asleep(id, why);
    if (done.has_error()) {
        registry.edit(id, [&](app& a) { a.asleep.reset(); });
        co_await parts_.keeper.durable();
    }
    co_return done;
}

task<result<>> operations::fall_asleep(const std::string& id, nap::cause why) {
    bool in_use = false;
    if (why != nap::cause::asked)
        in_use = co_await is_in_use(id);
    if (in_use)
        co_return error{errc::in_use, "Somebody has connected to it; it stays awake."};
    auto ended = co_await end_processes(id);
    if (ended.has_error())
        co_return ended;
    co_await tell_pm2_to_stop(id);
    co_return co_await end_processes(id); // what pm2 itself may have started meanwhile
}

/// Asked right before it is ended, as it may have been opened since it was chosen.
task<bool> operations::is_in_use(const std::string& id) {
    auto known = parts_.registry.find(id);
    if (!known)
        co_return false;
    auto port = known->port;
    std::set<std::uint16_t> ports{port};
    auto seen = co_await parts_.machine.visits(std::move(ports));
    co_return !seen || (seen->contains(port) && seen->at(port).connected > 0);
}

/// What a server that was killed in the middle of it has left running.
task<result<>> operations::finish_sleep(const std::string& id) {
    auto a = parts_.registry.find(id);
    if (!a->asleep)
        co_return result<>();
    co_return co_await end_processes(id);
}

} // namespace berth
