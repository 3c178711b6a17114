// The delete of an app, and its completion after a crash.
//
// What may refuse it comes first: a mount inside the folder, a disk that does not take the mark. With the mark on the
// disk the delete is decided: it is finished now, by a later try, or by the next server, and nobody is told that it
// failed. One thing still undoes it, a process that does not end, and takes the mark back. The mark goes with the
// entry, when the folder is in the trash. Rejected: a journal beside the manifest. What was remembered in two places
// was true in one.
#include "core/operations.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace berth {
namespace {

constexpr auto between_tries = std::chrono::seconds(2);

} // namespace

task<result<>> operations::remove(const std::string& id, removal what, std::optional<std::string>& warning) {
    auto& registry = parts_.registry;
    registry.begin_operation(id, activity::deleting);
    registry.commit();
    if (what == removal::all && registry.find(id)->owned()) {
        auto allowed = co_await parts_.storage.check_removable(id);
        if (allowed.has_error())
            co_return allowed;
    }
    auto marked = co_await mark(id, what);
    if (marked.has_error())
        co_return marked;
    auto ended = co_await end_processes(id);
    if (ended.has_error()) {
        registry.edit(id, [](app& a) { a.deleting = removal::none; });
        co_await parts_.keeper.durable();
        co_return ended;
    }
    bool gone = co_await take_out(id, warning);
    if (!gone)
        retry_removals();
    co_return result<>();
}

task<result<>> operations::finish_remove(const std::string& id, std::optional<std::string>& warning) {
    parts_.registry.begin_operation(id, activity::deleting);
    parts_.registry.commit();
    auto ended = co_await end_processes(id);
    bool gone = false;
    if (ended.has_value())
        gone = co_await take_out(id, warning);
    if (!gone)
        retry_removals();
    co_return result<>();
}

/// Of an app that is marked, and has ended: its row, its files, its entry. False: it is to be tried again.
task<bool> operations::take_out(const std::string& id, std::optional<std::string>& warning) {
    bool forgotten = co_await forget_in_pm2(id, warning);
    auto known = parts_.registry.find(id);
    // A row that stays behind is dropped later, once the app's folder is gone (sync::drop_left_row). That of an adopted
    // project stays for good: nothing but the entry would tell then whose the row was.
    if (known && !known->owned() && !forgotten)
        co_return false;
    auto removed = co_await remove_files(id, warning);
    co_return removed.has_value();
}

/// False: its row is still there.
task<bool> operations::forget_in_pm2(const std::string& id, std::optional<std::string>& warning) {
    auto row = address(id);
    auto removed = co_await parts_.pm2.remove(row);
    if (removed.has_error())
        warning = fmt::format("pm2 could not be told to forget it ({}); that is done when pm2 answers again.",
                              removed.error().detail);
    co_return removed.has_value();
}

task<result<>> operations::mark(const std::string& id, removal what) {
    auto known = parts_.registry.find(id);
    if (!known)
        co_return not_found(id);
    auto before = *known;
    parts_.registry.edit(id, [&](app& a) {
        a.deleting = what;
        a.wanted = intent::stop;
        a.asleep.reset();
    });
    auto written = co_await parts_.keeper.durable();
    if (written.has_error())
        parts_.registry.edit(id, [&](app& a) {
            a.deleting = removal::none;
            a.wanted = before.wanted;
            a.asleep = before.asleep;
        });
    co_return written;
}

/// Of an app that is marked. Fails when the disk takes nothing, or something has been mounted in the folder since: the
/// entry stays, with its mark, for without it nobody would know whose the folder was. One that cannot go for another
/// reason (there is a link in its place, say) keeps no entry.
task<result<>> operations::remove_files(const std::string& id, std::optional<std::string>& warning) {
    auto& registry = parts_.registry;
    auto known = registry.find(id);
    if (!known)
        co_return result<>();
    auto later = [&warning, &id, name = known->name](const result<>& refused) {
        auto why = refused.error().detail;
        warning = fmt::format("{} is ended, but not gone yet: {} Berth goes on trying.", name, why);
        spdlog::warn("The delete of {} ({}) is not finished: {}", name, id, why);
    };
    bool all = known->deleting == removal::all;
    if (all && known->owned()) {
        auto trashed = co_await parts_.storage.trash_app(id);
        if (trashed.has_error()) {
            auto allowed = co_await parts_.storage.check_removable(id);
            if (allowed.has_error()) {
                later(allowed);
                co_return allowed;
            }
            warning =
                fmt::format("The app is gone, but its folder is not: {} Remove it by hand.", trashed.error().detail);
        }
    }
    if (all) {
        auto logs = co_await parts_.storage.remove_logs(id);
        if (logs.has_error() && !warning)
            warning = fmt::format("The app is gone, but its log files are not: {}", logs.error().detail);
    }
    auto erased = registry.erase(id);
    auto written = co_await parts_.keeper.durable();
    if (written.has_error()) {
        if (!erased.app.id.empty())
            registry.insert(std::move(erased));
        later(written);
        co_return written;
    }
    registry.end_operation(id);
    registry.commit();
    co_return result<>();
}

/// Until no marked entry is left: one try for all each few seconds.
void operations::retry_removals() {
    if (std::exchange(retrying_, true))
        return;
    auto again = [](operations& self) -> task<> {
        self.retry_.expires_after(between_tries);
        co_await self.retry_.async_wait(as_result);
        self.retrying_ = false;
        self.idle_.cancel();
        if (self.closed_)
            co_return;
        std::vector<std::string> marked;
        for (auto& [id, entry] : self.parts_.registry.value().apps)
            if (entry.app.deleting != removal::none)
                marked.push_back(id);
        for (auto& id : marked)
            co_await self.run(kind::finish_remove, id);
    };
    asio::co_spawn(executor_, again(*this), rethrow);
}

} // namespace berth
