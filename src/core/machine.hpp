// What can be seen of the machine's processes and sockets, without asking pm2. Implemented by src/pm2 (machine.cpp).
//
// Called on the reactor; the looking (/proc, sockets) is done on the worker pool. On Linux a listener must belong to
// the app's own tree; elsewhere (macOS) a TCP connect is all the evidence there is.
#pragma once

#include "core/task.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
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
};

struct process_name {
    int pid = 0;
    std::string name; // comm, for example "next-server"
    bool operator==(const process_name&) const = default;
};

struct app_sight {
    /// root_pid is a living process. False: it has ended, and pm2 has not noticed yet.
    bool alive = true;
    /// A process of the tree of root_pid listens on the port, and a TCP connect to the loopback (IPv4 or IPv6)
    /// succeeded. The connect is made when the listener is new; later the same listening socket is evidence enough.
    bool accepting = false;
    /// Who else listens on the port: a process outside the tree of root_pid.
    std::optional<process_name> stranger;
    /// The stranger works in the app's own folder: a part of it that outlived the rest.
    bool outlived = false;
    bool lives = false;
    std::optional<std::uint16_t> other_port;
    bool exposed = false;
    int memory_mb = 0;      // resident, the whole tree of root_pid; at most 1 s old
    double cpu_percent = 0; // the whole tree; over the last second or more; 100 is one core
};

/// What is left of an app after end_processes().
struct remains {
    std::vector<process_name> survivors;  // the app's own, alive after SIGKILL
    std::optional<process_name> stranger; // holds the port, is not the app's, was not touched
    int ended = 0;                        // how many had to be ended
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

    /// The app's own processes outside the tree of root_pid: working directory inside its folder, and started by pm2
    /// for it (its environment says name=orch-<id>), or a listener on its port. A shell or an editor that somebody
    /// opened in the folder is not one of them.
    virtual task<std::vector<process_name>> leftovers(app_ref) = 0;

    /// Ends every process of leftovers(): SIGTERM, SIGKILL after 3 s. Returns when they are gone and the port is free,
    /// or says what remains. With nothing to end it only looks.
    virtual task<remains> end_processes(app_ref) = 0;

    virtual task<std::set<std::uint16_t>> listening() = 0;

    /// Ends whatever a scaffold left: processes whose environment says BERTH_SCAFFOLD=<directory>.
    virtual task<> end_scaffold(std::filesystem::path directory) = 0;

    /// Cheap: may be called on the reactor.
    virtual machine_load load() = 0;

    /// What the process has used of the processors since its start, all its threads, to 10 ms; none where that cannot
    /// be seen. Cheap: may be called on the reactor.
    virtual std::optional<std::chrono::nanoseconds> processor_time(int /*pid*/) { return std::nullopt; }
};

} // namespace berth
