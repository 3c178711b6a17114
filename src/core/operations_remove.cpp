// The delete of an app, and its completion after a crash.
//
// A delete that has begun is finished, by this server or by the next: its mark is in the entry before pm2 is told, and
// goes with the entry, when the folder is in the trash. What is refused takes the mark away again.
#include "core/operations.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace berth {

task<result<>> operations::remove(const std::string& id, bool files_too, std::optional<std::string>& warning) {
    auto& registry = parts_.registry;
    auto doomed = *registry.find(id);
    registry.set_operation(id, activity::deleting);
    registry.commit();
    // Both before anything is ended: a disk that refuses leaves the app as it was.
    if (files_too) {
        auto may = co_await parts_.storage.check_removable(id);
        if (may.has_error())
            co_return may;
    }
    auto unmark = [&] { registry.edit(id, [](app& a) { a.deleting = removal::none; }); };
    registry.edit(id, [&](app& a) { a.deleting = files_too ? removal::all : removal::entry; });
    auto wish = co_await set_wish(id, intent::stop);
    if (wish.has_error()) {
        unmark();
        co_return wish;
    }

    bool forgotten = true; // by pm2
    if (auto row = parts_.sync.row_of(doomed)) {
        int pm_id = *row;
        auto removed = co_await parts_.pm2.remove(pm_id);
        if (removed.has_error()) {
            forgotten = false;
            warning = fmt::format("pm2 could not be told to forget it ({}); that is done when pm2 answers again.",
                                  removed.error().detail);
        }
    }
    auto ended = co_await end_leftovers(id);
    if (ended.has_value() && files_too)
        warning = co_await remove_files(id);
    if (ended.has_value())
        ended = co_await strike_out(id);
    if (ended.has_error()) {
        unmark();
        co_await parts_.keeper.durable();
        co_return ended;
    }
    registry.set_operation(id, activity::none);
    registry.commit();
    if (!forgotten)
        parts_.sync.forget(doomed.process_name());
    co_return result<>();
}

/// The entry leaves the manifest, durably; or stays, when the disk refuses.
task<result<>> operations::strike_out(const std::string& id) {
    auto erased = parts_.registry.erase(id);
    auto written = co_await parts_.keeper.durable();
    if (written.has_error() && !erased.app.id.empty())
        parts_.registry.insert(std::move(erased));
    co_return written;
}

task<std::optional<std::string>> operations::remove_files(const std::string& id) {
    std::optional<std::string> warning;
    auto trashed = co_await parts_.storage.trash_app(id);
    if (trashed.has_error())
        warning = fmt::format("The app is gone, but its folder is not: {} Remove it by hand.", trashed.error().detail);
    auto logs = co_await parts_.storage.remove_logs(id);
    if (logs.has_error() && !warning)
        warning = fmt::format("The app is gone, but its log files are not: {}", logs.error().detail);
    co_return warning;
}

task<> operations::finish_removal(std::string id) {
    bool files_too = parts_.registry.find(id)->deleting == removal::all;
    auto ended = co_await end_leftovers(id);
    if (ended.has_value() && files_too) {
        auto left = co_await remove_files(id);
        if (left)
            spdlog::warn("{}: {}", id, *left);
    }
    if (ended.has_value())
        ended = co_await strike_out(id);
    parts_.registry.commit();
    if (ended.has_error()) {
        auto why = ended.error();
        spdlog::error("The delete of {} that a crash cut short could not be finished: {}", id, why.detail);
        co_return; // tried again at the next start
    }
    parts_.sync.forget("orch-" + id);
}

} // namespace berth
