// The programs that make a project whole: git and the package managers. Implemented by src/next, as child processes
// that are told apart, and ended after a crash, by BERTH_SCAFFOLD=<directory> in their environment.
//
// Lives on the reactor. What a run prints goes to `on_line` as a scaffold's does (core/scaffolder.hpp); on failure no
// process of it is left, and the directory is the caller's to remove.
#pragma once

#include "core/task.hpp"
#include "core/template_source.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace berth {

class project_tools {
public:
    using line_sink = std::function<void(std::string_view)>;
    virtual ~project_tools() = default;

    /// Makes the directory with what the repository holds at its ref, in a shallow clone: no submodules, no hooks, no
    /// LFS, no questions asked. Returns the commit's id. errc::template_failed with git's last lines, or
    /// errc::cancelled. Deadline: 10 minutes.
    virtual task<result<std::string>> fetch(git_source, std::filesystem::path directory, line_sink) = 0;

    /// Installs what its package.json asks for, by the package manager of its lock file; install scripts run as that
    /// runs them. Returns the manager with its version, "npm 11.0.0". errc::template_failed: no package.json, the
    /// manager is not on this machine (and how to get it), or its last lines; errc::cancelled. Deadline: 15 minutes.
    virtual task<result<std::string>> install(std::filesystem::path directory, line_sink) = 0;

    /// `git init` and a first commit of all that .gitignore lets in, as create-next-app does it: not where the folder
    /// lies in a repository already, nor where git is missing or knows no name to commit by. Without a word on failure,
    /// and without a .git then. Deadline: 30 s.
    virtual task<> begin_history(std::filesystem::path directory, std::string message) = 0;

    /// What `<program> --version` says, "v20.9.0"; empty when it says nothing. Asked again after ten minutes.
    virtual task<std::string> version_of(std::string program) = 0;

    /// Ends what runs for this directory: SIGTERM, SIGKILL after 3 s. It then fails with errc::cancelled.
    virtual void cancel(const std::filesystem::path& directory) = 0;
};

} // namespace berth
