#include "core/operations.hpp"

#include "core/clock.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace berth {
namespace {

/// Operations that may wait on one app. The clients of one person do not get there; a loop gone wild does.
constexpr std::size_t max_queue = 16;

error not_found(const std::string& id) {
    return {errc::app_not_found, fmt::format("There is no app with the id {}. It may have been deleted.", id)};
}

error survivors(const app& a, const remains& left) {
    std::string names;
    for (auto& process : left.survivors)
        names += fmt::format("{}{}, pid {}", names.empty() ? "" : "; ", process.name, process.pid);
    return {errc::stop_incomplete,
            fmt::format("{} could not be stopped: {} did not end, not even by SIGKILL.", a.name, names)};
}

} // namespace

operations::operations(asio::any_io_executor executor, parts p, std::function<result<>()> room)
    : executor_(executor), parts_(p), room_(std::move(room)), idle_(executor), retry_(executor) {
    idle_.expires_at(std::chrono::steady_clock::time_point::max());
}

bool operations::has_place(const app& a) const {
    auto what = parts_.registry.shown_operation(a.id);
    return a.running() || what == activity::starting || what == activity::restarting || parts_.sync.counts(a);
}

pm2_address operations::address(const std::string& id) const {
    return {"orch-" + id, parts_.storage.app_directory(id)};
}

task<operations::outcome> operations::run(kind what, std::string id) {
    outcome answer;
    if (closed_) {
        answer.error = error{errc::shutting_down, "Berth is ending; nothing was done. Try again when it is back."};
        co_return answer;
    }
    auto& waiting = queues_[id];
    std::shared_ptr<job> mine;
    if (!waiting.empty() && waiting.back()->what == what) {
        mine = waiting.back();
    } else if (waiting.size() >= max_queue) {
        answer.error = error{errc::limit_reached,
                             fmt::format("{} operations wait for app {} already; nothing was done.", max_queue, id)};
        co_return answer;
    } else {
        mine = std::make_shared<job>(executor_, what);
        waiting.push_back(mine);
        if (waiting.size() == 1) {
            asio::co_spawn(executor_, work_off(id), [](std::exception_ptr e) {
                if (e)
                    std::rethrow_exception(e);
            });
        }
    }
    while (!mine->result)
        co_await mine->ended.async_wait(as_result);
    co_return *mine->result;
}

task<> operations::work_off(std::string id) {
    auto& waiting = queues_[id]; // map nodes stay where they are; only this coroutine erases it
    while (!waiting.empty()) {
        auto current = waiting.front();
        current->result = co_await perform(current->what, id);
        waiting.pop_front();
        current->ended.cancel();
    }
    queues_.erase(id);
    idle_.cancel();
}

task<operations::outcome> operations::perform(kind what, const std::string& id) {
    outcome done;
    co_await parts_.sync.fresh();
    result<> ended;
    auto known = parts_.registry.find(id);
    bool doomed = known && known->deleting != removal::none;
    if (!known || (doomed && what != kind::finish_remove && what != kind::remove)) {
        ended = not_found(id);
    } else if (doomed) { // its delete goes on, however often it is asked for
        ended = co_await finish_remove(id, done.warning);
    } else {
        switch (what) {
        case kind::stop:
            ended = co_await stop(id);
            break;
        case kind::finish_stop:
            ended = co_await finish_stop(id);
            break;
        case kind::first_start:
        case kind::start:
        case kind::finish_start:
            ended = co_await start(id, what);
            break;
        case kind::remove:
            ended = co_await remove(id, removal::all, done.warning);
            break;
        case kind::remove_but_keep_folder:
            ended = co_await remove(id, removal::entry, done.warning);
            break;
        case kind::finish_remove:
            break; // the mark was taken back
        }
    }
    parts_.registry.end_operation(id);
    if (ended.has_error()) {
        done.error = ended.error();
        spdlog::info("{}: {}", id, done.error->detail);
    }
    co_await parts_.sync.fresh();
    parts_.registry.judged(id); // also where its port was edited meanwhile
    parts_.registry.commit();
    done.app = parts_.registry.view(id);
    co_return done;
}

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
        if (wish == intent::run && !a.started_at)
            a.started_at = wall_ms();
    });
    auto written = co_await parts_.keeper.durable();
    if (written.has_error())
        parts_.registry.edit(id, [&](app& a) {
            a.wanted = before.wanted;
            a.starting = before.starting;
            a.started_at = before.started_at;
        });
    co_return written;
}

task<result<>> operations::stop(const std::string& id) {
    auto& registry = parts_.registry;
    auto before = *registry.find(id);
    auto nothing = error{errc::not_running, fmt::format("{} is not running; there is nothing to stop.", before.name)};
    if (before.status == status::stopped && before.wanted == intent::stop)
        co_return nothing;
    if (before.status == status::unknown) {
        auto ref = parts_.sync.ref(before);
        auto left = co_await parts_.machine.leftovers(ref);
        if (left.empty())
            co_return nothing;
    }
    registry.begin_operation(id, activity::stopping);
    registry.commit();
    auto wish = co_await set_wish(id, intent::stop);
    if (wish.has_error())
        co_return wish;
    auto ended = co_await end_processes(id);
    if (ended.has_error())
        co_return ended;
    auto row = address(id);
    auto stopped = co_await parts_.pm2.stop(row);
    if (stopped.has_error()) {
        auto why = stopped.error();
        spdlog::warn("pm2 could not be told that {} is stopped: {}", id, why.detail);
    }
    co_return co_await end_processes(id); // what pm2 itself may have started meanwhile
}

task<result<>> operations::finish_stop(const std::string& id) {
    auto a = parts_.registry.find(id);
    if (a->wanted != intent::stop || a->running())
        co_return result<>();
    parts_.registry.begin_operation(id, activity::stopping);
    parts_.registry.commit();
    co_return co_await end_processes(id);
}

/// All that is the app's and nothing else. Before pm2 is told: its own stop ends whatever descends from the app, an
/// editor that was opened from its error page too, and misses what has lost its parent.
task<result<>> operations::end_processes(const std::string& id) {
    auto a = parts_.registry.find(id);
    if (!a)
        co_return result<>();
    auto whose = *a;
    auto ref = parts_.sync.ref(whose);
    ref.root_pid = 0; // whatever still runs of it
    auto left = co_await parts_.machine.end_processes(ref);
    if (!left.survivors.empty())
        co_return survivors(whose, left);
    co_return result<>();
}

task<result<>> operations::start(const std::string& id, kind what) {
    auto& registry = parts_.registry;
    auto before = *registry.find(id);
    // By the pid: the status is from before the crash as long as an operation is under way.
    if (what == kind::finish_start && (before.wanted != intent::run || before.pid != 0)) {
        registry.edit(id, [](app& a) { a.starting = false; });
        co_return result<>();
    }
    if (what == kind::start && !has_place(before))
        if (auto room = room_(); room.has_error())
            co_return room;
    bool first = what == kind::first_start || !before.started_at;
    registry.begin_operation(id, before.running() ? activity::restarting : activity::starting);
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
            if (cleared || first) { // neither pm2 nor the machine has anything of it: as if it had never been started
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

/// From whatever it is now. `cleared`: what ran of it has been ended.
task<result<>> operations::bring_up(const std::string& id, bool& cleared) {
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
    options.port = a->port;
    options.category = a->category;
    options.output = parts_.storage.log_file(id, false);
    options.error = parts_.storage.log_file(id, true);
    auto run = co_await parts_.pm2.start(options);
    if (run.has_error())
        co_return run.error();
    parts_.registry.edit(id, [&](app& started) {
        started.pm_id = run->pm_id;
        started.pid = run->pid;
        started.started_at = run->started_at;
    });
    co_return result<>();
}

void operations::finish_all() {
    auto begin = [this](kind what, activity shown, const std::string& id) {
        parts_.registry.begin_operation(id, shown); // and no sync takes it for stopped by somebody
        asio::co_spawn(executor_, finish(what, id), [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        });
    };
    for (auto& [id, entry] : parts_.registry.value().apps) {
        auto& a = entry.app;
        if (a.deleting != removal::none)
            begin(kind::finish_remove, activity::deleting, id);
        else if (a.starting || (a.wanted == intent::run && a.status == status::stopped))
            begin(kind::finish_start, activity::starting, id);
        else if (a.wanted == intent::stop && a.status != status::stopped)
            begin(kind::finish_stop, activity::stopping, id);
    }
    parts_.registry.commit();
}

task<> operations::finish(kind what, std::string id) {
    auto patience = std::chrono::steady_clock::time_point::max();
    if (what == kind::finish_remove) // what pm2 has of it goes whenever pm2 is there
        patience = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    co_await parts_.sync.wait_for_pm2(patience); // ends with the sync
    co_await run(what, id);
}

task<> operations::close() {
    closed_ = true;
    retry_.cancel();
    while (!queues_.empty() || retrying_)
        co_await idle_.async_wait(as_result);
}

} // namespace berth
