// Runs the command that makes a new app: create-next-app, or what --scaffold names. Implemented by src/next, as a child
// process with a process group of its own and BERTH_SCAFFOLD=<directory> in its environment.
#pragma once

#include "core/task.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace berth {

class scaffolder {
public:
    virtual ~scaffolder() = default;

    /// Runs until the command has ended. on_line gets each line of its output (stdout and stderr, ANSI codes removed,
    /// at most 500 bytes of valid UTF-8), on the reactor. Fails with errc::scaffold_failed (the exit code or signal,
    /// and the last 20 lines), or errc::cancelled. On every failure no process of it is left; the directory is the
    /// caller's to remove. Deadline: 15 minutes.
    virtual task<result<>> run(std::filesystem::path directory, std::function<void(std::string_view)> on_line) = 0;

    /// Whether it runs create-next-app, and not what --scaffold names: then one app is as good as another's copy.
    virtual bool is_built_in() const = 0;

    /// Ends the run for this directory: SIGTERM to its group, SIGKILL after 3 s. run() then returns errc::cancelled.
    virtual void cancel(const std::filesystem::path& directory) = 0;
};

} // namespace berth
