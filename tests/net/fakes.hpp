// The orchestrator and the log files as the network side sees them, in memory: tests say what they hold and when they
// answer.
#pragma once

#include "core/app_json.hpp"
#include "core/logs.hpp"
#include "core/orchestrator.hpp"
#include "core/slugs.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <string>
#include <vector>

namespace berth::test {

/// Closed, a coroutine waits at it until it is opened.
class gate {
public:
    explicit gate(asio::io_context& io) : timer_(io, std::chrono::steady_clock::time_point::max()) {}
    void close() { open_ = false; }
    void open() {
        open_ = true;
        timer_.cancel();
    }
    std::size_t waiting() const { return waiting_; }
    task<> pass() {
        ++waiting_;
        while (!open_)
            co_await timer_.async_wait(as_result);
        --waiting_;
    }

private:
    asio::steady_timer timer_;
    bool open_ = true;
    std::size_t waiting_ = 0;
};

inline app make_app(std::string id, std::string name, std::uint16_t port, std::optional<std::string> category = {}) {
    app a;
    a.id = std::move(id);
    a.name = std::move(name);
    a.slug = slug_words(a.name);
    if (a.slug.empty())
        a.slug = a.id;
    a.category = std::move(category);
    a.port = port;
    a.created_at = "2026-01-31T14:30:00.000Z";
    a.status = status::online;
    a.pm_id = 7;
    a.pid = 4711;
    a.memory_mb = 628;
    a.cpu_percent = 3.2;
    a.started_at = 1769869800000;
    return a;
}

class fake_orchestrator final : public orchestrator {
public:
    app_edit last_edit;
    explicit fake_orchestrator(asio::io_context& io) : freshness(io), creating(io), arriving(io), io_(io) { set({}); }

    // What tests look at and turn.
    gate freshness, creating, arriving;
    int syncs_asked = 0;
    std::size_t audience = 0;
    std::vector<std::string> calls; // "stop id", "create name|category" ...
    std::optional<error> failure;   // of the next call that can fail
    bool throws = false;            // a bug in the next stop
    std::optional<std::string> warning;
    std::string last_output; // of any app's last run
    std::vector<operation> under_way;
    create_options last_create;
    std::vector<template_view> shelf;
    std::vector<problem> standing;
    disk_usage used;
    berth::watcher* watching = nullptr;

    /// The apps from now on; nobody is told.
    void set(std::vector<app> apps) {
        auto view = std::make_shared<apps_view>();
        view->revision = ++revision_;
        view->json = "[";
        for (auto& a : apps) {
            if (!view->apps.empty())
                view->json += ',';
            view->apps.push_back(make_view(a));
            view->json += view->apps.back()->json;
        }
        view->json += "]";
        view_ = std::move(view);
    }
    /// Replaces or adds one app and tells the watcher.
    void put(const app& a) {
        std::vector<app> apps;
        bool found = false;
        for (auto& v : view_->apps)
            if (v->app.id == a.id)
                apps.push_back(a), found = true;
            else
                apps.push_back(v->app);
        if (!found)
            apps.insert(apps.begin(), a);
        set(std::move(apps));
        change c;
        for (auto& v : view_->apps)
            if (v->app.id == a.id)
                c.apps.push_back(v);
        if (watching)
            watching->on_change(c);
    }
    void drop(const std::string& id) {
        std::vector<app> apps;
        for (auto& v : view_->apps)
            if (v->app.id != id)
                apps.push_back(v->app);
        set(std::move(apps));
        if (watching)
            watching->on_change({{{revision_, id}}, {}});
    }

    task<result<>> open() override { co_return result<>(); }
    task<> shut_down() override { co_return; }
    void watch(watcher* w) override { watching = w; }
    void set_audience(std::size_t n) override { audience = n; }
    task<> fresh() override {
        ++syncs_asked;
        co_await freshness.pass();
    }
    std::shared_ptr<const apps_view> apps() const override { return view_; }
    std::string manifest_text() const override { return R"({"version":"1.0.0","portRange":[3100,3199],"apps":{}})"; }

    task<result<std::shared_ptr<const app_view>>> create(create_options o) override {
        calls.push_back("create " + o.name.value_or("-") + "|" + o.category.value_or("-"));
        if (o.made_from || o.fork_of || o.fresh)
            calls.back() += "|" + o.made_from.value_or(o.fork_of ? "app:" + *o.fork_of : "fresh");
        last_create = o;
        co_await creating.pass();
        if (failure)
            co_return take_failure();
        put(make_app("new0000001", o.name.value_or("brave-otter"), 3150, o.category));
        calls.push_back("created");
        co_return view_->apps.front();
    }
    task<result<std::shared_ptr<const app_view>>> stop(std::string id) override { return act("stop", std::move(id)); }
    task<result<std::shared_ptr<const app_view>>> restart(std::string id) override {
        return act("restart", std::move(id));
    }
    task<result<std::shared_ptr<const app_view>>> edit(std::string id, app_edit wish) override {
        last_edit = wish;
        return act("edit", std::move(id));
    }
    task<result<std::shared_ptr<const app_view>>> sleep(std::string id) override { return act("sleep", std::move(id)); }
    task<result<std::shared_ptr<const app_view>>> wake(std::string id) override { return act("wake", std::move(id)); }
    void not_held(const std::string& id, const std::string& why) override {
        calls.push_back("not held " + id + " " + why);
    }
    task<result<std::shared_ptr<const app_view>>> check(std::string id) override { return act("check", std::move(id)); }
    /// As the real one; who would wait does so at `arriving`.
    task<readiness> ready(std::string id, std::chrono::milliseconds, bool wakes) override {
        auto find = [&]() -> const app_view* {
            for (auto& v : view_->apps)
                if (v->app.id == id)
                    return v.get();
            return nullptr;
        };
        auto how = judge_readiness(find());
        if (how.is == readiness::state::asleep && wakes)
            calls.push_back("wake " + id);
        if (how.is == readiness::state::coming || (how.is == readiness::state::asleep && wakes))
            co_await arriving.pass();
        if (failure)
            co_return readiness{readiness::state::down, 0, take_failure().detail};
        co_return judge_readiness(find());
    }
    task<result<why_report>> why(std::string id) override {
        calls.push_back("why " + id);
        auto known = view_->find(id);
        if (!known)
            co_return error{errc::app_not_found, "There is no app with the id \"" + id + "\"."};
        co_return explain(known->app, last_output);
    }
    task<result<removed_app>> remove(std::string id, bool cleanup) override {
        calls.push_back("remove " + id + (cleanup ? " cleanup" : ""));
        if (failure)
            co_return take_failure();
        co_return removed_app{id, warning};
    }
    task<std::vector<bulk_result>> bulk(bulk_action action, bulk_selection selection) override {
        calls.push_back("bulk " + std::to_string(static_cast<int>(action)) + " " + std::to_string(selection.index()));
        std::vector<bulk_result> results;
        if (auto ids = std::get_if<std::vector<std::string>>(&selection))
            for (auto& id : *ids) {
                bulk_result r{id, {}};
                if (!view_->find(id))
                    r.error = error{errc::app_not_found, "There is no app with the id \"" + id + "\"."};
                results.push_back(std::move(r));
            }
        co_return results;
    }

    task<std::vector<template_view>> templates() override { co_return shelf; }
    task<result<template_view>> add_template(std::string name, std::string source) override {
        calls.push_back("add template " + name + " " + source);
        return made(std::move(name), std::move(source));
    }
    task<result<template_view>> refresh_template(std::string name) override {
        calls.push_back("refresh template " + name);
        return made(std::move(name), "/projects/shop");
    }
    task<result<>> remove_template(std::string name) override {
        calls.push_back("remove template " + name);
        if (failure)
            co_return take_failure();
        co_return result<>();
    }

    std::vector<sample> samples; // of every app
    activity_log happened;
    mutable activity_query last_activity_query;
    std::vector<sample> history(const std::string&) const override { return samples; }
    activity_page activity(const activity_query& asked) const override {
        last_activity_query = asked;
        return happened.page(asked);
    }

    std::vector<operation> operations() const override { return under_way; }
    task<result<operation>> cancel(std::string id) override {
        for (auto& o : under_way)
            if (o.id == id) {
                calls.push_back("cancel " + id);
                o.at = operation::phase::cancelled;
                co_return o;
            }
        co_return error{errc::operation_not_found, "No create with the id \"" + id + "\" is under way."};
    }

    sync_figures syncs() const override { return {611, 1, 1769869800000, 3.14}; }
    pm2_health pm2() const override {
        pm2_health h;
        h.connected = true;
        h.daemon_pid = 812;
        h.version = "7.0.4";
        h.bridge_pid = 811;
        h.calls = 640;
        return h;
    }
    machine_load load() const override { return {8, 32'000, 11'200, 12.54}; }
    std::vector<orphan> orphans() const override {
        return {{"orch-gone", 4, 3150, "/elsewhere/created-apps/gone", true}};
    }
    std::vector<problem> problems() const override { return standing; }
    disk_usage disk() const override { return used; }
    std::pair<std::uint16_t, std::uint16_t> port_range() const override { return {3100, 3199}; }
    int max_running() const override { return 20; }
    sleep_settings bedtimes;
    std::map<std::string, berth::activity> doing; // by app id: what put() shows as under way
    const sleep_settings& sleeping() const override { return bedtimes; }
    const std::filesystem::path& root() const override { return root_; }

private:
    std::shared_ptr<const app_view> make_view(const app& a) {
        auto view = std::make_shared<app_view>();
        view->app = a;
        view->operation = doing.contains(a.id) ? doing[a.id] : activity::none;
        view->revision = revision_;
        view->json = dump(to_json(a, activity::none));
        return view;
    }
    task<result<template_view>> made(std::string name, std::string source) {
        if (failure)
            co_return take_failure();
        template_view t;
        t.name = std::move(name);
        t.source = std::move(source);
        t.facts.emplace();
        t.facts->made_at = 1769869800000;
        t.facts->node = "v20.9.0";
        co_return t;
    }
    error take_failure() {
        auto e = *failure;
        failure.reset();
        return e;
    }
    task<result<std::shared_ptr<const app_view>>> act(std::string what, std::string id) {
        calls.push_back(what + " " + id);
        if (throws)
            throw std::runtime_error("a bug of the test");
        if (failure)
            co_return take_failure();
        for (auto& v : view_->apps)
            if (v->app.id == id)
                co_return v;
        co_return error{errc::app_not_found, "There is no app with the id \"" + id + "\"."};
    }

    asio::io_context& io_;
    std::filesystem::path root_ = "/home/ada/berth";
    std::uint64_t revision_ = 0;
    std::shared_ptr<const apps_view> view_;
};

/// Log files as strings; what reading them does to the file while it goes on, a test may say too.
class fake_logs final : public log_files {
public:
    explicit fake_logs(asio::io_context& io) : io_(io) {}

    struct file {
        std::uint64_t identity = 1;
        std::string bytes;
    };
    std::map<std::pair<std::string, log_stream>, file> files;
    int reads = 0;
    int excerpts = 0;
    log_query asked;                                                 // by the last excerpt
    std::size_t most_read = 0;                                       // bytes at once
    std::function<void(const std::string&, log_stream)> before_read; // may change the file

    task<result<log_excerpt>> excerpt(std::string id, log_stream s, log_query query) override {
        co_await turn();
        ++excerpts;
        asked = query;
        auto text = files[{id, s}].bytes;
        log_excerpt found{{}, text.size()};
        std::size_t at = text.size();
        if (at > 0 && text[at - 1] == '\n')
            --at;
        for (auto lines = query.lines; lines > 0 && at != text.npos; --lines)
            at = at == 0 ? text.npos : text.rfind('\n', at - 1);
        found.bytes = at == text.npos ? text : text.substr(std::min(text.size(), at + 1));
        co_return found;
    }
    task<result<log_piece>> read(std::string id, log_stream s, std::uint64_t from, std::size_t max) override {
        co_await turn();
        ++reads;
        if (before_read)
            before_read(id, s);
        auto found = files.find({id, s});
        log_piece p;
        p.from = from;
        if (found == files.end())
            co_return p;
        p.file = found->second.identity;
        p.size = found->second.bytes.size();
        if (from < p.size)
            p.bytes = found->second.bytes.substr(from, max);
        most_read = std::max(most_read, p.bytes.size());
        co_return p;
    }
    task<result<log_piece>> look(std::string id, log_stream s) override {
        co_await turn();
        auto found = files.find({id, s});
        log_piece p;
        if (found != files.end()) {
            p.file = found->second.identity;
            p.size = found->second.bytes.size();
        }
        co_return p;
    }

private:
    /// As the worker pool does: the answer never comes within the call.
    task<> turn() { co_await asio::post(io_, asio::use_awaitable); }
    asio::io_context& io_;
};

} // namespace berth::test
