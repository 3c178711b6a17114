// The built-in template: kept from the first create, and made anew when it is too old.
#include "core/clock.hpp"
#include "core/template_work.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

namespace berth {

/// What create-next-app installs with.
task<std::string> template_work::npm() {
    std::string program = "npm";
    auto version = co_await parts_.tools.version_of(program);
    co_return version.empty() ? program : program + " " + version;
}

task<> template_work::keep(std::string id, std::filesystem::path app) {
    std::string name(next_template), node = "node";
    template_facts facts;
    facts.source = create_next_app;
    facts.made_at = wall_ms();
    facts.node = co_await parts_.tools.version_of(node);
    facts.package_manager = co_await npm();
    auto tree = co_await parts_.store.begin(id);
    result<> kept;
    if (tree.has_error())
        kept = tree.error();
    else
        kept = co_await parts_.store.keep_copy(id, std::move(app), true);
    if (kept.has_value()) {
        auto placed = co_await parts_.store.place(id, name, std::move(facts));
        if (placed.has_error())
            kept = placed.error();
    }
    co_await parts_.store.abandon(id);
    if (kept.has_error()) {
        auto why = kept.error();
        spdlog::warn("No template was kept of this app; the next create scaffolds again: {}", why.detail);
    }
}

void template_work::renew_next() {
    if (closed_ || looking_ || !parts_.scaffolder.is_built_in())
        return;
    looking_ = true;
    ++aside_;
    asio::co_spawn(executor_, renew_if_stale(), [this](std::exception_ptr e) {
        looking_ = false;
        --aside_;
        idle_.cancel();
        if (e)
            std::rethrow_exception(e);
    });
}

task<> template_work::renew_if_stale() {
    std::string name(next_template), program = "node";
    auto known = co_await parts_.store.find(name);
    auto node = co_await parts_.tools.version_of(program);
    if (known && !is_under_way(name) && !closed_ && is_stale(known->facts, wall_ms(), node))
        begin(name, create_next_app);
}

std::string first_commit(const std::string& name) {
    return name == next_template ? "Initial commit from Create Next App" : "Initial commit from the template " + name;
}

} // namespace berth
