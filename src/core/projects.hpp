// What a project's folder says of how it is started: its package.json, its lock file. Implemented by src/next.
//
// Called on the reactor; the looking is done on the worker pool. Nothing is ever written.
#pragma once

#include "core/task.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace berth {

/// A larger package.json is not read.
inline constexpr std::size_t max_package_json = std::size_t{1} << 20; // bytes

struct launch_wish {
    std::filesystem::path folder; // absolute
    /// A package of a monorepo: what its own folder does not say, those above it may. False for an app of our own,
    /// above which nothing is its.
    bool part_of_more = false;
    std::string script = "dev";
    bool lan = false;
};

struct launch {
    std::vector<std::string> command; // the program first, to be found on the PATH
    std::string package_manager;      // npm, pnpm, yarn or bun
    std::string script;               // what package.json says the script is
};

class projects {
public:
    virtual ~projects() = default;

    /// As the folder is now. errc::not_a_project, in words, where it could not be started: it is gone, has no
    /// package.json, or not this script (those that it has are named).
    virtual task<result<launch>> plan(launch_wish) = 0;

    /// The real path of a folder that somebody wants to have adopted, without symbolic links. errc::not_a_project where
    /// it is no folder of the user who runs Berth, or plan() would refuse it.
    virtual task<result<std::filesystem::path>> inspect(std::filesystem::path given, std::string script) = 0;
};

} // namespace berth
