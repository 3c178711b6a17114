// The command that makes a new app, as a child process (core/scaffolder.hpp has the promises).
#pragma once

#include "core/child_process.hpp"
#include "core/scaffolder.hpp"
#include "next/split_command.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace berth {

struct scaffold_options {
    std::vector<std::string> command;        // of --scaffold; the directory is appended. Empty: create-next-app
    std::filesystem::path working_directory; // to run it in: the root
    spawner spawn;
    std::chrono::milliseconds deadline = std::chrono::minutes(15);
    std::chrono::milliseconds patience = std::chrono::seconds(3); // from SIGTERM to SIGKILL
};

/// The whole command for a directory.
std::vector<std::string> scaffold_command(const scaffold_options&, const std::filesystem::path& directory);

/// The environment of a scaffold: clean, marked with BERTH_SCAFFOLD=<directory>, and such that nothing asks questions
/// or draws on a terminal.
environment scaffold_environment(const environment& own, const std::filesystem::path& directory);

/// The executor must outlive it. cancel() every run, and wait for it, before it is destroyed.
std::unique_ptr<scaffolder> create_scaffolder(asio::any_io_executor, scaffold_options);

} // namespace berth
