#include "core/operations.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace berth {
namespace {

/// Operations that may wait on one app. The clients of one person do not get there; a loop gone wild does.
constexpr std::size_t max_queue = 16;

error survivors(const app& a, const remains& left) {
    std::string names;
    for (auto& process : left.survivors)
        names += fmt::format("{}{}, pid {}", names.empty() ? "" : "; ", process.name, process.pid);
    return {errc::stop_incomplete,
            fmt::format("{} could not be stopped: {} did not end, not even by SIGKILL.", a.name, names)};
}

} // namespace

error operations::not_found(const std::string& id) {
    return {errc::app_not_found, fmt::format("There is no app with the id {}. It may have been deleted.", id)};
}

operations::operations(asio::any_io_executor executor, parts p, std::function<result<>()> room)
    : executor_(executor), parts_(p), room_(std::move(room)), idle_(executor), retry_(executor) {
    idle_.expires_at(std::chrono::steady_clock::time_point::max());
}

bool operations::has_place(const app& a) const {
    auto what = parts_.registry.shown_operation(a.id);
    return a.running() || what == activity::starting || what == activity::restarting || what == activity::waking ||
           parts_.sync.counts(a);
}

pm2_address operations::address(const std::string& id) const {
    auto known = parts_.registry.find(id);
    if (!known)
        return {name_in_pm2(id), parts_.storage.app_directory(id), {}};
    return {known->process_name(), parts_.storage.app_directory(*known), parts_.storage.log_of_adopted(*known)};
}

task<operations::outcome> operations::run(kind what, std::string id, nap::cause why) {
    outcome answer;
    if (closed_) {
        answer.error = error{errc::shutting_down, "Berth is ending; nothing was done. Try again when it is back."};
        co_return answer;
    }
    auto& waiting = queues_[id];
    std::shared_ptr<job> mine;
    if (!waiting.empty() && waiting.back()->what == what && waiting.back()->why == why) {
        mine = waiting.back();
    } else if (waiting.size() >= max_queue) {
        answer.error = error{errc::limit_reached,
                             fmt::format("{} operations wait for app {} already; nothing was done.", max_queue, id)};
        co_return answer;
    } else {
        mine = std::make_shared<job>(executor_, what, why);
        waiting.push_back(mine);
        if (waiting.size() == 1) {
            asio::co_spawn(executor_, work_off(id), rethrow);
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
        current->result = co_await perform(*current, id);
        waiting.pop_front();
        current->ended.cancel();
    }
    queues_.erase(id);
    idle_.cancel();
}

task<operations::outcome> operations::perform(const job& asked, const std::string& id) {
    auto what = asked.what;
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
        case kind::sleep:
            ended = co_await sleep(id, asked.why);
            break;
        case kind::finish_sleep:
            ended = co_await finish_sleep(id);
            break;
        case kind::first_start:
        case kind::start:
        case kind::finish_start:
        case kind::wake:
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
    co_await tell_pm2_to_stop(id);
    co_return co_await end_processes(id); // what pm2 itself may have started meanwhile
}

task<> operations::tell_pm2_to_stop(const std::string& id) {
    auto row = address(id);
    auto stopped = co_await parts_.pm2.stop(row);
    if (stopped.has_error()) {
        auto why = stopped.error();
        spdlog::warn("pm2 could not be told that {} is stopped: {}", id, why.detail);
    }
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

void operations::finish_all() {
    auto begin = [this](kind what, activity shown, const std::string& id) {
        parts_.registry.begin_operation(id, shown); // and no sync takes it for stopped by somebody
        asio::co_spawn(executor_, finish(what, id), rethrow);
    };
    for (auto& [id, entry] : parts_.registry.value().apps) {
        auto& a = entry.app;
        if (a.deleting != removal::none)
            begin(kind::finish_remove, activity::deleting, id);
        else if (a.starting || (a.wanted == intent::run && a.status == status::stopped && !a.asleep))
            begin(kind::finish_start, a.asleep ? activity::waking : activity::starting, id);
        else if (a.asleep) // its port is held meanwhile
            asio::co_spawn(executor_, finish(kind::finish_sleep, id), rethrow);
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
