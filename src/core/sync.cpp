#include "core/sync.hpp"

#include "core/clock.hpp"
#include "core/names.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
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

sync::sync(asio::any_io_executor executor, registry& r, keeper& k, storage& s, process_manager& p, machine& m)
    : executor_(executor), registry_(r), keeper_(k), storage_(s), pm2_(p), machine_(m),
      disconnected_at_(steady_clock::now()), spacing_(executor), connection_(executor), next_(executor),
      runs_(
          executor, [this] { return run(); }, [this] { return pause(); }) {
    connection_.expires_at(steady_clock::time_point::max());
}

app_ref sync::ref(const app& a) const { return {a.id, storage_.app_directory(a.id), a.port, a.pid}; }

std::optional<int> sync::row_of(const app& a) const {
    if (a.pm_id)
        return a.pm_id;
    for (auto& row : orphans_)
        if (row.name == a.process_name())
            return row.pm_id;
    return {};
}

void sync::hint() {
    hurried_ = true;
    runs_.request();
    spacing_.cancel();
}

void sync::on_event(const pm2_event& event) {
    if (event.name.starts_with("orch-")) {
        auto id = event.name.substr(5);
        auto known = exits_.find(id);
        if (auto exit = read_exit(event)) {
            bool follows_stop =
                known != exits_.end() && known->second.exit.what == exit_news::kind::asked_for && event.event == "exit";
            if (!follows_stop)
                exits_[id] = {*exit, lists_};
        } else if (known != exits_.end() && (event.event == "online" || event.event == "start")) {
            exits_.erase(known);
        }
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
    using namespace asio::experimental::awaitable_operators;
    begun_ = steady_clock::now();
    unsettled_ = false;
    // What the disk and the machine are asked does not wait for pm2's answer, nor pm2 for them.
    machine_.prepare();
    auto table = co_await (list() && look_for_edits());
    if (table.has_error() && steady_clock::now() - begun_ < 2s)
        table = co_await list(); // the bridge died under the first: it is back at once
    if (table.has_value()) {
        registry_.set_problem("pm2_unavailable", "");
        co_await apply(std::move(*table));
    } else {
        ++figures_.failed;
        without_pm2(connected_ ? table.error().detail : disconnect_reason_);
    }
    ++figures_.count;
    figures_.last_at = wall_ms();
    figures_.last_ms = std::chrono::duration<double, std::milli>(steady_clock::now() - begun_).count();
    plan_next();
}

task<> sync::look_for_edits() {
    if (begun_ - edits_looked_at_ <= 500ms)
        co_return;
    edits_looked_at_ = begun_;
    co_await keeper_.look_for_edits();
}

task<result<pm2_table>> sync::list() {
    // A bridge that is just (re)starting is back within 200 ms: that is no reason to call every app unknown.
    auto grace = disconnected_at_ + 2s;
    co_await wait_for_pm2(grace);
    auto asked_at = steady_clock::now();
    ++lists_;
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
    auto asked = lists_;
    drop_forgotten(table);
    auto found = match(registry_.value(), table);
    std::vector<app_ref> refs;
    for (auto& [id, entry] : registry_.value().apps) {
        auto process = found.by_id.find(id);
        auto app = ref(entry.app);
        app.root_pid = process == found.by_id.end() ? 0 : process->second.pid;
        refs.push_back(std::move(app));
    }
    auto sights = co_await machine_.look(refs);

    bool wish_changed = false;
    std::set<std::string> stopping;
    for (std::size_t i = 0; i < refs.size(); ++i) {
        auto& id = refs[i].id;
        sighting seen;
        seen.sight = sights[i];
        seen.operation = registry_.operation(id);
        seen.now = wall_ms();
        if (auto process = found.by_id.find(id); process != found.by_id.end())
            seen.process = process->second;
        if (auto exit = exits_.find(id); exit != exits_.end())
            seen.last_exit = exit->second.exit;
        registry_.edit(id, [&](app& a) {
            // An app whose port was edited, or that came and went while we looked, waits for the next sync.
            if (a.port != refs[i].port)
                return;
            // What was seen before an operation began or ended says nothing of it: its own sync comes.
            if (registry_.touched_since(id, mark_))
                return;
            registry_.judged(id);
            auto now = judge(a, seen);
            wish_changed = wish_changed || now.wanted != a.wanted;
            a = std::move(now);
        });
        if (seen.process && seen.process->status == pm2_status::stopping)
            stopping.insert(id);
        unsettled_ = unsettled_ || !seen.sight.alive;
        // News that came before this list was asked for is of an earlier run.
        if (auto exit = exits_.find(id); exit != exits_.end() && seen.process && seen.process->pid > 0 &&
                                         seen.process->status == pm2_status::online && exit->second.at < asked)
            exits_.erase(exit);
    }
    std::erase_if(exits_, [&](auto& item) { return !registry_.find(item.first); });
    registry_.set_stopping_elsewhere(std::move(stopping));
    note_orphans(found.orphans);
    // A change of intent is durable before anybody is told; runtime fields may follow.
    if (wish_changed)
        co_await keeper_.durable();
    registry_.commit();
    keeper_.save_soon();
}

void sync::note_orphans(const std::vector<pm2_process>& rows) {
    std::vector<orphan> now;
    for (auto& row : rows) {
        orphan o{row.name, row.pm_id, row.port};
        if (std::find(orphans_.begin(), orphans_.end(), o) == orphans_.end())
            spdlog::warn("pm2 runs {} (id {}, port {}) in our namespace, but no app has that port; "
                         "`pm2 delete {}` removes it",
                         o.name, o.pm_id, o.port, o.pm_id);
        now.push_back(std::move(o));
    }
    orphans_ = std::move(now);
}

void sync::forget(std::string process_name) {
    forgotten_.emplace(std::move(process_name), false);
    hint();
}

/// Such a row is nobody's: another app may have its port by now.
void sync::drop_forgotten(pm2_table& table) {
    for (auto each = forgotten_.begin(); each != forgotten_.end();) {
        auto& [name, told] = *each;
        auto is_it = [&name = name](const pm2_process& row) { return row.name == name; };
        auto row = std::find_if(table.processes.begin(), table.processes.end(), is_it);
        if (row == table.processes.end()) {
            asio::co_spawn(executor_, end_delete(name.substr(std::string_view("orch-").size())), asio::detached);
            each = forgotten_.erase(each);
            continue;
        }
        if (!std::exchange(told, true))
            asio::co_spawn(executor_, remove_row(name, row->pm_id), asio::detached);
        std::erase_if(table.processes, is_it);
        ++each;
    }
}

task<> sync::remove_row(std::string name, int pm_id) {
    auto removed = co_await pm2_.remove(pm_id);
    if (auto each = forgotten_.find(name); each != forgotten_.end())
        each->second = false; // should it be there all the same
    if (removed.has_value())
        hint(); // else the next sync that comes by itself tries again
}

task<> sync::end_delete(std::string id) { co_await storage_.journal_erase(id); }

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
}

} // namespace berth
