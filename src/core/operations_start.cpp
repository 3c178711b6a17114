// The start of an app: from whatever it is, to a process that pm2 has registered anew.
#include "core/operations.hpp"

#include "core/clock.hpp"

#include <fmt/format.h>

namespace berth {

/// An app that is to run counts as started from here on, on the disk too: if we are killed in the middle of its first
/// start, the next server must not take what runs of it for nothing.
task<result<>> operations::set_wish(const std::string& id, intent wish) {
    auto known = parts_.registry.find(id);
    if (!known) // somebody took it out of the file, just now
        co_return not_found(id);
    auto before = *known;
    parts_.registry.edit(id, [&](app& a) {
        a.wanted = wish;
        a.starting = wish == intent::run;
        if (wish == intent::stop)
            a.asleep.reset();
        if (wish == intent::run && !a.started_at)
            a.started_at = wall_ms();
    });
    auto written = co_await parts_.keeper.durable();
    if (written.has_error())
        parts_.registry.edit(id, [&](app& a) {
            a.wanted = before.wanted;
            a.starting = before.starting;
            a.asleep = before.asleep;
            a.started_at = before.started_at;
        });
    co_return written;
}

task<result<>> operations::start(const std::string& id, kind what) {
    auto& registry = parts_.registry;
    auto before = *registry.find(id);
    // By the pid: the status is from before the crash as long as an operation is under way.
    if (what == kind::finish_start && (before.wanted != intent::run || before.pid != 0)) {
        registry.edit(id, [](app& a) { a.starting = false; });
        co_return result<>();
    }
    if (what == kind::wake && before.running())
        co_return result<>();
    if (what == kind::wake && !before.asleep)
        co_return error{errc::not_asleep, fmt::format("{} does not sleep; restart starts it.", before.name)};
    if ((what == kind::start || what == kind::wake) && !has_place(before))
        if (auto room = room_(); room.has_error())
            co_return room;
    bool first = what == kind::first_start || !before.started_at;
    registry.begin_operation(id, before.asleep      ? activity::waking
                                 : before.running() ? activity::restarting
                                                    : activity::starting);
    registry.commit();
    auto wish = co_await set_wish(id, intent::run);
    if (wish.has_error())
        co_return wish;
    auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    co_await parts_.sync.wait_for_pm2(patience);
    bool cleared = false;
    auto started = co_await bring_up(id, cleared);
    if (started.has_error() && started.error().code == errc::pm2_unavailable) {
        // The bridge or the daemon went away under it, and is back in a moment.
        co_await parts_.sync.wait_for_pm2(patience);
        co_await parts_.sync.fresh();
        started = co_await bring_up(id, cleared);
    }
    if (started.has_error() && registry.find(id)) {
        auto why = started.error();
        if (cleared)
            co_await end_processes(id); // what pm2 may have started all the same, before it went away
        registry.edit(id, [&](app& a) {
            a.wanted = before.wanted;
            a.started_at = before.started_at;
            a.asleep = before.asleep; // and is woken again when it is opened again
            if ((cleared || first) && !before.asleep) { // neither pm2 nor the machine has anything of it: as if it had never been started
                a.wanted = intent::stop;
                a.started_at.reset();
                a.status_reason = "It could not be started: " + why.detail;
            }
        });
        co_await parts_.keeper.durable();
    }
    registry.edit(id, [&](app& a) {
        a.starting = false;
        a.restarts += started.has_value() && !first;
    });
    co_return started;
}

/// From whatever it is now. `cleared`: what ran of it has been ended. Nothing is, when its folder could not be started
/// as it is.
task<result<>> operations::bring_up(const std::string& id, bool& cleared) {
    auto subject = parts_.registry.find(id);
    if (!subject)
        co_return not_found(id);
    launch_wish wish{parts_.storage.app_directory(*subject), !subject->owned(), subject->script, subject->lan};
    run_settings settings{subject->lan, subject->category};
    auto planned = co_await parts_.projects.plan(std::move(wish));
    if (planned.has_error())
        co_return error{errc::not_startable, planned.error().detail};
    auto ended = co_await end_processes(id);
    if (ended.has_error())
        co_return ended;
    auto row = address(id);
    auto known = parts_.registry.find(id);
    if (known && known->pm_id) {
        auto removed = co_await parts_.pm2.remove(row);
        if (removed.has_error())
            co_return removed;
    }
    cleared = true;
    auto ready = co_await parts_.storage.prepare_logs(); // pm2 makes the files, not their folder
    if (ready.has_error())
        co_return ready;
    auto a = parts_.registry.find(id);
    if (!a)
        co_return not_found(id);
    start_options options;
    options.name = row.name;
    options.directory = row.directory;
    options.log = row.log;
    options.command = planned->command;
    options.port = a->port;
    options.category = settings.category;
    options.output = parts_.storage.log_file(id, false);
    options.error = parts_.storage.log_file(id, true);
    if (a->asleep) { // who holds its port lets go of it
        parts_.registry.edit(id, [](app& woken) {
            woken.asleep.reset();
            woken.status_reason.reset();
        });
        parts_.registry.commit();
    }
    auto run = co_await parts_.pm2.start(options);
    if (run.has_error())
        co_return run.error();
    parts_.registry.edit(id, [&](app& started) {
        started.pm_id = run->pm_id;
        started.pid = run->pid;
        started.started_at = run->started_at;
        started.page.reset();
        started.started_with = settings;
        started.package_manager = planned->package_manager;
    });
    co_return result<>();
}

} // namespace berth
