// What tests with real processes share: a reactor with a deadline, folders and ports of their own. Everything is ended
// and removed by destructors.
#pragma once

#include "core/environment.hpp"
#include "core/task.hpp"
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

/// True when a TCP connect to 127.0.0.1 succeeds.
bool accepts(std::uint16_t port);

} // namespace berth::test
