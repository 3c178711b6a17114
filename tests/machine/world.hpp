// The machine under test, and real processes for it to see: apps and scaffolds as Berth starts them, and others.
#pragma once

#include "machine/child_process.hpp"
#include "machine/machine.hpp"
#include "support/real_pm2.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

namespace berth::test {

/// Base is reactor, or real_pm2.
template <class Base>
struct machine_world : Base {
    temp_folder place;
    std::shared_ptr<own_connections> own = std::make_shared<own_connections>();
    std::unique_ptr<berth::machine> machine = create_machine(this->io.get_executor(), this->pool, own);
    std::vector<std::unique_ptr<child_process>> helpers;

    ~machine_world() {
        helpers.clear();
        end_all_with("BERTH_TEST=" + place.path().string()); // what left the helpers' groups
        this->pool.join();
    }

    environment variables_for_all() const {
        auto all = current_environment();
        set_variable(all, "BERTH_TEST", place.path().string());
        return all;
    }

    /// A process of ours; where nothing else is said, not of any app.
    int help(std::vector<std::string> command, const std::filesystem::path& directory, environment its_variables,
             bool marks_session = false) {
        child_options how;
        how.command = std::move(command);
        how.directory = directory;
        how.variables = std::move(its_variables);
        how.marks_session = marks_session;
        auto child = spawn_child(this->io.get_executor(), how);
        BOOST_REQUIRE_MESSAGE(child, child.error().detail);
        helpers.push_back(*std::move(child));
        return helpers.back()->pid();
    }
    int help(std::vector<std::string> command, const std::filesystem::path& directory) {
        return help(std::move(command), directory, variables_for_all());
    }

    app_sight look(const app_ref& app) { return this->run(machine->look({app})).at(0); }
    remains end(const app_ref& app) { return this->run(machine->end_processes(app)); }

    /// Looks until it is as the condition says.
    void sees(const app_ref& app, std::function<bool(const app_sight&)> condition) {
        auto looking = [&]() -> task<> {
            asio::steady_timer timer(this->io);
            for (;;) {
                std::vector<app_ref> apps{app};
                auto sights = co_await machine->look(std::move(apps));
                if (condition(sights.at(0)))
                    co_return;
                timer.expires_after(20ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
        };
        this->run(looking());
    }
    void ends(int pid) {
        this->run(until("it ends", [&] { return !alive(pid); }));
    }
    void leads_a_session(int pid) {
        this->run(until("it leads a session", [&] { return ::getsid(pid) == pid; }));
    }
    /// What a script wrote there with echo.
    int pid_in(const std::filesystem::path& file) {
        auto complete = [&] { return read_file(file).ends_with('\n'); };
        this->run(until("it writes " + file.string(), complete));
        return std::stoi(read_file(file));
    }
};

/// An app without pm2, started as pm2 starts it.
struct app_world : machine_world<reactor> {
    app_ref app = make("aaaaaaaaaa", "apps");

    app_ref make(const std::string& id, const std::string& root) {
        app_ref a;
        a.id = id;
        a.directory = place / root / id;
        a.port = free_port();
        std::filesystem::create_directories(a.directory);
        return a;
    }
    environment variables(const app_ref& a) const {
        auto all = variables_for_all();
        set_variable(all, "name", "orch-" + a.id);
        set_variable(all, "PORT", std::to_string(a.port));
        return all;
    }
    /// Returns the pid of its root.
    int start(const app_ref& a, std::vector<std::string> command) {
        return help(std::move(command), a.directory, variables(a), true);
    }
    int start(const std::string& script) { return start(app, {"sh", "-c", script}); }
    int start_node(const std::string& script) {
        write_file(app.directory / "server.js", script);
        return start(app, {"node", "server.js"});
    }
    int pid_of(const std::string& file) { return pid_in(app.directory / file); }
};

} // namespace berth::test
