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
    : executor_(executor), parts_(p), room_(std::move(room)), idle_(executor) {
    idle_.expires_at(std::chrono::steady_clock::time_point::max());
}

int operations::running() const {
    int count = 0;
    for (auto& [id, entry] : parts_.registry.value().apps) {
        auto what = parts_.registry.shown_operation(id);
        if (entry.app.running() || what == activity::starting || what == activity::restarting)
            ++count;
    }
    return count;
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
    if (!parts_.registry.find(id)) {
        ended = not_found(id);
    } else if (what == kind::stop) {
        ended = co_await stop(id);
    } else if (what == kind::finish_stop) {
        ended = co_await finish_stop(id);
    } else if (what == kind::finish_start) {
        ended = co_await finish_start(id);
    } else if (what == kind::restart) {
        ended = co_await restart(id);
    } else if (what == kind::first_start) {
        ended = co_await start(id, true);
    } else {
        ended = co_await remove(id, what == kind::remove, done.warning);
    }
    parts_.registry.set_operation(id, activity::none); // seen when the sync below has judged what came of it
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
        if (wish == intent::run && !a.started_at)
            a.started_at = wall_ms();
    });
    auto written = co_await parts_.keeper.durable();
    if (written.has_error())
        parts_.registry.edit(id, [&](app& a) {
            a.wanted = before.wanted;
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
    registry.set_operation(id, activity::stopping);
    registry.commit();
    auto wish = co_await set_wish(id, intent::stop);
    if (wish.has_error())
        co_return wish;
    co_return co_await stop_in_pm2(id);
}

task<result<>> operations::finish_stop(const std::string& id) {
    auto& registry = parts_.registry;
    auto a = registry.find(id);
    if (a->wanted != intent::stop || a->running())
        co_return result<>();
    registry.set_operation(id, activity::stopping);
    registry.commit();
    co_return co_await end_leftovers(id);
}

task<result<>> operations::finish_start(const std::string& id) {
    auto a = parts_.registry.find(id);
    if (a->wanted != intent::run || a->running())
        co_return result<>();
    bool first = !a->pm_id;
    co_return co_await start(id, first);
}

task<> operations::finish(kind what, std::vector<std::string> ids) {
    for (auto& id : ids)
        if (what == kind::finish_start) // shown from the first moment on; and no sync takes it for stopped by somebody
            parts_.registry.set_operation(id, activity::starting);
    parts_.registry.commit();
    co_await parts_.sync.wait_for_pm2(std::chrono::steady_clock::time_point::max());
    for (auto& id : ids)
        co_await run(what, id);
}

/// Ends the app through pm2, and by hand what pm2 misses, or cannot be asked to end.
task<result<>> operations::stop_in_pm2(const std::string& id) {
    auto a = parts_.registry.find(id);
    if (!a)
        co_return not_found(id);
    if (a->pm_id) {
        int pm_id = *a->pm_id;
        auto stopped = co_await parts_.pm2.stop(pm_id);
        if (stopped.has_error()) {
            auto why = stopped.error();
            spdlog::warn("pm2 did not stop {}: {}; its processes are ended directly", id, why.detail);
        }
    }
    co_return co_await end_leftovers(id);
}

task<result<>> operations::end_leftovers(const std::string& id, std::optional<std::string>* stranger) {
    auto a = parts_.registry.find(id);
    if (!a)
        co_return result<>();
    auto whose = *a;
    auto ref = parts_.sync.ref(whose);
    ref.root_pid = 0; // whatever still runs of it
    auto left = co_await parts_.machine.end_processes(ref);
    if (left.ended > 0)
        spdlog::info("{}: ended {} processes that pm2's stop had left", id, left.ended);
    if (!left.survivors.empty())
        co_return survivors(whose, left);
    if (left.stranger && stranger)
        *stranger = fmt::format("port {} is still in use by {}, pid {}, which is not the app's and was not touched",
                                whose.port, left.stranger->name, left.stranger->pid);
    co_return result<>();
}

task<result<>> operations::restart(const std::string& id) {
    if (!parts_.registry.find(id)->running())
        if (auto room = room_(); room.has_error())
            co_return room;
    co_return co_await start(id, false);
}

/// Of an app that has its place among those that may run.
task<result<>> operations::start(const std::string& id, bool first) {
    auto& registry = parts_.registry;
    auto before = *registry.find(id);
    registry.set_operation(id, before.running() ? activity::restarting : activity::starting);
    registry.commit();
    auto wish = co_await set_wish(id, intent::run);
    if (wish.has_error())
        co_return wish;
    auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    co_await parts_.sync.wait_for_pm2(patience);
    auto started = co_await bring_up(id);
    if (started.has_error() && started.error().code == errc::pm2_unavailable) {
        // The bridge or the daemon went away under it, and is back in a moment.
        co_await parts_.sync.wait_for_pm2(patience);
        co_await parts_.sync.fresh();
        started = co_await bring_up(id);
    }
    if (started.has_error() && registry.find(id)) {
        auto why = started.error();
        if (!before.running())
            co_await end_leftovers(id); // what pm2 may have started all the same, before it went away
        registry.edit(id, [&](app& a) {
            a.wanted = before.wanted;
            if (!before.started_at)
                a.started_at.reset();
            if (first) {
                a.wanted = intent::stop;
                a.status_reason = "It could not be started: " + why.detail;
            }
        });
        co_await parts_.keeper.durable();
    }
    co_return started;
}

/// From whatever it is now.
task<result<>> operations::bring_up(const std::string& id) {
    auto a = parts_.registry.find(id);
    if (!a)
        co_return not_found(id);
    if (a->running() && a->pm_id) {
        int pm_id = *a->pm_id;
        co_return co_await restart_in_place(id, pm_id);
    }
    auto cleared = co_await end_leftovers(id);
    if (cleared.has_error())
        co_return cleared;
    co_return co_await start_in_pm2(id);
}

/// pm2's own restart, which counts restarts. When its tree kill has missed something, the long way.
task<result<>> operations::restart_in_place(const std::string& id, int pm_id) {
    auto ref = parts_.sync.ref(*parts_.registry.find(id));
    auto outside = co_await parts_.machine.leftovers(ref);
    if (outside.empty()) {
        auto restarted = co_await parts_.pm2.restart(pm_id);
        if (restarted.has_error())
            co_return restarted;
        co_await parts_.sync.fresh();
        auto now = parts_.registry.find(id);
        if (!now)
            co_return not_found(id);
        ref = parts_.sync.ref(*now);
        outside = co_await parts_.machine.leftovers(ref);
        if (outside.empty())
            co_return result<>();
    }
    auto stopped = co_await stop_in_pm2(id);
    if (stopped.has_error())
        co_return stopped;
    co_return co_await start_in_pm2(id);
}

/// Of an app of which nothing runs.
task<result<>> operations::start_in_pm2(const std::string& id) {
    auto a = parts_.registry.find(id);
    if (!a)
        co_return not_found(id);
    if (a->pm_id) {
        int pm_id = *a->pm_id;
        co_return co_await parts_.pm2.restart(pm_id);
    }
    if (auto stale = parts_.sync.row_of(*a)) { // registered for another port: the file was edited
        int pm_id = *stale;
        co_await parts_.pm2.remove(pm_id);
    }
    start_options options;
    options.name = a->process_name();
    options.directory = parts_.storage.app_directory(id);
    options.port = a->port;
    options.category = a->category;
    options.output = parts_.storage.log_file(id, false);
    options.error = parts_.storage.log_file(id, true);
    auto started = co_await parts_.pm2.start(options);
    if (started.has_error())
        co_return started.error();
    co_return result<>();
}

task<> operations::close() {
    closed_ = true;
    while (!queues_.empty())
        co_await idle_.async_wait(as_result);
}

} // namespace berth
