#include "core/creates.hpp"

#include "core/clock.hpp"
#include "core/create_job.hpp"
#include "core/names.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace berth {
namespace {

constexpr auto between_tries = std::chrono::seconds(2); // to remove what is left of a create

error name_taken(const std::string& name) {
    return {errc::name_taken, fmt::format("Another app is called \"{}\". Choose another name.", name)};
}

/// What an adopted folder is called, where that may be and is free.
std::string name_of_folder(const std::filesystem::path& folder, const std::set<std::string>& taken) {
    auto own = check_name(folder.filename().string(), "name");
    return own.has_value() && !taken.contains(name_key(*own)) ? *own : generate_name(taken);
}

} // namespace

result<std::uint16_t> allocate_port(std::pair<std::uint16_t, std::uint16_t> range,
                                    const std::set<std::uint16_t>& taken) {
    for (int port = range.first; port <= range.second; ++port)
        if (!taken.contains(static_cast<std::uint16_t>(port)))
            return static_cast<std::uint16_t>(port);
    return error{
        errc::no_port_available,
        fmt::format("Every port from {} to {} belongs to an app or is in use. Delete one, or widen portRange in "
                    "manifest.json.",
                    range.first, range.second)};
}

creates::creates(asio::any_io_executor executor, operations::parts parts, helpers with, int max_running)
    : executor_(executor), parts_(parts), with_(with), max_running_(max_running), retry_(executor), moved_(executor) {
    moved_.expires_at(std::chrono::steady_clock::time_point::max());
}

result<> creates::room() const {
    auto taken = std::count_if(jobs_.begin(), jobs_.end(), [](auto& j) { return !j->entered; });
    for (auto& [id, entry] : parts_.registry.value().apps)
        taken += with_.operations.has_place(entry.app);
    if (taken < max_running_)
        return result<>();
    return error{
        errc::limit_reached,
        fmt::format("{} apps are running or about to, which is the limit (--max-running). Stop one first.", taken)};
}

std::set<std::string> creates::names_but(const std::string& id) const { return taken(id).names; }

creates::claims creates::taken(const std::string& but) const {
    claims found;
    for (auto& [id, entry] : parts_.registry.value().apps) {
        if (id == but)
            continue;
        found.names.insert(name_key(entry.app.name));
        found.ports.insert(entry.app.port);
    }
    for (auto& other : jobs_) {
        if (other->shown.id == but)
            continue;
        found.names.insert(name_key(other->shown.name));
        found.ports.insert(other->shown.port);
    }
    for (auto& row : parts_.sync.orphans()) // another Berth's, perhaps: by its port it would pass for this app
        found.ports.insert(row.port);
    return found;
}

result<> creates::claim(job& mine, const std::set<std::uint16_t>& in_use) {
    auto [names, ports] = taken(mine.shown.id);
    ports.insert(in_use.begin(), in_use.end());
    if (names.contains(name_key(mine.shown.name)))
        return name_taken(mine.shown.name);
    if (!ports.contains(mine.shown.port))
        return {};
    auto port = allocate_port(parts_.registry.value().port_range, ports);
    if (port.has_error())
        return port.error();
    mine.shown.port = *port;
    return {};
}

result<std::shared_ptr<creates::job>> creates::accept(create_options wish, const std::set<std::uint16_t>& in_use) {
    if (closed_)
        return error{errc::shutting_down, "Berth is ending; nothing was created."};
    if (wish.name) {
        auto name = check_name(*wish.name, "name");
        if (name.has_error())
            return name.error();
        wish.name = *name;
    }
    if (wish.category) {
        auto category = check_name(*wish.category, "category");
        if (category.has_error())
            return category.error();
        wish.category = *category;
    }
    if (wish.notes) {
        auto notes = check_notes(*wish.notes, "notes");
        if (notes.has_error())
            return notes.error();
        wish.notes = *notes;
    }
    if (wish.fork_of && !parts_.registry.find(*wish.fork_of))
        return error{errc::app_not_found,
                     fmt::format("There is no app with the id {} to make another from.", *wish.fork_of)};
    auto made = std::make_shared<job>(executor_, parts_.registry);
    auto [names, ports] = taken("");
    ports.insert(in_use.begin(), in_use.end());
    if (wish.name) {
        if (names.contains(name_key(*wish.name)))
            return name_taken(*wish.name);
        made->shown.name = *wish.name;
    } else {
        made->shown.name = wish.adopt ? name_of_folder(wish.adopt->directory, names) : generate_name(names);
    }
    if (wish.adopt)
        if (auto once = refuse_twice(*wish.adopt); once.has_error())
            return once.error();
    if (auto free = room(); free.has_error())
        return free.error();
    auto port = allocate_port(parts_.registry.value().port_range, ports);
    if (port.has_error())
        return port.error();
    made->shown.port = *port;
    made->shown.category = wish.category;
    made->shown.request = wish.request;
    made->shown.id = new_id();
    made->shown.started_at = iso_time(wall_ms());
    made->wish = std::move(wish);
    return made;
}

task<result<std::shared_ptr<const app_view>>> creates::create(create_options wish) {
    if (wish.adopt) {
        auto fit = co_await look_at(*wish.adopt);
        if (fit.has_error())
            co_return fit.error();
    }
    if (wish.made_from && *wish.made_from != next_template) {
        auto name = *wish.made_from;
        auto known = co_await with_.store.find(name);
        if (!known)
            co_return error{errc::template_not_found,
                            fmt::format("There is no template called {}; nothing was created.", in_quotes(name))};
    }
    co_await parts_.sync.fresh(); // the limit counts what really runs
    auto in_use = co_await parts_.machine.listening();
    auto accepted = accept(std::move(wish), in_use);
    if (accepted.has_error())
        co_return accepted.error();
    auto mine = *accepted;
    jobs_.push_back(mine);
    mine->tell(mine->wish.adopt ? operation::phase::starting : operation::phase::waiting);
    asio::co_spawn(executor_, work(mine), rethrow);
    co_await mine->wait();
    if (mine->shown.error)
        co_return *mine->shown.error;
    co_return mine->app;
}

task<> creates::work(std::shared_ptr<job> mine) {
    auto& adopt = mine->wish.adopt;
    result<> made;
    if (adopt)
        made = co_await take_over(*adopt);
    else
        made = co_await make_folder(*mine);
    if (made.has_value())
        made = co_await enter_and_start(*mine);
    auto phase = operation::phase::done;
    if (made.has_error()) {
        auto why = made.error();
        mine->shown.error = why;
        phase = why.code == errc::cancelled ? operation::phase::cancelled : operation::phase::failed;
        if (!mine->entered && !adopt) {
            bool gone = co_await forget(mine->shown.id);
            if (!gone)
                clear(mine->shown.id);
        }
        spdlog::info("create of {} ({}): {}", mine->shown.name, mine->shown.id, why.detail);
    }
    jobs_.remove(mine);
    mine->end(phase);
    moved_.cancel();
    if (mine->made_from == next_template)
        with_.templates.renew_next();
}

task<result<>> creates::enter_and_start(job& mine) {
    auto in_use = co_await parts_.machine.listening();
    if (auto claimed = claim(mine, in_use); claimed.has_error())
        co_return claimed;
    mine.tell(operation::phase::starting);
    auto& registry = parts_.registry;
    auto id = mine.shown.id;
    manifest_entry entry;
    entry.app.id = id;
    entry.app.name = mine.shown.name;
    entry.app.category = mine.shown.category;
    entry.app.notes = mine.wish.notes;
    entry.app.lan = mine.wish.lan;
    if (auto& adopt = mine.wish.adopt) {
        entry.app.adopted = adopt->directory;
        entry.app.script = adopt->script;
    }
    entry.app.port = mine.shown.port;
    entry.app.created_at = iso_time(wall_ms());
    entry.app.made_from = mine.made_from;
    registry.insert(entry);
    registry.begin_operation(id, activity::starting); // from here on it counts among those that run
    mine.entered = true;
    auto written = co_await parts_.keeper.durable();
    auto port = mine.shown.port;
    if (written.has_value())
        written = claim(mine, in_use); // the file may have been edited in that very moment
    if (written.has_value() && mine.shown.port != port) {
        registry.edit(id, [&mine](app& a) { a.port = mine.shown.port; });
        written = co_await parts_.keeper.durable();
    }
    if (written.has_error()) {
        registry.erase(id);
        registry.end_operation(id);
        mine.entered = false;
        co_await parts_.keeper.durable(); // it may be on the disk
        co_return written;
    }
    co_await parts_.storage.journal_erase(id);
    auto started = co_await with_.operations.run(operations::kind::first_start, id);
    if (!started.app)
        co_return started.error.value_or(error{errc::app_not_found, "The app was deleted while it was started."});
    mine.app = started.app; // stopped, with the reason, when it could not be started
    co_return result<>();
}

task<result<>> creates::discard(std::string id) {
    auto where = directory(id);
    co_await parts_.machine.end_scaffold(where); // what left the scaffold's process group
    auto trashed = co_await parts_.storage.trash_app(id);
    co_return trashed;
}

task<bool> creates::forget(std::string id) {
    auto gone = co_await discard(id);
    if (gone.has_value())
        gone = co_await parts_.storage.journal_erase(id);
    if (gone.has_value())
        co_return true;
    auto why = gone.error();
    spdlog::warn("What the create of {} left cannot be removed yet: {}", id, why.detail);
    co_return false;
}

void creates::clear(std::string id) {
    auto until_gone = [](creates& self, std::string what) -> task<> {
        while (!co_await self.forget(what) && !self.closed_) {
            auto now = std::chrono::steady_clock::now();
            if (self.retry_.expiry() <= now)
                self.retry_.expires_at(now + between_tries);
            co_await self.retry_.async_wait(as_result);
        }
        self.clearing_.erase(what);
        self.moved_.cancel();
    };
    clearing_.insert(id);
    asio::co_spawn(executor_, until_gone(*this, std::move(id)), rethrow);
}

std::vector<operation> creates::list() const {
    std::vector<operation> all;
    for (auto& j : jobs_)
        all.push_back(j->shown);
    return all;
}

bool creates::knows(const std::string& id) const {
    return std::any_of(jobs_.begin(), jobs_.end(), [&](auto& j) { return j->shown.id == id; });
}

std::set<std::string> creates::unfinished() const {
    auto ids = clearing_;
    for (auto& j : jobs_)
        ids.insert(j->shown.id);
    return ids;
}

task<result<operation>> creates::cancel(std::string id) {
    auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](auto& j) { return j->shown.id == id; });
    if (found == jobs_.end())
        co_return error{errc::operation_not_found,
                        fmt::format("No create with the id {} is under way; it may have ended.", id)};
    auto mine = *found;
    if (mine->shown.at == operation::phase::starting)
        co_return error{errc::not_cancellable,
                        fmt::format("{} is being started; delete it instead.", mine->shown.name)};
    stop(*mine);
    co_await mine->wait();
    co_return mine->shown;
}

void creates::stop(job& mine) {
    mine.cancel_asked = true;
    auto where = directory(mine.shown.id);
    with_.scaffolder.cancel(where);
    with_.tools.cancel(where);
    with_.store.cancel(mine.shown.id);
    with_.scaffolds.look_again();
    with_.copies.look_again();
    moved_.cancel();
}

task<> creates::recover() {
    auto ids = co_await parts_.storage.journal();
    for (auto& id : ids) {
        if (parts_.registry.find(id)) {
            co_await parts_.storage.journal_erase(id);
            continue;
        }
        spdlog::info("clearing what a crash left of the create of {}", id);
        clear(id);
    }
}

task<> creates::close() {
    closed_ = true;
    for (auto& j : std::list(jobs_)) {
        if (j->shown.at == operation::phase::starting)
            continue;
        stop(*j);
    }
    retry_.cancel();
    while (!jobs_.empty() || !clearing_.empty())
        co_await moved_.async_wait(as_result);
}

} // namespace berth
