#include "core/sync.hpp"

#include "core/clock.hpp"

#include <boost/asio/detached.hpp>
#include <spdlog/spdlog.h>

namespace berth {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

steady_clock::time_point next_sync(steady_clock::time_point begun, steady_clock::duration cost) {
    return begun + 4 * std::min<steady_clock::duration>(cost, 50ms);
}

steady_clock::duration sync_interval(bool audience, bool launching) {
    if (launching)
        return 200ms;
    return audience ? steady_clock::duration(3s) : steady_clock::duration(30s);
}

sync::sync(asio::any_io_executor executor, registry& r, keeper& k, storage& s, process_manager& p, machine& m,
           projects& f)
    : executor_(executor), registry_(r), keeper_(k), storage_(s), pm2_(p), machine_(m), projects_(f),
      disconnected_at_(steady_clock::now()), spacing_(executor), connection_(executor), next_(executor),
      aside_ended_(executor), runs_(
                                  executor, [this] { return run(); }, [this] { return pause(); }) {
    connection_.expires_at(steady_clock::time_point::max());
}

app_ref sync::ref(const app& a) const {
    return {a.id, storage_.app_directory(a), a.port, a.pid, storage_.log_of_adopted(a)};
}

bool sync::counts(const app& a) const {
    return alive_.contains(a.id) || (silent_ && a.wanted == intent::run && !a.asleep);
}

void sync::hint() {
    hurried_ = true;
    runs_.request();
    spacing_.cancel();
}

void sync::on_event(const pm2_event& event) {
    auto exit = read_exit(event);
    auto id = id_in(event.name);
    if (exit && id) {
        auto [known, first] = exits_.try_emplace(*id, *exit);
        // A wanted stop ends with an `exit` like a crash's: the first news of a run counts.
        bool follows_stop = known->second.run == exit->run && known->second.what == exit_news::kind::asked_for;
        if (!first && !follows_stop)
            known->second = *exit;
    }
    hint();
}

void sync::on_connected() {
    connected_ = true;
    connection_.cancel();
    registry_.set_problem("pm2_unavailable", "");
    hint();
}

void sync::on_disconnected(const std::string& reason) {
    if (connected_)
        disconnected_at_ = steady_clock::now();
    connected_ = false;
    disconnect_reason_ = reason;
    hint();
}

void sync::set_audience(bool present) {
    if (present == audience_)
        return;
    audience_ = present;
    if (present)
        runs_.request(); // what is known may be 30 s old
    plan_next();
}

task<> sync::pause() {
    auto reads_may = next_sync(begun_, cost_.value());
    while (!closed_) {
        auto at = hurried_ ? std::min(reads_may, begun_ + 5ms) : reads_may;
        spacing_.expires_at(at);
        auto [ec] = co_await spacing_.async_wait(as_result);
        if (!ec)
            break;
    }
    hurried_ = false;
}

task<> sync::wait_for_pm2(steady_clock::time_point until) {
    asio::steady_timer deadline(executor_, until);
    deadline.async_wait([this](boost::system::error_code ec) {
        if (!ec)
            connection_.cancel();
    });
    while (!connected_ && !closed_ && steady_clock::now() < until)
        co_await connection_.async_wait(as_result);
}

task<> sync::run() {
    begun_ = steady_clock::now();
    unsettled_ = false;
    // What the machine is asked does not wait for pm2's answer, nor pm2 for it.
    machine_.prepare();
    look_for_edits();
    look_at_folders();
    auto table = co_await list();
    if (table.has_error() && steady_clock::now() - begun_ < 2s)
        table = co_await list(); // the bridge died under the first: it is back at once
    if (table.has_value()) {
        registry_.set_problem("pm2_unavailable", "");
        silent_ = false;
        auto daemon = table->daemon_pid;
        co_await apply(std::move(*table));
        if (listener_ && daemon != 0)
            listener_->on_look(daemon, "");
    } else {
        ++figures_.failed;
        silent_ = true;
        auto reason = connected_ ? table.error().detail : disconnect_reason_;
        without_pm2(reason);
        if (listener_ && !closed_)
            listener_->on_look(0, reason);
    }
    ++figures_.count;
    figures_.last_at = wall_ms();
    figures_.last_ms = std::chrono::duration<double, std::milli>(steady_clock::now() - begun_).count();
    plan_next();
}

/// Owned by us: close() waits for it.
void sync::aside(task<> work) {
    ++aside_;
    asio::co_spawn(executor_, std::move(work), [this](std::exception_ptr e) {
        --aside_;
        aside_ended_.cancel();
        if (e)
            std::rethrow_exception(e);
    });
}

task<result<pm2_table>> sync::list() {
    // A bridge that is just (re)starting is back within 200 ms: that is no reason to call every app unknown.
    auto grace = disconnected_at_ + 2s;
    co_await wait_for_pm2(grace);
    auto asked_at = steady_clock::now();
    mark_ = registry_.operations_mark();
    auto table = co_await pm2_.list();
    auto now = steady_clock::now();
    cost_.listed(now - asked_at);
    if (table && cost_.due(now))
        cost_.measured(table->daemon_pid, machine_.processor_time(table->daemon_pid), now);
    co_return table;
}

void sync::without_pm2(const std::string& reason) {
    registry_.set_problem("pm2_unavailable", reason);
    auto text = "pm2 does not answer: " + reason;
    for (auto& [id, entry] : registry_.value().apps) {
        registry_.judged(id);
        registry_.edit(id, [&](app& a) { a = judge_without_pm2(a, text); });
    }
    registry_.commit();
    keeper_.save_soon();
}

task<> sync::apply(pm2_table table) {
    auto found = match(registry_.value(), table, storage_.root());
    std::vector<app_ref> refs, looked_at;
    for (auto& [id, entry] : registry_.value().apps) {
        auto process = found.by_id.find(id);
        auto app = ref(entry.app);
        app.root_pid = process == found.by_id.end() ? 0 : process->second.pid;
        bool rests = entry.app.asleep && app.root_pid == 0; // there is nothing to see; we hold its port ourselves
        if (!rests)
            looked_at.push_back(app);
        refs.push_back(std::move(app));
    }
    auto sights = co_await machine_.look(looked_at);
    auto sight = sights.begin();
    auto whose = looked_at.begin();

    std::set<std::string> stopping, crashed;
    alive_.clear();
    for (std::size_t i = 0; i < refs.size(); ++i) {
        auto& id = refs[i].id;
        sighting seen;
        if (whose != looked_at.end() && whose->id == id) {
            seen.sight = *sight++;
            ++whose;
        }
        seen.operation = registry_.operation(id);
        seen.now = wall_ms();
        if (auto process = found.by_id.find(id); process != found.by_id.end())
            seen.process = process->second;
        if (auto exit = exits_.find(id); exit != exits_.end())
            seen.last_exit = exit->second;
        if (seen.sight.lives)
            alive_.insert(id);
        if (!seen.sight.other_port)
            dev_scripts_.erase(id);
        else if (auto [script, unread] = dev_scripts_.try_emplace(id); unread)
            aside(read_dev_script(id));
        else
            seen.dev_script = script->second;
        if (auto obstacle = obstacles_.find(id); obstacle != obstacles_.end())
            seen.obstacle = obstacle->second;
        if (auto held = not_held_.find(id); held != not_held_.end())
            seen.not_held = held->second;
        registry_.edit(id, [&](app& a) {
            // An app whose port was edited, or that came and went while we looked, waits for the next sync. What was
            // seen before an operation began or ended says nothing of it: its own sync comes.
            if (a.port != refs[i].port || registry_.touched_since(id, mark_))
                return;
            registry_.judged(id);
            auto now = judge(a, seen);
            note_opened(now, seen.sight.connections, seen.now);
            bool anew = a.status != status::errored || a.started_at != now.started_at;
            if (now.status == status::errored && anew)
                crashed.insert(id);
            a = std::move(now);
        });
        if (seen.process && seen.process->status == pm2_status::stopping)
            stopping.insert(id);
        unsettled_ = unsettled_ || !seen.sight.alive;
    }
    std::erase_if(exits_, [&](auto& item) { return !registry_.find(item.first); });
    std::erase_if(not_held_, [&](auto& item) { return !registry_.find(item.first); });
    registry_.set_stopping_elsewhere(std::move(stopping));
    note_orphans(found.orphans);
    registry_.commit();
    keeper_.save_soon();
    for (auto& id : crashed)
        aside(ask_last_words(id));
}

void sync::not_held(const std::string& id, const std::string& why) {
    if (why.empty())
        not_held_.erase(id);
    else
        not_held_[id] = why;
    hint();
}

void sync::note_orphans(const std::vector<pm2_process>& rows) {
    auto ours = storage_.root() / "created-apps";
    std::vector<orphan> now;
    std::set<std::string> left;
    for (auto& row : rows) {
        std::filesystem::path folder = row.directory;
        orphan o{row.name, row.pm_id, row.port, row.directory, folder.parent_path() != ours};
        bool known = std::find(orphans_.begin(), orphans_.end(), o) != orphans_.end();
        auto id = folder.filename().string();
        bool left_behind = !o.foreign && row.name == name_in_pm2(id);
        if (left_behind && registry_.operation(id) == activity::none) {
            left.insert(id);
            if (left_rows_.insert(id).second)
                aside(drop_left_row(id));
        } else if (!known && o.foreign) {
            spdlog::info("pm2 runs {} (port {}) in {}: another Berth's, or somebody's own; it is left alone", o.name,
                         o.port, o.directory);
        } else if (!known) {
            spdlog::warn("pm2 runs {} (id {}, port {}) in our namespace, but no app has that port; "
                         "`pm2 delete {}` removes it",
                         o.name, o.pm_id, o.port, o.pm_id);
        }
        now.push_back(std::move(o));
    }
    orphans_ = std::move(now);
    std::erase_if(left_rows_, [&](auto& id) { return !left.contains(id); });
}

/// A second row of an app, or one of an app that was deleted: pm2 could not be told, or has been resurrected since. Its
/// entry is gone, and its folder. Where the folder is still there, somebody may want what runs in it.
task<> sync::drop_left_row(std::string id) {
    pm2_address row{name_in_pm2(id), storage_.app_directory(id)};
    bool there = co_await storage_.has_folder(id);
    bool is_app = registry_.find(id) != nullptr;
    if (there && !is_app) {
        spdlog::warn("pm2 has {}, which is no app any more; `pm2 delete {}` removes it", row.name, row.name);
        co_return;
    }
    result<> removed;
    if (is_app)
        removed = co_await pm2_.remove_doubles(row);
    else
        removed = co_await pm2_.remove(row);
    if (removed.has_error()) {
        left_rows_.erase(id); // the next sync tries again
        co_return;
    }
    if (!is_app)
        co_await storage_.remove_logs(id); // pm2 has begun them anew
    hint();
}

void sync::plan_next() {
    if (closed_)
        return;
    bool launching = unsettled_;
    for (auto& app : registry_.view()->apps)
        launching = launching || app->app.status == status::launching;
    next_.expires_after(sync_interval(audience_, launching));
    next_.async_wait([this](boost::system::error_code ec) {
        if (!ec)
            runs_.request();
    });
}

task<> sync::close() {
    closed_ = true;
    next_.cancel();
    connection_.cancel();
    spacing_.cancel();
    co_await runs_.close();
    while (aside_ > 0) {
        aside_ended_.expires_at(steady_clock::time_point::max());
        co_await aside_ended_.async_wait(as_result);
    }
}

} // namespace berth
