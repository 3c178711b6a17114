#include "core/keeper.hpp"

#include <spdlog/spdlog.h>

namespace berth {

using std::chrono::steady_clock;

keeper::keeper(asio::any_io_executor executor, registry& r, storage& s, steady_clock::duration figures_every)
    : registry_(r), storage_(s), figures_every_(figures_every), later_(executor),
      writes_(executor, [this] { return write(); }) {}

task<result<>> keeper::open() {
    auto loaded = co_await storage_.load();
    if (loaded.has_error())
        co_return loaded.error();
    registry_.load(std::move(loaded->value));
    saved_ = registry_.value(); // slugs that the file has not yet follow from it again: they can wait for a change
    for (auto& problem : loaded->problems) {
        spdlog::warn("{}", problem.detail);
        registry_.set_problem(problem.code, problem.detail);
    }
    registry_.commit();
    co_return result<>();
}

task<result<>> keeper::durable() {
    co_await writes_.fresh();
    co_return outcome_;
}

void keeper::save_soon() {
    if (due())
        writes_.request();
    else if (!clean())
        wait_for_later();
}

bool keeper::clean() const { return !doubtful_ && same_in_file(registry_.value(), saved_); }

bool keeper::due() const {
    if (clean())
        return false;
    return doubtful_ || !tried_at_ || steady_clock::now() - *tried_at_ >= figures_every_ ||
           !only_figures_differ(registry_.value(), saved_);
}

void keeper::wait_for_later() {
    if (std::exchange(waiting_, true))
        return;
    later_.expires_at(*tried_at_ + figures_every_);
    later_.async_wait([this](boost::system::error_code cancelled) {
        if (cancelled)
            return;
        waiting_ = false;
        writes_.request();
    });
}

task<> keeper::write() {
    auto outcome = co_await save();
    if (outcome.has_error() && outcome.error().code == errc::manifest_changed) {
        co_await look_for_edits();
        outcome = co_await save();
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
    if (!closed_ && !clean()) // figures, what came meanwhile without a word, or what the disk refused
        wait_for_later();
}

task<result<>> keeper::save() {
    if (!due())
        co_return result<>();
    tried_at_ = steady_clock::now();
    auto now = registry_.value();
    save_options options;
    options.backup = !same_static_fields(now, saved_);
    auto outcome = co_await storage_.save(now, options);
    // It may be in place all the same: what the file holds is not known until a save has gone well.
    doubtful_ = outcome.has_error() && outcome.error().code == errc::storage_failed;
    if (outcome.has_value())
        saved_ = std::move(now);
    co_return outcome;
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
    // A backup that was put in place may hold the mark of a delete that is long done, or was refused: it is not asked
    // for again by that.
    auto theirs = saved_;
    for (auto& [id, entry] : theirs.apps)
        if (!registry_.find(id))
            entry.app.deleting = removal::none;
    registry_.adopt(std::move(theirs), base);
    registry_.commit();
}

task<> keeper::close() {
    closed_ = true;
    later_.cancel();
    figures_every_ = {}; // all there is
    co_await durable();
    co_await writes_.close();
}

} // namespace berth
