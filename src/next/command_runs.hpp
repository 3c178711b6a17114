// Commands that take minutes and are watched: a scaffold, git, a package manager. Each is a child process with a
// session of its own; its output is told line by line, and it can be ended in the middle.
//
// Lives on the reactor.
#pragma once

#include "core/child_process.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

struct command_plan {
    std::string name;                    // in errors, at the beginning of a sentence: "The scaffold command"
    errc failure = errc::internal_error; // what it is when it does not end well
    std::vector<std::string> command;
    environment variables;
    std::filesystem::path working_directory;
    std::chrono::milliseconds deadline = std::chrono::minutes(15);
    std::chrono::milliseconds patience = std::chrono::seconds(3); // from SIGTERM to SIGKILL
    /// Each line of stdout and stderr that is not blank: without ANSI codes, at most 500 bytes of valid UTF-8.
    std::function<void(std::string_view)> on_line;
};

class command_runs {
public:
    command_runs(asio::any_io_executor executor, spawner spawn)
        : executor_(std::move(executor)), spawn_(std::move(spawn)) {}

    /// Returns when it has ended, and no process of its group is left: the plan's failure, with the exit code or signal
    /// and the last 20 lines, or errc::cancelled. One at a time for a directory.
    task<result<>> run(std::filesystem::path directory, command_plan);

    /// Ends what runs for this directory.
    void cancel(const std::filesystem::path& directory);

private:
    class one;
    using run_map = std::map<std::filesystem::path, one*>;
    struct registration;

    asio::any_io_executor executor_;
    spawner spawn_;
    std::shared_ptr<run_map> runs_ = std::make_shared<run_map>(); // shared: a coroutine may outlive this object
};

} // namespace berth
