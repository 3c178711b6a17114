#include "core/keeper.hpp"

#include <spdlog/spdlog.h>

namespace berth {

keeper::keeper(asio::any_io_executor executor, registry& r, storage& s)
    : registry_(r), storage_(s), writes_(executor, [this] { return write(); }) {}

task<result<>> keeper::open() {
    auto loaded = co_await storage_.load();
    if (loaded.has_error())
        co_return loaded.error();
    saved_ = loaded->value;
    registry_.load(saved_);
    for (auto& problem : loaded->problems) {
        spdlog::warn("{}", problem.detail);
        registry_.set_problem(problem.code, problem.detail);
    }
    registry_.commit();
    co_return result<>();
}

task<result<>> keeper::durable() {
    sync_wanted_ = true;
    co_await writes_.fresh();
    co_return outcome_;
}

task<> keeper::write() {
    bool sync = std::exchange(sync_wanted_, false);
    auto outcome = co_await save(sync);
    if (outcome.has_error() && outcome.error().code == errc::manifest_changed) {
        co_await look_for_edits();
        outcome = co_await save(sync);
    }
    if (outcome.has_error()) {
        auto why = outcome.error();
        if (why.code != errc::manifest_invalid) // look_for_edits() tells of that, with line and column
            registry_.set_problem("manifest_write_failed", why.detail);
        if (!outcome_.has_error() || outcome_.error().detail != why.detail) // said once
            spdlog::error("The manifest was not written: {}", why.detail);
    } else {
        registry_.set_problem("manifest_write_failed", "");
    }
    outcome_ = std::move(outcome);
}

task<result<>> keeper::save(bool sync) {
    auto now = registry_.value();
    if (now == saved_ && (synced_ || !sync) && !doubtful_)
        co_return result<>();
    save_options options;
    options.backup = !same_static_fields(now, saved_);
    auto outcome = co_await storage_.save(now, options);
    doubtful_ = outcome.has_error() && outcome.error().code == errc::storage_failed;
    if (outcome.has_error())
        co_return outcome;
    saved_ = std::move(now);
    synced_ = sync;
    co_return result<>();
}

task<> keeper::look_for_edits() {
    auto found = co_await storage_.reload();
    if (!found) {
        registry_.set_problem("manifest_invalid", "");
        co_return;
    }
    if (found->has_error()) {
        registry_.set_problem("manifest_invalid", found->error().detail);
        co_return;
    }
    spdlog::info("manifest.json was edited by somebody else; its changes are taken over");
    registry_.set_problem("manifest_invalid", "");
    auto base = std::exchange(saved_, found->value());
    synced_ = false;
    registry_.adopt(saved_, base);
    registry_.commit();
}

task<> keeper::close() {
    co_await durable();
    co_await writes_.close();
}

} // namespace berth
