// git and the package managers as child processes (core/project_tools.hpp has the promises), and, pure, what git is
// told so that it asks nobody, runs nothing of the repository's, and goes nowhere but to the URL it was given.
#pragma once

#include "core/child_process.hpp"
#include "core/project_tools.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace berth {

struct project_tools_options {
    spawner spawn;
    std::filesystem::path working_directory;                             // to run in what needs no folder: the root
    std::chrono::milliseconds fetch_deadline = std::chrono::minutes(10); // for all of a fetch's steps
    std::chrono::milliseconds install_deadline = std::chrono::minutes(15);
    std::chrono::milliseconds history_deadline = std::chrono::seconds(30);
};

/// The commands of a fetch, in order; the last prints the commit's id.
std::vector<std::vector<std::string>> fetch_commands(const git_source&, const std::filesystem::path& directory);

/// scaffold_environment(), and for git: no prompt on a terminal or by a window, ssh in batch mode, no LFS, no other
/// transports than https, ssh and file; not the repository that Berth itself may have been started in.
environment git_environment(const environment& own, const std::filesystem::path& directory);

/// The executor must outlive it. cancel() every run, and wait for it, before it is destroyed.
std::unique_ptr<project_tools> create_project_tools(asio::any_io_executor, project_tools_options);

} // namespace berth
