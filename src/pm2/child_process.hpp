// One child process with its pipes: the bridge, or a scaffold.
//
// Lives on the reactor. It leads a process group of its own (a Ctrl-C in the server's terminal does not reach it),
// inherits no descriptor but the ones given here, and starts with default signal handlers. Its exit comes through a
// descriptor (a pidfd; on macOS a kqueue), so no SIGCHLD handler is needed. Boost.Process v2 of 1.81 was rejected: its
// children inherit the listening socket, and its wait ignores cancellation.
//
// Until reap() the child stays a zombie after its end, and its process id, which names the group too, cannot be given
// to another: signals sent before reap() never reach a stranger.
#pragma once

#include "core/task.hpp"
#include "pm2/environment.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <filesystem>
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

    /// Starts it. errc::internal_error with a sentence: the program was not found, or the system's reason.
    static result<std::unique_ptr<child_process>> spawn(const asio::any_io_executor&, const child_options&);

    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    /// One that was not reaped is ended with its group, and waited for: the owner did not do its part, or everything
    /// ends.
    ~child_process();

    int pid() const { return pid_; }
    /// Only when asked for.
    pipe& input() { return input_; }
    /// Its stdout and stderr.
    pipe& output() { return output_; }
    /// Its descriptor 3; only when asked for.
    pipe& channel() { return channel_; }

    /// Returns when it has ended (not yet reaped), or when cancelled: then false. One caller at a time.
    task<bool> ended();

    /// To every process of its group that still lives. Does nothing after reap().
    void signal_group(int signal);

    /// True while a process of its group is there; until reap() that is the child itself.
    bool group_exists() const;

    /// Collects the status. Only after ended(): it would block before.
    exit_status reap();

private:
    child_process(const asio::any_io_executor&, int pid);

    int pid_;
    bool reaped_ = false;
    pipe exit_; // readable once the process has ended
    pipe input_, output_, channel_;
};

} // namespace berth
