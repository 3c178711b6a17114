// What the tests of src/pm2 share: a reactor with a deadline, folders and ports of their own, a real pm2 whose home is
// a temporary folder, and small Node apps. Everything is ended and removed by destructors.
#pragma once

#include "core/process_manager.hpp"
#include "core/task.hpp"
#include "pm2/bridge.hpp"
#include "pm2/environment.hpp"
#include "support/patience.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace berth::test {

using namespace std::chrono_literals;

class temp_folder {
public:
    temp_folder(); // a short path: pm2's sockets lie below it
    ~temp_folder();
    temp_folder(const temp_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

void write_file(const std::filesystem::path&, const std::string&);
std::string read_file(const std::filesystem::path&);

/// A TCP port that nothing listens on.
std::uint16_t free_port();
/// True while the process exists and is not a zombie.
bool alive(int pid);
/// SIGKILL to every process whose environment holds this variable (NAME=value), and waits for their end.
void end_all_with(const std::string& variable);
/// The processes whose environment holds this variable.
std::vector<int> pids_with(const std::string& variable);

class reactor {
public:
    asio::io_context io;
    asio::thread_pool pool{2};

    ~reactor() { pool.join(); }

    /// Runs the reactor until the task has ended. A test that hangs fails.
    template <class T>
    T run(task<T> work, std::chrono::seconds limit = patience(40s)) {
        std::exception_ptr thrown;
        std::optional<T> value;
        bool ended = false;
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T v) {
            thrown = e;
            value = std::move(v);
            ended = true;
            io.stop();
        });
        drive(limit);
        hung_ = !ended;
        if (thrown)
            std::rethrow_exception(thrown);
        BOOST_REQUIRE_MESSAGE(value.has_value(), "the test did not end within its deadline");
        return *std::move(value);
    }
    void run(task<> work, std::chrono::seconds limit = patience(40s)) { run(mark(std::move(work)), limit); }

    /// What hangs refers to a test that is over: the reactor must not run again.
    bool hung() const { return hung_; }

private:
    static task<bool> mark(task<> work) {
        co_await std::move(work);
        co_return true;
    }
    void drive(std::chrono::seconds limit) {
        io.restart();
        io.run_for(limit);
    }

    bool hung_ = false;
};

/// Returns when the condition holds (looked at every 10 ms), or fails the test after the deadline.
task<> until(std::string what, std::function<bool()> condition, std::chrono::seconds limit = patience(20s));

/// Keeps what the process manager said.
class recorder final : public process_manager_listener {
public:
    std::vector<pm2_event> events;
    std::vector<std::string> wrote;
    int connected = 0;
    std::vector<std::string> reasons;

    void on_event(const pm2_event& e) override { events.push_back(e); }
    void on_wrote(const std::string& name) override { wrote.push_back(name); }
    void on_connected() override { ++connected; }
    void on_disconnected(const std::string& reason) override { reasons.push_back(reason); }

    /// The first event of this name and status, or null.
    const pm2_event* find(const std::string& event, pm2_status) const;
};

/// pm2 with a home of its own, the bridge to it, and apps. Ends all of it.
class real_pm2 : public reactor {
public:
    explicit real_pm2(environment extra = {});
    ~real_pm2();

    bridge_options options() const;
    /// The bridge, connected. To be called once.
    process_manager& connect() { return connect(options()); }
    process_manager& connect(bridge_options);

    /// A folder with a package.json whose "dev" is `node server.js`, and this server.js.
    start_options make_app(const std::string& id, const std::string& server_js);
    /// Listens on PORT and says so.
    static const std::string server;

    int daemon_pid() const;
    std::string home_variable() const { return "PM2_HOME=" + (folder / "pm2").string(); }

    temp_folder folder;
    environment variables;
    recorder heard;
    std::unique_ptr<process_manager> pm2;
};

/// The row of this name, or null.
const pm2_process* find(const pm2_table&, const std::string& name);
/// True when a TCP connect to 127.0.0.1 succeeds.
bool accepts(std::uint16_t port);

} // namespace berth::test
