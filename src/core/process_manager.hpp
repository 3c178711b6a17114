// pm2, as core sees it. Implemented by src/pm2 over the bridge; tests use a fake.
//
// All of it lives on the reactor. Every call has a deadline of its own: list 2 s (after which the bridge is killed and
// started again, spec section 4), the others 30 s. A call fails at once, with errc::pm2_unavailable, when the bridge
// goes away or is not connected; it fails with errc::pm2_failed when pm2 answers with an error.
#pragma once

#include "core/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace berth {

/// pm2's own words for the state of a process.
enum class pm2_status { online, launching, stopping, stopped, errored, waiting_restart, one_launch_status, other };

/// One row of pm2's table. The bridge sends only these fields: pm2's entries carry the user's whole environment.
struct pm2_process {
    int pm_id = 0;
    std::string name;
    std::string directory; // it was started in
    std::string output;    // its log file
    int pid = 0;
    pm2_status status = pm2_status::other;
    std::uint16_t port = 0;      // PORT of its environment; 0: none
    std::int64_t started_at = 0; // pm_uptime, ms since 1970
    std::optional<int> exit_code;
    std::uint64_t memory = 0; // bytes, of the wrapper alone
};

/// The rows of namespace app-orchestrator.
struct pm2_table {
    int daemon_pid = 0;
    std::vector<pm2_process> processes;
};

/// Whose rows are meant. Never by pm2's ids: they begin anew with each daemon. Only rows of our namespace with this
/// name and this working directory, as seen in the same call, are touched.
struct pm2_address {
    std::string name;      // orch-<id>
    std::string directory; // absolute
    std::string log = {};  // rows with this log file only, where the folder may be another Berth's too; empty: any
};

/// What pm2.start is given: requirements section 7.2.
struct start_options : pm2_address {
    std::vector<std::string> command{"npm", "run", "dev"}; // the program first, to be found on the PATH
    std::uint16_t port = 0;
    std::optional<std::string> category;
    std::string output; // absolute paths of the log files
    std::string error;
};

/// One run of an app.
struct pm2_run {
    int pm_id = 0;
    int pid = 0;
    std::int64_t started_at = 0; // as pm2_process has it
};

/// Something pm2 said on its bus about a process of ours: a hint, never a state.
struct pm2_event {
    std::string event; // pm2's word: start, online, exit, stop, restart, delete ...
    std::string name;  // orch-<id>
    int pm_id = 0;
    std::int64_t started_at = 0;           // of the run that it is news of, as pm2_process has it; 0: not said
    pm2_status status = pm2_status::other; // at the moment of the event
    std::optional<int> exit_code;
    std::optional<std::string> exit_signal; // SIGKILL ...; only where the wrapper itself was ended by one
    std::int64_t at = 0;                    // ms since 1970
};

class process_manager_listener {
public:
    virtual void on_event(const pm2_event&) = 0;
    /// A process wrote to its log; coalesced to one call per process and 20 ms.
    virtual void on_wrote(const std::string& name) = 0;
    /// Also after a reconnect: events may have been missed, a full sync is due.
    virtual void on_connected() = 0;
    virtual void on_disconnected(const std::string& reason) = 0;

protected:
    ~process_manager_listener() = default;
};

struct pm2_health {
    bool connected = false;
    std::optional<int> daemon_pid;
    std::optional<std::string> version;
    std::optional<int> bridge_pid;
    int bridge_restarts = 0;
    std::optional<std::string> error; // why it is not connected
    std::uint64_t calls = 0;          // requests sent to pm2 since the server started
};

class process_manager {
public:
    virtual ~process_manager() = default;

    /// Events and news of the connection go to the one listener, on the reactor. Set before start().
    virtual void listen(process_manager_listener&) = 0;

    /// Starts the bridge and keeps it running until stop().
    virtual void run() = 0;
    /// Ends the bridge (apps and the daemon stay) and returns when it is gone, at most 2 s later.
    virtual task<> shut_down() = 0;

    virtual task<result<pm2_table>> list() = 0;
    /// Registers it anew, in place of the rows it had: what the folder, the environment and the Node of today are
    /// arrives.
    virtual task<result<pm2_run>> start(start_options) = 0;
    /// No such row is a success, for both.
    virtual task<result<>> stop(pm2_address) = 0;
    /// Also stops.
    virtual task<result<>> remove(pm2_address) = 0;
    /// Where there are several (`pm2 resurrect` adds them), leaves one: that which runs, else the oldest.
    virtual task<result<>> remove_doubles(pm2_address) = 0;

    virtual pm2_health health() const = 0;
};

} // namespace berth
