#include "core/creates.hpp"

#include "core/clock.hpp"
#include "core/names.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace berth {
namespace {

constexpr int max_scaffolds = 2; // at once: each is an npm install, which wants a core and a disk
constexpr auto between_tries = std::chrono::seconds(2);          // to remove what is left of a create
constexpr auto between_lines = std::chrono::milliseconds(100); // of progress told to clients

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

creates::creates(asio::any_io_executor executor, operations::parts parts, operations& ops, scaffolder& s,
                 int max_running)
    : executor_(executor), parts_(parts), operations_(ops), scaffolder_(s), max_running_(max_running), retry_(executor), turn_(executor) {
    turn_.expires_at(std::chrono::steady_clock::time_point::max());
}

result<> creates::room() const {
    auto taken = std::count_if(jobs_.begin(), jobs_.end(), [](auto& j) { return !j->entered; });
    for (auto& [id, entry] : parts_.registry.value().apps)
        taken += operations_.has_place(entry.app);
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
    auto made = std::make_shared<job>(executor_);
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
    co_await parts_.sync.fresh(); // the limit counts what really runs
    auto in_use = co_await parts_.machine.listening();
    auto accepted = accept(std::move(wish), in_use);
    if (accepted.has_error())
        co_return accepted.error();
    auto mine = *accepted;
    jobs_.push_back(mine);
    tell(*mine, mine->wish.adopt ? operation::phase::starting : operation::phase::waiting);
    asio::co_spawn(executor_, work(mine), [](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
    });
    while (!mine->finished)
        co_await mine->ended.async_wait(as_result);
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
        made = co_await scaffold(*mine);
    if (made.has_value())
        made = co_await enter_and_start(*mine);
    auto phase = operation::phase::done;
    if (made.has_error()) {
        auto why = made.error();
        mine->shown.error = why;
        phase = why.code == errc::cancelled ? operation::phase::cancelled : operation::phase::failed;
        if (!mine->entered && !adopt) {
            bool gone = co_await discard(mine->shown.id);
            if (!gone)
                clear(mine->shown.id);
        }
        spdlog::info("create of {} ({}): {}", mine->shown.name, mine->shown.id, why.detail);
    }
    jobs_.remove(mine);
    mine->finished = true;
    mine->later.cancel();
    tell(*mine, phase);
    mine->ended.cancel();
    turn_.cancel();
}

task<result<>> creates::scaffold(job& mine) {
    error cancelled{errc::cancelled,
                    fmt::format("The create of {} was cancelled; nothing of it is left.", mine.shown.name)};
    // In order: whoever is before us and still waits goes first.
    auto my_turn = [&] {
        if (scaffolding_ >= max_scaffolds)
            return false;
        for (auto& other : jobs_) {
            if (other.get() == &mine)
                return true;
            if (other->shown.at == operation::phase::waiting && !other->cancel_asked)
                return false;
        }
        return true;
    };
    while (!my_turn() && !mine.cancel_asked)
        co_await turn_.async_wait(as_result);
    if (mine.cancel_asked)
        co_return cancelled;
    ++scaffolding_;
    tell(mine, operation::phase::scaffolding);
    turn_.cancel();
    auto ended = co_await parts_.storage.journal_put(mine.shown.id);
    if (ended.has_value() && !mine.cancel_asked) {
        auto where = directory(mine.shown.id);
        std::function<void(std::string_view)> lines = [this, &mine](std::string_view line) { on_line(mine, line); };
        ended = co_await scaffolder_.run(where, lines);
    }
    --scaffolding_;
    turn_.cancel();
    if (mine.cancel_asked)
        co_return cancelled;
    if (ended.has_error())
        co_return ended;
    auto made = co_await parts_.storage.has_package(mine.shown.id);
    if (made.has_error())
        co_return made.error();
    if (!*made)
        co_return error{errc::scaffold_failed, "The scaffold command ended well, but made no package.json in " +
                                                   directory(mine.shown.id).string() + "."};
    co_return result<>();
}

task<result<>> creates::enter_and_start(job& mine) {
    auto in_use = co_await parts_.machine.listening();
    if (auto claimed = claim(mine, in_use); claimed.has_error())
        co_return claimed;
    tell(mine, operation::phase::starting);
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
    auto started = co_await operations_.run(operations::kind::first_start, id);
    if (!started.app)
        co_return started.error.value_or(error{errc::app_not_found, "The app was deleted while it was started."});
    mine.app = started.app; // stopped, with the reason, when it could not be started
    co_return result<>();
}

task<bool> creates::discard(std::string id) {
    auto where = directory(id);
    co_await parts_.machine.end_scaffold(where); // what left the scaffold's process group
    auto gone = co_await parts_.storage.trash_app(id);
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
        while (!co_await self.discard(what) && !self.closed_) {
            auto now = std::chrono::steady_clock::now();
            if (self.retry_.expiry() <= now)
                self.retry_.expires_at(now + between_tries);
            co_await self.retry_.async_wait(as_result);
        }
        self.clearing_.erase(what);
        self.turn_.cancel();
    };
    clearing_.insert(id);
    asio::co_spawn(executor_, until_gone(*this, std::move(id)), [](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
    });
}

void creates::tell(job& mine, operation::phase phase) {
    mine.shown.at = phase;
    mine.told_at = std::chrono::steady_clock::now();
    if (auto watcher = parts_.registry.watcher())
        watcher->on_operation(mine.shown);
}

void creates::on_line(job& mine, std::string_view line) {
    mine.shown.line = std::string(line);
    if (std::exchange(mine.line_waits, true))
        return;
    mine.later.expires_at(mine.told_at + between_lines);
    mine.later.async_wait([this, job = mine.shared_from_this()](boost::system::error_code ec) {
        if (!std::exchange(job->line_waits, false) || ec || job->finished)
            return;
        tell(*job, job->shown.at);
    });
}

std::vector<operation> creates::list() const {
    std::vector<operation> all;
    for (auto& j : jobs_)
        all.push_back(j->shown);
    return all;
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
    mine->cancel_asked = true;
    scaffolder_.cancel(directory(id));
    turn_.cancel();
    while (!mine->finished)
        co_await mine->ended.async_wait(as_result);
    co_return mine->shown;
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
        j->cancel_asked = true;
        scaffolder_.cancel(directory(j->shown.id));
    }
    turn_.cancel();
    retry_.cancel();
    while (!jobs_.empty() || !clearing_.empty())
        co_await turn_.async_wait(as_result);
}

} // namespace berth
