#include "core/orchestrator.hpp"

#include "core/activity_recorder.hpp"
#include "core/clock.hpp"
#include "core/creates.hpp"
#include "core/disk_watch.hpp"
#include "core/git_watch.hpp"
#include "core/history_sampler.hpp"
#include "core/keeper.hpp"
#include "core/names.hpp"
#include "core/operations.hpp"
#include "core/page_watch.hpp"
#include "core/registry.hpp"
#include "core/settings.hpp"
#include "core/sleeper.hpp"
#include "core/sync.hpp"
#include "core/template_work.hpp"
#include "core/turns.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace berth {
namespace {

constexpr int max_scaffolds = 2; // at once, installs too: each is an npm install, which wants a core and a disk
constexpr int max_copies = 4;

class real_orchestrator final : public orchestrator, process_manager_listener {
public:
    real_orchestrator(asio::any_io_executor executor, orchestrator_parts p, int max_running)
        : executor_(executor), storage_(p.storage), pm2_(p.pm2), machine_(p.machine), projects_(p.projects),
          max_running_(max_running), keeper_(executor, registry_, p.storage),
          sync_(executor, registry_, keeper_, p.storage, p.pm2, p.machine, p.projects),
          operations_(executor, parts(), [this] { return creates_.room(); }), scaffolds_(executor, max_scaffolds),
          copies_(executor, max_copies),
          templates_(executor, {registry_, p.machine, p.scaffolder, p.templates, p.tools, scaffolds_}),
          creates_(executor, parts(),
                   {operations_, templates_, p.scaffolder, p.templates, p.tools, scaffolds_, copies_}, max_running),
          sleeper_(executor, {registry_, operations_, p.machine}, p.sleep, [this] { return creates_.room(); }),
          arrivals_(
              executor, [this](auto& id) { return registry_.view(id); }, [this] { return sync_.fresh(); },
              [this](auto id) { return wake_for(std::move(id)); }, [this](auto port) { return machine_.accepts(port); }),
          logs_(p.logs), bounds_(p.bounds), checker_(p.pages), recorder_(registry_, p.activity), git_(p.git) {
        registry_.tell([this](auto& changed) { arrivals_.changed(changed); });
    }

    task<result<>> open() override {
        auto loaded = co_await keeper_.open();
        if (loaded.has_error())
            co_return loaded;
        co_await recorder_.open();
        sync_.listen(&recorder_);
        pm2_.listen(*this);
        pm2_.run();
        co_await creates_.recover();
        co_await templates_.recover();
        operations_.finish_all();
        sync_.hint();
        disk_watch_.emplace(
            executor_, registry_, storage_, [this] { return housed_ids(); }, [this] { return logged_ids(); });
        if (logs_)
            log_keeper_.emplace(executor_, *logs_, bounds_, [this] { return ids(); });
        if (checker_)
            pages_.emplace(executor_, page_watch_parts{registry_, storage_, machine_, *checker_, logs_});
        if (git_)
            git_watch_.emplace(executor_, registry_, *git_, storage_.root());
        sleeper_.run();
        sampler_.emplace(executor_, registry_, history_, [this] { return sync_.figures().last_at; });
        co_return result<>();
    }

    task<> shut_down() override {
        arrivals_.close();
        sampler_.reset();
        git_watch_.reset();
        log_keeper_.reset();
        disk_watch_.reset();
        if (pages_)
            co_await pages_->close();
        co_await creates_.close();
        co_await templates_.close();
        co_await sleeper_.close();
        co_await operations_.close();
        co_await sync_.close();
        co_await keeper_.close();
        co_await pm2_.shut_down();
        co_await recorder_.close();
    }

    void watch(watcher* w) override { registry_.watch(w); }
    void set_audience(std::size_t clients) override { sync_.set_audience(clients > 0); }
    task<> fresh() override { return sync_.fresh(); }
    std::shared_ptr<const apps_view> apps() const override { return registry_.view(); }
    std::string manifest_text() const override { return format_manifest(registry_.value()); }

    task<result<std::shared_ptr<const app_view>>> create(create_options wish) override {
        return creates_.create(std::move(wish));
    }
    task<result<std::shared_ptr<const app_view>>> stop(std::string id) override {
        return app_after(operations::kind::stop, std::move(id));
    }
    task<result<std::shared_ptr<const app_view>>> restart(std::string id) override {
        return app_after(operations::kind::start, std::move(id));
    }
    task<result<std::shared_ptr<const app_view>>> sleep(std::string id) override {
        return app_after(operations::kind::sleep, std::move(id));
    }
    task<result<std::shared_ptr<const app_view>>> wake(std::string id) override {
        auto done = co_await sleeper_.wake(id);
        co_return shown_after(std::move(done), id);
    }
    void not_held(const std::string& id, const std::string& why) override { sync_.not_held(id, why); }
    task<result<std::shared_ptr<const app_view>>> check(std::string id) override;
    task<readiness> ready(std::string id, std::chrono::milliseconds patience, bool wakes) override {
        return arrivals_.ready(std::move(id), patience, wakes);
    }
    task<result<why_report>> why(std::string id) override;
    task<result<std::shared_ptr<const app_view>>> edit(std::string id, app_edit wish) override {
        auto checked = check_edit(std::move(wish));
        if (checked.has_error())
            co_return checked.error();
        auto names = creates_.names_but(id);
        co_return co_await apply_edit(registry_, keeper_, std::move(id), std::move(*checked), std::move(names));
    }
    task<result<removed_app>> remove(std::string id, bool cleanup) override {
        auto what = cleanup ? operations::kind::remove : operations::kind::remove_but_keep_folder;
        auto done = co_await operations_.run(what, id);
        if (done.error)
            co_return *done.error;
        co_return removed_app{id, done.warning};
    }
    task<std::vector<bulk_result>> bulk(bulk_action, bulk_selection) override;

    task<std::vector<template_view>> templates() override { return templates_.list(); }
    task<result<template_view>> add_template(std::string name, std::string source) override {
        return templates_.add(std::move(name), std::move(source));
    }
    task<result<template_view>> refresh_template(std::string name) override {
        return templates_.refresh(std::move(name));
    }
    task<result<>> remove_template(std::string name) override { return templates_.remove(std::move(name)); }

    std::vector<sample> history(const std::string& id) const override { return history_.of(id, wall_ms()); }
    activity_page activity(const activity_query& asked) const override { return recorder_.page(asked); }

    std::vector<operation> operations() const override;
    task<result<operation>> cancel(std::string id) override {
        return creates_.knows(id) ? creates_.cancel(std::move(id)) : templates_.cancel(std::move(id));
    }

    sync_figures syncs() const override { return sync_.figures(); }
    pm2_health pm2() const override { return pm2_.health(); }
    machine_load load() const override { return machine_.load(); }
    std::vector<orphan> orphans() const override { return sync_.orphans(); }
    std::vector<problem> problems() const override { return registry_.problems(); }
    disk_usage disk() const override { return storage_.usage(); }
    std::pair<std::uint16_t, std::uint16_t> port_range() const override { return registry_.value().port_range; }
    int max_running() const override { return max_running_; }
    const sleep_settings& sleeping() const override { return sleeper_.settings(); }
    const std::filesystem::path& root() const override { return storage_.root(); }

private:
    operations::parts parts() { return {registry_, keeper_, sync_, storage_, pm2_, machine_, projects_}; }

    task<result<std::shared_ptr<const app_view>>> app_after(operations::kind what, std::string id) {
        auto done = co_await operations_.run(what, id);
        co_return shown_after(std::move(done), id);
    }
    static result<std::shared_ptr<const app_view>> shown_after(operations::outcome done, const std::string& id) {
        if (done.error)
            return *done.error;
        if (!done.app)
            return error{errc::app_not_found, "The app " + id + " was deleted meanwhile."};
        return done.app;
    }
    task<result<>> wake_for(std::string id) {
        auto done = co_await sleeper_.wake(std::move(id));
        if (done.error)
            co_return *done.error;
        co_return result<>();
    }

    void on_event(const pm2_event& event) override {
        sync_.on_event(event);
        auto watcher = registry_.watcher();
        auto id = id_in(event.name);
        if (watcher && id)
            watcher->on_event(*id, event.event, event.at);
    }
    /// Of all that may have a folder in created-apps/.
    std::set<std::string> housed_ids() const {
        auto known = creates_.unfinished();
        for (auto& [id, entry] : registry_.value().apps)
            if (entry.app.owned())
                known.insert(id);
        return known;
    }
    /// Of all that may have log files: pm2 may still write for a row that belongs to no app.
    std::set<std::string> logged_ids() const {
        auto known = creates_.unfinished();
        for (auto& id : ids())
            known.insert(id);
        for (auto& row : sync_.orphans())
            if (auto id = id_in(row.name))
                known.insert(*id);
        return known;
    }
    std::vector<std::string> ids() const {
        std::vector<std::string> all;
        for (auto& [id, entry] : registry_.value().apps)
            all.push_back(id);
        return all;
    }

    void on_wrote(const std::string& name) override {
        auto id = id_in(name);
        if (!id)
            return;
        if (log_keeper_)
            log_keeper_->wrote(*id);
        if (pages_)
            pages_->wrote(*id);
        if (auto watcher = registry_.watcher())
            watcher->on_wrote(*id);
    }
    void on_connected() override { sync_.on_connected(); }
    void on_disconnected(const std::string& reason) override { sync_.on_disconnected(reason); }

    asio::any_io_executor executor_;
    storage& storage_;
    process_manager& pm2_;
    machine& machine_;
    projects& projects_;
    int max_running_;
    registry registry_;
    keeper keeper_;
    sync sync_;
    berth::operations operations_;
    turns scaffolds_, copies_;
    template_work templates_;
    creates creates_;
    sleeper sleeper_;
    arrivals arrivals_;
    log_files* logs_;
    log_bounds bounds_;
    std::optional<log_keeper> log_keeper_;
    std::optional<disk_watch> disk_watch_;
    page_checker* checker_;
    std::optional<page_watch> pages_;
    activity_recorder recorder_;
    berth::history history_;
    std::optional<history_sampler> sampler_;
    git_reader* git_;
    std::optional<git_watch> git_watch_;
};

task<result<std::shared_ptr<const app_view>>> real_orchestrator::check(std::string id) {
    co_await sync_.fresh();
    auto is_online = [&](auto known) { return known && known->status == status::online; };
    if (pages_ && is_online(registry_.find(id)))
        co_await pages_->check(id);
    auto known = registry_.find(id);
    if (!known)
        co_return error{errc::app_not_found, "There is no app with the id " + in_quotes(id) + "."};
    if (!is_online(known))
        co_return error{errc::not_running, in_quotes(known->name) + " is not online, so its page cannot be checked."};
    co_return registry_.view(id);
}

task<result<why_report>> real_orchestrator::why(std::string id) {
    auto known = registry_.find(id);
    if (!known)
        co_return error{errc::app_not_found, "There is no app with the id " + in_quotes(id) + "."};
    auto subject = *known;
    std::string output;
    if (is_in_trouble(subject)) {
        auto since = subject.started_at.value_or(0);
        output = co_await storage_.last_output(id, true, since);
        if (last_lines_of(output).empty())
            output = co_await storage_.last_output(id, false, since);
    }
    co_return explain(subject, output);
}

std::vector<operation> real_orchestrator::operations() const {
    auto all = creates_.list();
    for (auto& each : templates_.operations())
        all.push_back(each);
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.started_at < b.started_at; });
    return all;
}

/// What a bulk action is to touch. Apps that have nothing to stop are left out of a stop by category or of all.
std::vector<std::string> select(const apps_view& view, const bulk_selection& selection) {
    std::vector<std::string> ids;
    auto add = [&](const std::string& id) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.push_back(id);
    };
    if (auto list = std::get_if<std::vector<std::string>>(&selection)) {
        for (auto& id : *list)
            add(id);
        return ids;
    }
    auto group = std::get_if<apps_of_category>(&selection);
    for (auto& a : view.apps)
        if (!group || a->app.category == group->category)
            add(a->app.id);
    return ids;
}

task<std::vector<bulk_result>> real_orchestrator::bulk(bulk_action action, bulk_selection selection) {
    co_await sync_.fresh();
    auto ids = select(*registry_.view(), selection);
    bool chosen_one_by_one = std::holds_alternative<std::vector<std::string>>(selection);
    if (action == bulk_action::sleep && !chosen_one_by_one)
        std::erase_if(ids, [&](auto& id) { return registry_.find(id)->keep_awake; });
    auto what = action == bulk_action::stop      ? operations::kind::stop
                : action == bulk_action::restart ? operations::kind::start
                : action == bulk_action::sleep   ? operations::kind::sleep
                : action == bulk_action::wake    ? operations::kind::wake
                : action == bulk_action::remove  ? operations::kind::remove
                                                 : operations::kind::remove_but_keep_folder;
    struct shared_state {
        std::vector<bulk_result> results;
        std::size_t left = 0;
        asio::steady_timer done;
    };
    auto state = std::make_shared<shared_state>(shared_state{{}, ids.size(), asio::steady_timer(executor_)});
    state->done.expires_at(std::chrono::steady_clock::time_point::max());
    state->results.resize(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        state->results[i].id = ids[i];
        asio::co_spawn(executor_, operations_.run(what, ids[i]),
                       [state, i](std::exception_ptr e, berth::operations::outcome done) {
                           if (e)
                               std::rethrow_exception(e);
                           state->results[i].error = std::move(done.error);
                           if (--state->left == 0)
                               state->done.cancel();
                       });
    }
    while (state->left > 0)
        co_await state->done.async_wait(as_result);
    if (!chosen_one_by_one)
        std::erase_if(state->results, [](auto& r) {
            return r.error && (r.error->code == errc::not_running || r.error->code == errc::not_asleep);
        });
    co_return std::move(state->results);
}

} // namespace

std::unique_ptr<orchestrator> create_orchestrator(asio::any_io_executor executor, orchestrator_parts parts,
                                                  int max_running) {
    return std::make_unique<real_orchestrator>(executor, parts, max_running);
}

} // namespace berth
