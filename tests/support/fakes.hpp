// Stand-ins for the outside world, for tests of core: they answer from memory, at once unless a test holds them back.
#pragma once

#include "core/names.hpp"
#include "core/orchestrator.hpp"
#include "support/patience.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <map>
#include <set>

namespace berth::test {

/// Runs a test's coroutine to its end on a fresh reactor; one that hangs fails.
inline void run(asio::io_context& io, task<> body) {
    bool ended = false;
    asio::co_spawn(io, std::move(body), [&](std::exception_ptr e) {
        ended = true;
        io.stop();
        if (e)
            std::rethrow_exception(e);
    });
    io.run_for(patience(std::chrono::seconds(30)));
    BOOST_REQUIRE_MESSAGE(ended, "the test did not end within its deadline");
}

/// Lets everything that is ready run.
inline task<> settle(int rounds = 20) {
    auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < rounds; ++i)
        co_await asio::post(executor, asio::use_awaitable);
}

/// Waits until the condition holds; the run's own deadline bounds it.
inline task<> until(std::function<bool()> condition) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!condition()) {
        timer.expires_after(std::chrono::milliseconds(1));
        co_await timer.async_wait(as_result);
    }
}

class fake_pm2 final : public process_manager {
public:
    std::map<int, pm2_process> table;
    std::optional<error> list_error;
    std::optional<error> start_error;
    std::optional<error> stop_error;
    std::optional<error> remove_error;
    std::function<std::optional<error>(const start_options&)> on_start; // before it is done
    bool hold_stops = false, hold_starts = false;
    int lists = 0, starts = 0, stops = 0, removes = 0;
    process_manager_listener* listener = nullptr;
    bool connect_at_run = true;

    void listen(process_manager_listener& l) override { listener = &l; }
    void run() override {
        if (connect_at_run)
            listener->on_connected();
    }
    task<> shut_down() override { co_return; }

    task<result<pm2_table>> list() override {
        ++lists;
        co_await settle(3);
        if (list_error)
            co_return *list_error;
        pm2_table t;
        t.daemon_pid = 1;
        for (auto& [id, process] : table)
            t.processes.push_back(process);
        co_return t;
    }
    task<result<pm2_run>> start(start_options o) override {
        ++starts;
        co_await until([this] { return !hold_starts; });
        if (on_start)
            if (auto failed = on_start(o))
                co_return *failed;
        if (start_error)
            co_return *start_error;
        int id = next_++;
        pm2_process p;
        p.pm_id = id;
        p.name = o.name;
        p.directory = o.directory;
        p.output = o.output;
        p.port = o.port;
        table[id] = p;
        set_online(id);
        co_return pm2_run{id, table[id].pid, table[id].started_at};
    }
    task<result<>> stop(pm2_address app) override {
        ++stops;
        co_await until([this] { return !hold_stops; });
        if (stop_error)
            co_return *stop_error;
        if (auto id = find(app))
            end(*id, 0);
        co_return result<>();
    }
    task<result<>> remove(pm2_address app) override {
        ++removes;
        if (remove_error)
            co_return *remove_error;
        if (auto id = find(app))
            table.erase(*id);
        co_return result<>();
    }
    task<result<>> remove_doubles(pm2_address app) override {
        std::optional<int> kept;
        for (auto& [id, row] : table)
            if (row.name == app.name && row.directory == app.directory && (!kept || (row.pid && !table[*kept].pid)))
                kept = id;
        std::erase_if(table, [&](auto& item) {
            return item.second.name == app.name && item.second.directory == app.directory && item.first != *kept;
        });
        co_return result<>();
    }
    pm2_health health() const override { return {}; }

    std::optional<int> find(const pm2_address& app) const {
        for (auto& [id, row] : table)
            if (row.name == app.name && row.directory == app.directory && (app.log.empty() || row.output == app.log))
                return id;
        return {};
    }
    void set_online(int id) {
        auto& p = table[id];
        p.status = pm2_status::online;
        p.pid = 1000 + next_pid_++;
        p.started_at = 1'700'000'000'000 + p.pid;
    }
    void end(int id, int code) {
        auto& p = table[id];
        p.status = pm2_status::stopped;
        p.pid = 0;
        p.exit_code = code;
    }
    void crash(int id, int code) {
        end(id, code);
        say("exit", id, pm2_status::stopped, code);
    }
    void say(std::string event, int id, pm2_status status, std::optional<int> code = {}) {
        pm2_event e;
        e.event = std::move(event);
        e.name = table[id].name;
        e.pm_id = id;
        e.started_at = table[id].started_at;
        e.status = status;
        e.exit_code = code;
        listener->on_event(e);
    }

private:
    int next_ = 0;
    int next_pid_ = 1;
};

class fake_machine final : public machine {
public:
    std::map<std::string, app_sight> sights; // by app id; none: accepting when pm2 runs it
    std::map<std::string, std::vector<process_name>> left;
    std::vector<process_name> survivors;
    int ends = 0;
    std::set<std::uint16_t> in_use; // ports on which somebody listens
    bool hold_looks = false, hold_ends = false;
    int looking = 0, ending = 0;

    task<std::vector<app_sight>> look(std::vector<app_ref> refs) override {
        ++looking;
        co_await until([this] { return !hold_looks; });
        --looking;
        std::vector<app_sight> all;
        for (auto& ref : refs) {
            auto it = sights.find(ref.id);
            app_sight sight;
            sight.accepting = ref.root_pid != 0;
            sight.memory_mb = ref.root_pid != 0 ? 500 : 0;
            all.push_back(it == sights.end() ? sight : it->second);
        }
        co_return all;
    }
    task<std::vector<process_name>> leftovers(app_ref ref) override { co_return left[ref.id]; }
    task<remains> end_processes(app_ref ref) override {
        ++ends;
        ++ending;
        co_await until([this] { return !hold_ends; });
        --ending;
        remains r;
        r.ended = static_cast<int>(left[ref.id].size());
        left.erase(ref.id);
        r.survivors = survivors;
        co_return r;
    }
    std::vector<dev_server> servers; // that run in any folder
    std::vector<dev_server> stubborn_servers;
    task<std::vector<dev_server>> servers_in(std::filesystem::path, std::set<std::string>) override {
        co_return servers;
    }
    task<std::vector<dev_server>> end_servers_in(std::filesystem::path, std::set<std::string>) override {
        servers.clear();
        co_return stubborn_servers;
    }
    task<std::set<std::uint16_t>> listening() override { co_return in_use; }
    std::map<std::uint16_t, int> connected; // by port
    task<std::map<std::uint16_t, int>> connections(std::set<std::uint16_t>) override { co_return connected; }
    task<> end_scaffold(std::filesystem::path) override { co_return; }
    std::optional<std::map<std::uint16_t, visit>> visitors = std::map<std::uint16_t, visit>(); // by port
    task<std::optional<std::map<std::uint16_t, visit>>> visits(std::set<std::uint16_t>) override { co_return visitors; }
    bool accepts_all = false;
    task<bool> accepts(std::uint16_t) override { co_return accepts_all; }
    machine_load burden;
    machine_load load() override { return burden; }
};

class fake_storage final : public storage {
public:
    manifest disk;
    std::optional<manifest> edited; // what somebody else wrote since
    std::optional<error> save_error;
    std::optional<error> late_save_error; // of a save that is in place all the same: its folder could not be synced
    bool hold_saves = false, hold_checks = false;
    int checking = 0;
    std::set<std::string> entries; // of the journal: creates under way
    std::optional<error> check_error;
    std::map<std::string, std::string> outputs; // by id: what its last run printed
    std::set<std::string> trashed;
    std::vector<std::string> logs_removed;
    std::optional<error> trash_error;
    std::optional<error> journal_error;
    std::vector<std::string> stray_folders, stuck_files, logs_of_nobody;
    disk_usage used;
    int saves = 0, backups = 0;
    std::filesystem::path where = std::filesystem::temp_directory_path() / ("berth-core-" + new_id());

    ~fake_storage() override {
        std::error_code ignored;
        std::filesystem::remove_all(where, ignored);
    }

    const std::filesystem::path& root() const override { return where; }
    task<result<stored_manifest>> load() override {
        stored_manifest s;
        s.value = disk;
        co_return s;
    }
    task<result<>> save(manifest m, save_options o) override {
        co_await settle(2);
        co_await until([this] { return !hold_saves; });
        if (save_error)
            co_return *save_error;
        if (edited)
            co_return error{errc::manifest_changed, "edited"};
        disk = std::move(m);
        ++saves;
        backups += o.backup;
        if (late_save_error)
            co_return *late_save_error;
        co_return result<>();
    }
    task<std::optional<result<manifest>>> reload() override {
        if (!edited)
            co_return std::nullopt;
        disk = *edited;
        edited.reset();
        co_return result<manifest>(disk);
    }
    task<result<>> trash_app(std::string id) override {
        if (trash_error)
            co_return *trash_error;
        trashed.insert(id);
        std::error_code ignored;
        std::filesystem::remove_all(app_directory(id), ignored);
        co_return result<>();
    }
    task<result<>> remove_logs(std::string id) override {
        logs_removed.push_back(std::move(id));
        co_return result<>();
    }
    std::vector<std::string> stuck() const override { return stuck_files; }
    task<std::vector<std::string>> strays(std::set<std::string> known) override {
        auto found = stray_folders;
        std::erase_if(found, [&](auto& name) { return known.contains(name); });
        co_return found;
    }
    task<std::vector<std::string>> stray_logs(std::set<std::string> known) override {
        auto found = logs_of_nobody;
        std::erase_if(found, [&](auto& owner) { return known.contains(owner); });
        co_return found;
    }
    disk_usage usage() const override { return used; }
    task<result<>> journal_put(std::string id) override {
        if (journal_error)
            co_return *journal_error;
        entries.insert(id);
        co_return result<>();
    }
    task<result<>> journal_erase(std::string id) override {
        entries.erase(id);
        co_return result<>();
    }
    task<std::vector<std::string>> journal() override {
        co_return std::vector<std::string>(entries.begin(), entries.end());
    }
    task<result<>> check_removable(std::string) override {
        ++checking;
        co_await until([this] { return !hold_checks; });
        --checking;
        if (check_error)
            co_return *check_error;
        co_return result<>();
    }
    task<result<bool>> has_package(std::string id) override {
        co_return std::filesystem::is_regular_file(app_directory(id) / "package.json");
    }
    task<bool> has_folder(std::string id) override { co_return std::filesystem::is_directory(app_directory(id)); }
    task<std::string> last_output(std::string id, bool error, std::int64_t) override {
        co_return error ? outputs[id] : std::string();
    }
    task<result<>> prepare_logs() override { co_return result<>(); }
};

/// Every folder is a project of npm's, unless a test says otherwise.
class fake_projects final : public projects {
public:
    std::optional<error> refuse;
    std::string script = "node server.js";
    std::vector<launch_wish> asked;

    task<result<launch>> plan(launch_wish wish) override {
        asked.push_back(wish);
        if (refuse)
            co_return *refuse;
        launch how;
        how.command = {"npm", "run", wish.script};
        how.package_manager = "npm";
        how.script = script;
        co_return how;
    }
    task<result<std::filesystem::path>> inspect(std::filesystem::path given, std::string) override {
        if (refuse)
            co_return *refuse;
        co_return given;
    }
};

/// Makes the folder with a package.json, when the test lets it.
class fake_scaffolder final : public scaffolder {
public:
    bool hold = false;
    std::optional<error> fail;
    int running = 0, most = 0;
    std::set<std::string> cancelled;

    task<result<>> run(std::filesystem::path directory, std::function<void(std::string_view)> on_line) override {
        most = std::max(most, ++running);
        on_line("Creating a new Next.js app");
        co_await until([&] { return !hold || cancelled.contains(directory.string()); });
        --running;
        if (cancelled.contains(directory.string()))
            co_return error{errc::cancelled, "cancelled"};
        if (fail)
            co_return *fail;
        std::filesystem::create_directories(directory);
        std::ofstream(directory / "package.json") << "{}";
        co_return result<>();
    }
    bool built_in = false; // create-next-app; false: what --scaffold names
    bool is_built_in() const override { return built_in; }
    void cancel(const std::filesystem::path& directory) override { cancelled.insert(directory.string()); }
};

/// Templates are entries in a map; a copy is a folder with a package.json.
class fake_templates final : public template_store {
public:
    explicit fake_templates(fake_storage& s) : storage_(s) {}

    std::map<std::string, template_facts> shelf;
    std::set<std::string> making, cancelled;
    std::set<std::string> damaged;   // names of which somebody removed a part
    std::vector<std::string> copies; // "next to <id>", "/folder to <id>"
    std::optional<error> place_error, copy_error;
    bool hold_copies = false;
    int copying = 0, most = 0;

    task<std::vector<stored_template>> list() override {
        std::vector<stored_template> all;
        for (auto& [name, facts] : shelf)
            all.push_back({name, facts});
        co_return all;
    }
    task<std::optional<stored_template>> find(std::string name) override {
        auto found = shelf.find(name);
        if (found == shelf.end())
            co_return std::nullopt;
        stored_template stored{name, found->second};
        co_return stored;
    }
    task<result<std::filesystem::path>> begin(std::string id) override {
        making.insert(id);
        co_return storage_.root() / ".berth/templates" / (".making-" + id) / "tree";
    }
    task<result<>> keep_copy(std::string, std::filesystem::path from, bool) override {
        kept.push_back(from);
        co_return result<>();
    }
    task<result<stored_template>> place(std::string, std::string name, template_facts facts) override {
        if (place_error)
            co_return *place_error;
        damaged.erase(name);
        shelf[name] = facts;
        co_return stored_template{name, facts};
    }
    task<> abandon(std::string id) override {
        making.erase(id);
        co_return;
    }
    task<std::vector<std::pair<std::string, std::filesystem::path>>> unfinished() override {
        std::vector<std::pair<std::string, std::filesystem::path>> left;
        for (auto& id : making)
            left.emplace_back(id, "tree");
        co_return left;
    }
    task<result<>> remove(std::string name) override {
        if (shelf.erase(name) == 0)
            co_return error{errc::template_not_found, "no template " + name};
        co_return result<>();
    }
    task<result<>> copy_template(std::string name, std::string id) override {
        if (damaged.contains(name)) {
            std::filesystem::create_directories(storage_.app_directory(id));
            co_return error{errc::template_not_found, "not whole"};
        }
        auto done = co_await copy(name, std::move(id));
        co_return done;
    }
    task<result<>> copy_folder(std::filesystem::path from, bool, std::string id) override {
        auto done = co_await copy(from.filename().string(), std::move(id));
        co_return done;
    }
    void cancel(const std::string& id) override { cancelled.insert(id); }

    std::vector<std::filesystem::path> kept;

private:
    task<result<>> copy(std::string from, std::string id) {
        most = std::max(most, ++copying);
        auto folder = storage_.app_directory(id);
        std::filesystem::create_directories(folder);
        co_await until([&] { return !hold_copies || cancelled.contains(id); });
        --copying;
        if (cancelled.contains(id))
            co_return error{errc::cancelled, "cancelled"};
        if (copy_error)
            co_return *copy_error;
        copies.push_back(from + " to " + id);
        std::ofstream(folder / "package.json") << "{}";
        co_return result<>();
    }
    fake_storage& storage_;
};

class fake_tools final : public project_tools {
public:
    std::optional<error> fetch_error, install_error;
    bool hold = false; // fetches
    std::set<std::string> cancelled;
    std::vector<std::string> fetched, installed, histories; // histories: messages
    std::map<std::string, std::string> versions = {{"node", "v20.9.0"}, {"npm", "11.0.0"}};

    task<result<std::string>> fetch(git_source source, std::filesystem::path directory, line_sink on_line) override {
        on_line("Receiving objects");
        co_await until([&] { return !hold || cancelled.contains(directory.string()); });
        if (cancelled.contains(directory.string()))
            co_return error{errc::cancelled, "cancelled"};
        if (fetch_error)
            co_return *fetch_error;
        fetched.push_back(source.url + "#" + source.ref);
        co_return std::string("3f1c");
    }
    task<result<std::string>> install(std::filesystem::path directory, line_sink on_line) override {
        on_line("added 3 packages");
        if (install_error)
            co_return *install_error;
        installed.push_back(directory.string());
        co_return std::string("npm 11.0.0");
    }
    task<> begin_history(std::filesystem::path, std::string message) override {
        histories.push_back(std::move(message));
        co_return;
    }
    task<std::string> version_of(std::string program) override { co_return versions[program]; }
    void cancel(const std::filesystem::path& directory) override { cancelled.insert(directory.string()); }
};

} // namespace berth::test
