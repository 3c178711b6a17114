#include "core/template_work.hpp"

#include "core/clock.hpp"
#include "core/names.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

namespace berth {
namespace {

error no_template(const std::string& name) {
    return {errc::template_not_found,
            fmt::format("There is no template called {}; GET /api/templates lists those there are.", in_quotes(name))};
}

} // namespace

struct template_work::job : progress {
    using progress::progress;
    std::string source;
    std::filesystem::path tree; // empty: not begun
    std::optional<stored_template> made;
};

template_work::template_work(asio::any_io_executor executor, parts p)
    : executor_(executor), parts_(p), idle_(executor) {
    idle_.expires_at(std::chrono::steady_clock::time_point::max());
}

template_view template_work::view(const std::string& name, std::optional<stored_template> stored) const {
    template_view shown;
    shown.name = name;
    shown.built_in = name == next_template;
    if (shown.built_in)
        shown.source = create_next_app;
    for (auto& each : jobs_)
        if (each->shown.name == name) {
            shown.operation = each->shown.id;
            shown.source = without_password(each->source);
        }
    if (stored) {
        shown.source = without_password(stored->facts.source);
        shown.facts = std::move(stored->facts);
    }
    return shown;
}

bool template_work::is_under_way(const std::string& name) const {
    return std::any_of(jobs_.begin(), jobs_.end(), [&](auto& j) { return j->shown.name == name; });
}

task<std::vector<template_view>> template_work::list() {
    auto stored = co_await parts_.store.list();
    std::map<std::string, template_view> all;
    for (auto& each : stored)
        all[each.name] = view(each.name, each);
    std::vector<std::string> others;
    for (auto& each : jobs_)
        others.push_back(each->shown.name);
    if (parts_.scaffolder.is_built_in())
        others.emplace_back(next_template);
    for (auto& name : others)
        if (!all.contains(name))
            all[name] = view(name, {});
    std::vector<template_view> views;
    for (auto& [name, each] : all)
        views.push_back(std::move(each));
    co_return views;
}

task<result<template_view>> template_work::add(std::string name, std::string source) {
    if (auto checked = check_template_name(name); checked.has_error())
        co_return checked.error();
    if (auto parsed = parse_template_source(source); parsed.has_error())
        co_return parsed.error();
    auto known = co_await parts_.store.find(name);
    if (known || is_under_way(name) || name == next_template)
        co_return error{errc::name_taken,
                        fmt::format("There is a template called {} already. Choose another name, or remove it first "
                                    "(berth template rm {}).",
                                    name, name)};
    auto mine = begin(std::move(name), std::move(source));
    auto done = co_await follow(std::move(mine));
    co_return done;
}

task<result<template_view>> template_work::refresh(std::string name) {
    for (auto& each : jobs_)
        if (each->shown.name == name) {
            auto same = each;
            auto done = co_await follow(std::move(same));
            co_return done;
        }
    std::string source = create_next_app;
    if (name != next_template || !parts_.scaffolder.is_built_in()) {
        auto known = co_await parts_.store.find(name);
        if (!known)
            co_return no_template(name);
        source = known->facts.source;
    }
    auto mine = begin(std::move(name), std::move(source));
    auto done = co_await follow(std::move(mine));
    co_return done;
}

task<result<>> template_work::remove(std::string name) {
    for (auto& each : std::list(jobs_))
        if (each->shown.name == name) {
            stop(*each);
            co_await each->wait();
        }
    if (check_template_name(name).has_error())
        co_return no_template(name);
    auto removed = co_await parts_.store.remove(std::move(name));
    co_return removed;
}

std::shared_ptr<template_work::job> template_work::begin(std::string name, std::string source) {
    auto mine = std::make_shared<job>(executor_, parts_.registry);
    mine->shown.kind = operation::sort::make_template;
    mine->shown.id = new_id();
    mine->shown.name = std::move(name);
    mine->shown.started_at = iso_time(wall_ms());
    mine->source = std::move(source);
    jobs_.push_back(mine);
    mine->tell(operation::phase::waiting);
    asio::co_spawn(executor_, work(mine), rethrow);
    return mine;
}

task<result<template_view>> template_work::follow(std::shared_ptr<job> mine) {
    co_await mine->wait();
    if (mine->shown.error)
        co_return *mine->shown.error;
    co_return view(mine->shown.name, mine->made);
}

task<> template_work::work(std::shared_ptr<job> mine) {
    auto made = co_await make(*mine);
    auto phase = operation::phase::done;
    if (made.has_value()) {
        mine->made = *made;
    } else {
        auto why = made.error();
        mine->shown.error = why;
        phase = mine->cancel_asked ? operation::phase::cancelled : operation::phase::failed;
        spdlog::info("template {}: {}", mine->shown.name, why.detail);
    }
    if (!mine->tree.empty())
        co_await parts_.store.abandon(mine->shown.id);
    jobs_.remove(mine);
    mine->end(phase);
    idle_.cancel();
}

task<result<stored_template>> template_work::make(job& mine) {
    error cancelled{errc::cancelled, fmt::format("The making of the template {} was cancelled; nothing of it is left.",
                                                 mine.shown.name)};
    if (closed_)
        co_return error{errc::shutting_down, "Berth is ending; no template was made."};
    if (!co_await parts_.installs.enter(mine.cancel_asked))
        co_return cancelled;
    template_facts facts;
    facts.source = mine.source;
    facts.made_at = wall_ms();
    auto id = mine.shown.id;
    auto tree = co_await parts_.store.begin(id);
    result<> filled;
    if (tree.has_error()) {
        filled = tree.error();
    } else {
        mine.tree = *tree;
        if (!mine.cancel_asked)
            filled = co_await fill(mine, mine.tree, facts);
    }
    parts_.installs.leave();
    if (mine.cancel_asked)
        co_return cancelled;
    if (filled.has_error())
        co_return filled.error();
    std::string node = "node";
    facts.node = co_await parts_.tools.version_of(node);
    auto placed = co_await parts_.store.place(id, mine.shown.name, std::move(facts));
    co_return placed;
}

task<result<>> template_work::fill(job& mine, const std::filesystem::path& tree, template_facts& facts) {
    project_tools::line_sink lines = [&mine](std::string_view line) { mine.line(line); };
    if (mine.source == create_next_app) {
        mine.tell(operation::phase::scaffolding);
        auto made = co_await parts_.scaffolder.run(tree, lines);
        facts.package_manager = co_await npm();
        co_return made;
    }
    auto source = parse_template_source(mine.source);
    if (source.has_error())
        co_return source.error();
    if (auto git = std::get_if<git_source>(&*source)) {
        mine.tell(operation::phase::fetching);
        auto from = *git;
        auto fetched = co_await parts_.tools.fetch(std::move(from), tree, lines);
        if (fetched.has_error())
            co_return fetched.error();
        facts.commit = *fetched;
    } else {
        mine.tell(operation::phase::copying);
        auto path = std::get<folder_source>(*source).path;
        auto copied = co_await parts_.store.keep_copy(mine.shown.id, std::move(path), false);
        if (copied.has_error())
            co_return copied;
    }
    if (mine.cancel_asked)
        co_return result<>();
    mine.tell(operation::phase::installing);
    auto installed = co_await parts_.tools.install(tree, lines);
    if (installed.has_error())
        co_return installed.error();
    facts.package_manager = *installed;
    co_return result<>();
}

std::vector<operation> template_work::operations() const {
    std::vector<operation> all;
    for (auto& each : jobs_)
        all.push_back(each->shown);
    return all;
}

void template_work::stop(job& mine) {
    mine.cancel_asked = true;
    parts_.installs.look_again();
    parts_.store.cancel(mine.shown.id);
    if (mine.tree.empty())
        return;
    parts_.scaffolder.cancel(mine.tree);
    parts_.tools.cancel(mine.tree);
}

task<result<operation>> template_work::cancel(std::string id) {
    auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](auto& j) { return j->shown.id == id; });
    if (found == jobs_.end())
        co_return error{errc::operation_not_found,
                        fmt::format("Nothing with the id {} is under way; it may have ended.", id)};
    auto mine = *found;
    stop(*mine);
    co_await mine->wait();
    co_return mine->shown;
}

task<> template_work::clear(std::string id, std::filesystem::path tree) {
    co_await parts_.machine.end_scaffold(std::move(tree));
    co_await parts_.store.abandon(std::move(id));
}

task<> template_work::recover() {
    auto left = co_await parts_.store.unfinished();
    for (auto& [id, tree] : left) {
        spdlog::info("clearing what a crash left of a template ({})", id);
        ++aside_;
        asio::co_spawn(executor_, clear(id, tree), [this](std::exception_ptr e) {
            --aside_;
            idle_.cancel();
            if (e)
                std::rethrow_exception(e);
        });
    }
}

task<> template_work::close() {
    closed_ = true;
    for (auto& each : std::list(jobs_))
        stop(*each);
    while (!jobs_.empty() || aside_ > 0)
        co_await idle_.async_wait(as_result);
}

} // namespace berth
