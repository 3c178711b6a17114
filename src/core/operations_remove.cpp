// The delete of an app, and its completion after a crash.
//
// A delete that has begun is finished, by this server or by the next: the journal is told before pm2 is, and is told
// that it is over when nothing is left, neither a folder nor a row of pm2's. Rejected: telling the journal only for the
// folder. A crash after pm2 had been told then left an app that was neither there nor gone.
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
    journal_entry entry;
    entry.what = journal_entry::kind::remove;
    entry.id = id;
    entry.files_too = files_too;
    auto noted = co_await parts_.storage.journal_put(entry);
    if (noted.has_error())
        co_return noted;
    auto wish = co_await set_wish(id, intent::stop);
    if (wish.has_error()) {
        co_await parts_.storage.journal_erase(id);
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
    if (ended.has_value())
        ended = co_await strike_out(id);
    if (ended.has_error()) {
        co_await parts_.storage.journal_erase(id);
        co_return ended;
    }
    registry.set_operation(id, activity::none);
    registry.commit();
    if (!forgotten)
        parts_.sync.forget(doomed.process_name());
    if (files_too) {
        auto left = co_await remove_files(id);
        if (left)
            warning = left;
    }
    if (forgotten)
        co_await parts_.storage.journal_erase(id);
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

task<> operations::finish_removal(journal_entry entry) {
    auto id = entry.id;
    if (parts_.registry.find(id)) {
        auto ended = co_await end_leftovers(id);
        if (ended.has_value())
            ended = co_await strike_out(id);
        parts_.registry.commit();
        if (ended.has_error()) {
            auto why = ended.error();
            spdlog::error("The delete of {} that a crash cut short could not be finished: {}", id, why.detail);
            co_return; // tried again at the next start
        }
    }
    if (entry.files_too) {
        auto left = co_await remove_files(id);
        if (left)
            spdlog::warn("{}: {}", id, *left);
    }
    parts_.sync.forget("orch-" + id); // ends with the entry's removal, once pm2 has shown that it has no such row
}

} // namespace berth
