// What can be seen of the machine's processes and sockets, without asking pm2. Implemented by src/machine.
//
// Called on the reactor; the looking (processes, sockets) is done on the worker pool.
//
// Whose process is it? Whoever Berth starts, an app or a scaffold, leads a session of its own and is started as
//     sh -c 'BERTH_SESSION=$$ exec "$@"' sh COMMAND...
// so that the environment of every process of the run tells the session that was meant for it. What left the session
// (an editor or a browser that the app opened) inherits these words too, and is found out by them: its session is
// another. So an app's own are
//   - every process of a session in which one says name=orch-<id> (pm2 puts it there) and BERTH_SESSION=<this session>,
//     and works inside the app's folder (a copied root has the same ids); where that is an adopted one, it also says
//     pm_out_log_path=<the app's log file>, which pm2 puts there too;
//   - a listener on the app's port that left the session, if it descends from such a process, or says name=orch-<id>
//     and works inside the folder: a dev server that was detached, or that an earlier Berth started.
// A scaffold's own are the sessions in which one says BERTH_SCAFFOLD=<directory> and BERTH_SESSION=<this session>.
// Nothing is kept for it, so nothing can be lost or out of date; and nothing else is ever ended.
#pragma once

#include "core/task.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace berth {

/// The app to look at.
struct app_ref {
    std::string id;
    std::filesystem::path directory; // absolute
    std::uint16_t port = 0;
    int root_pid = 0; // pm2's child; 0: pm2 runs nothing for it
    /// Its log file, where its folder may be another Berth's too (an adopted project's, in a copied root): then a
    /// process is its own only if pm2 gave it this one. Empty: not asked.
    std::string log = {};
};

struct process_name {
    int pid = 0;
    std::string name; // comm, for example "next-server"
    bool operator==(const process_name&) const = default;
};

struct app_sight {
    /// root_pid is a living process. False: it has ended, and pm2 has not noticed yet.
    bool alive = true;
    /// Something of the app lives, whatever pm2 says: root_pid, or one of its own processes (above). At most 1 s old.
    bool lives = false;
    /// A process of the tree of root_pid listens on the port, and a TCP connect to the loopback (IPv4 or IPv6)
    /// succeeded. The connect is made when the listener is new; later the same listening socket is evidence enough.
    bool accepting = false;
    /// Who else listens on the port: a process outside the tree of root_pid. Beside an app that accepts on one
    /// loopback address, one on the other: http://localhost may lead to either.
    std::optional<process_name> stranger;
    /// The stranger is one of the app's own: a part of it that outlived the rest.
    bool outlived = false;
    /// While it does not accept: the lowest port on which its tree listens instead.
    std::optional<std::uint16_t> other_port;
    /// Its tree listens, on whatever port, on an address that is not loopback.
    bool exposed = false;
    /// Of the tree of root_pid, less what left its session; shared pages count once. At most 1 s old.
    int memory_mb = 0;
    double cpu_percent = 0; // of the same processes, over the last second or more; 100 is one core
    /// Established TCP connections that its tree has accepted on the port, Berth's own (core/own_connections.hpp) not
    /// counted: an open page holds one. At most 2 s old.
    int connections = 0;
};

/// What is left of an app after end_processes().
struct remains {
    std::vector<process_name> survivors;  // the app's own, alive after SIGKILL
    std::optional<process_name> stranger; // holds the port, is not the app's, was not touched
    int ended = 0;                        // how many had to be ended
};

/// A process of the user who runs Berth that listens on a TCP port, works in some folder or below it, and is Next's, or
/// a part of a script that a package manager runs. Whatever else listens there, an agent or an editor's helper, is
/// none.
struct dev_server {
    process_name process;
    std::uint16_t port = 0; // the lowest of several; 0: it does not listen any more
};

struct visit {
    int connected = 0;   // as app_sight.connections
    bool lately = false; // one has ended in the last minute, as far as the kernel still knows of it
};

struct machine_load {
    int cores = 0;
    std::uint64_t memory_total_mb = 0;
    std::uint64_t memory_used_mb = 0; // total less available
    double cpu_percent = 0;           // 0 to 100, of all cores
};

class machine {
public:
    virtual ~machine() = default;

    /// A look is coming, in some ms: begins with what takes longest. May be left out.
    virtual void prepare() {}

    /// One look for all apps of a sync, in their order.
    virtual task<std::vector<app_sight>> look(std::vector<app_ref>) = 0;

    /// The app's own processes outside the tree of root_pid; all of them when root_pid is 0.
    virtual task<std::vector<process_name>> leftovers(app_ref) = 0;

    /// Ends every process of leftovers(): SIGTERM, SIGKILL after 3 s. Returns when they are gone and the port is free,
    /// or says what remains. With nothing to end it only looks.
    virtual task<remains> end_processes(app_ref) = 0;

    /// Ends whatever a scaffold for this directory left: its own processes.
    virtual task<> end_scaffold(std::filesystem::path directory) = 0;

    /// The dev servers in a folder (its real path) that somebody runs, but for those of these apps (by id).
    virtual task<std::vector<dev_server>> servers_in(std::filesystem::path folder, std::set<std::string> but) = 0;

    /// Ends them: SIGTERM, SIGKILL after 3 s, each looked at again right before: a process that ended, or works
    /// elsewhere by then, gets none. Returns those that are there all the same, a supervisor's new ones for example.
    virtual task<std::vector<dev_server>> end_servers_in(std::filesystem::path folder, std::set<std::string> but) = 0;

    /// How many established connections were accepted on these ports, each that has one, as app_sight.connections.
    virtual task<std::map<std::uint16_t, int>> connections(std::set<std::uint16_t> /*ports*/) {
        co_return std::map<std::uint16_t, int>();
    }

    /// Who comes to these ports, each that has one; looked at anew for every call. None: that cannot be told here.
    virtual task<std::optional<std::map<std::uint16_t, visit>>> visits(std::set<std::uint16_t> /*ports*/) {
        co_return std::nullopt;
    }

    /// Whether a TCP connect to the loopback (IPv4 or IPv6) succeeds there, whoever it is.
    virtual task<bool> accepts(std::uint16_t port) = 0;

    /// The TCP ports on which anybody listens now, on any address; on macOS, anybody of the user who asks.
    virtual task<std::set<std::uint16_t>> listening() = 0;

    /// Cheap: may be called on the reactor.
    virtual machine_load load() = 0;

    /// What the process has used of the processors since its start, all its threads, to 10 ms; none where that cannot
    /// be seen. Cheap: may be called on the reactor.
    virtual std::optional<std::chrono::nanoseconds> processor_time(int /*pid*/) { return std::nullopt; }
};

} // namespace berth
