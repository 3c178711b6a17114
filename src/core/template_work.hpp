// Templates: made from a repository or a folder, made anew, and removed. The work belongs to this class: it goes on
// when the client is gone, and a failure, a cancel or a crash leaves nothing, or the template that was there before.
// template_work.cpp has the work, template_next.cpp what is of the built-in one alone.
// Lives on the reactor.
#pragma once

#include "core/machine.hpp"
#include "core/progress.hpp"
#include "core/project_tools.hpp"
#include "core/scaffolder.hpp"
#include "core/turns.hpp"

#include <boost/asio/steady_timer.hpp>

#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace berth {

/// The message of an app's first commit.
std::string first_commit(const std::string& template_name);

class template_work {
public:
    struct parts {
        const berth::registry& registry;
        berth::machine& machine;
        berth::scaffolder& scaffolder;
        template_store& store;
        project_tools& tools;
        turns& installs; // those of scaffolds: each is an npm install, which wants a core and a disk
    };
    template_work(asio::any_io_executor, parts);

    task<std::vector<template_view>> list();
    /// Returns when it is there. errc::name_taken: there is one, or one is being made; `next` always is.
    task<result<template_view>> add(std::string name, std::string source);
    /// Makes it anew from where it came. Asked twice it is done once.
    task<result<template_view>> refresh(std::string name);
    /// What makes it anew is cancelled first.
    task<result<>> remove(std::string name);

    /// Keeps a copy of a scaffolded app that was never started, for the creates after it. Fails in the log alone.
    task<> keep(std::string id, std::filesystem::path app);
    /// Has `next` made anew in the background where it is too old; a failure leaves the old one.
    void renew_next();

    std::vector<operation> operations() const;
    /// errc::operation_not_found when it is none of these. Returns when nothing of it is left.
    task<result<operation>> cancel(std::string id);

    /// Clears what a crash left, in the background.
    task<> recover();
    /// Cancels what is under way and returns when all has ended.
    task<> close();

private:
    struct job;

    static constexpr const char* create_next_app = "create-next-app"; // the source of `next`

    std::shared_ptr<job> begin(std::string name, std::string source);
    bool is_under_way(const std::string& name) const;
    task<result<template_view>> follow(std::shared_ptr<job>);
    task<> work(std::shared_ptr<job>);
    task<result<stored_template>> make(job&);
    task<result<>> fill(job&, const std::filesystem::path& tree, template_facts&);
    task<std::string> npm();
    task<> renew_if_stale();
    task<> clear(std::string id, std::filesystem::path tree);
    template_view view(const std::string& name, std::optional<stored_template>) const;
    void stop(job&);

    asio::any_io_executor executor_;
    parts parts_;
    std::list<std::shared_ptr<job>> jobs_; // oldest first
    int aside_ = 0;                        // what runs in the background
    bool looking_ = false;                 // whether `next` is too old
    bool closed_ = false;
    asio::steady_timer idle_; // cancelled when a job, or what runs in the background, has ended
};

} // namespace berth
