// A child process with its pipes, as those see it who need one: the bridge, a scaffold, a package manager. Started by
// src/machine (child_process.cpp); handed to them as a spawner.
//
// Lives on the reactor. It leads a session of its own (a Ctrl-C in the server's terminal does not reach it), and with
// it a process group, inherits no descriptor but the ones given here, and starts with default signal handlers.
//
// Until reap() the child stays a zombie after its end, and its process id, which names the group too, cannot be given
// to another: signals sent before reap() never reach a stranger.
#pragma once

#include "core/environment.hpp"
#include "core/task.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace berth {

struct child_options {
    std::vector<std::string> command; // looked for in this process's PATH; not empty
    environment variables;            // the whole environment of the child
    std::filesystem::path directory;  // to start in; empty: ours
    bool input = false;               // a pipe to its stdin; else /dev/null
    bool channel = false;             // a pipe from its descriptor 3
    bool marks_session = false;       // it and all below it are told which: BERTH_SESSION, see core/machine.hpp
};

/// How a process ended.
struct exit_status {
    std::optional<int> code;   // it exited by itself
    std::optional<int> signal; // it was ended by one
};

/// "exit code 1", "SIGKILL".
std::string describe(const exit_status&);
/// "SIGKILL"; "signal 40" for one without a name.
std::string signal_name(int);

class child_process {
public:
    using pipe = asio::posix::stream_descriptor;

    /// One that was not reaped is ended with its group, and waited for: the owner did not do its part, or everything
    /// ends.
    virtual ~child_process() = default;

    virtual int pid() const = 0;
    /// Only when asked for.
    virtual pipe& input() = 0;
    /// Its stdout and stderr.
    virtual pipe& output() = 0;
    /// Its descriptor 3; only when asked for.
    virtual pipe& channel() = 0;

    /// Returns when it has ended (not yet reaped), or when cancelled: then false. One caller at a time.
    virtual task<bool> ended() = 0;

    /// To every process of its group that still lives. Does nothing after reap().
    virtual void signal_group(int signal) = 0;

    /// True while a process of its group is there; until reap() that is the child itself.
    virtual bool group_exists() const = 0;

    /// Collects the status. Only after ended(): it would block before.
    virtual exit_status reap() = 0;
};

/// Starts one. errc::internal_error with a sentence: the program was not found, or the system's reason.
using spawner =
    std::function<result<std::unique_ptr<child_process>>(const asio::any_io_executor&, const child_options&)>;

} // namespace berth
