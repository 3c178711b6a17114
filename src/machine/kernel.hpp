// What the kernel tells of processes and sockets, as values, and the seam where it begins: /proc and netlink on Linux,
// libproc and sysctl on macOS, a fake in the tests. The rules of this folder know nothing else of the system.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::kernel {

struct process {
    int pid = 0;
    std::string name; // at most 15 bytes, may hold spaces and parentheses
    char state = '?'; // Z and X: dead already
    int parent = 0;
    int group = 0;
    int session = 0;
    std::uint64_t ticks = 0;   // user and system time, in units of tables::ticks_per_second()
    std::uint64_t started = 0; // when; with the pid it names one process for ever
    std::uint64_t stack = 0; // differs after each exec (on Linux where its stack begins); 0 when it is not ours to see

    bool dead() const { return state == 'Z' || state == 'X'; }
};

/// A process's name as people know the program: "next-server (v1" is next-server; a process may call itself anything,
/// so no control characters. Empty when it says nothing: newer versions of Node are called "MainThread".
std::string readable_name(std::string_view name);

enum class bound_to { any, loopback, network };

/// A TCP socket in state LISTEN.
struct listener {
    std::uint16_t port = 0;
    std::uint64_t inode = 0; // names the socket, as sockets_of() does
    bool v6 = false;         // of its address: ::ffff:127.0.0.1 is 127.0.0.1, on a socket of the other family
    bound_to where = bound_to::network;
    bool at_localhost() const { return where != bound_to::network; }
    bool operator==(const listener&) const = default;
};

/// A TCP socket in state ESTABLISHED that a process has accepted, or connected.
struct connection {
    std::uint16_t local = 0; // ports
    std::uint16_t remote = 0;
    bool operator==(const connection&) const = default;
};

/// Memory of a process.
struct pages {
    std::uint64_t resident = 0;
    std::uint64_t shared = 0; // of these: of files, or shared memory
};

/// What the resident pages of several processes come to when those that they share count once, without looking at
/// each page (smaps_rollup: 20 ms for one tree of Next). Processes of one tree share what the largest of them does.
class shared_once {
public:
    void add(const pages&);
    std::uint64_t total() const { return unshared_ + largest_shared_; }

private:
    std::uint64_t unshared_ = 0, largest_shared_ = 0;
};

/// True when the working directory is the directory or below it. Of a directory that was removed Linux says
/// " (deleted)" after its name.
bool is_inside(std::string_view cwd, std::string_view directory);

struct cpu_time {
    std::uint64_t busy = 0, total = 0; // ticks, of all cores
};

struct memory {
    std::uint64_t total_kb = 0, available_kb = 0;
};

/// The kernel's tables. What is asked of processes may be asked by any thread; of sockets, by one at a time.
class tables {
public:
    virtual ~tables() = default;

    virtual std::uint64_t ticks_per_second() const = 0;
    /// Bytes.
    virtual std::uint64_t page_size() const = 0;

    /// Every process but the dead ones, in no order, with readable names.
    virtual std::vector<process> all_processes() = 0;
    /// None when it is dead.
    virtual std::optional<process> one_process(int pid) = 0;
    virtual std::optional<pages> memory_of(int pid) = 0;
    /// Empty when it cannot be read.
    virtual std::string working_directory(int pid) = 0;
    /// The variables that it was started with, NUL-terminated each; empty when they cannot be read.
    virtual std::string environment_of(int pid) = 0;
    /// Whether it runs as the user who asks.
    virtual bool is_ours(int pid) = 0;
    /// The sockets that it holds; none when its descriptors cannot be read (then `readable` is false).
    virtual std::vector<std::uint64_t> sockets_of(int pid, bool& readable) = 0;

    virtual std::vector<listener> listeners() = 0;
    /// Those whose local port is in first..last: what was accepted there, where these are the ports of servers.
    virtual std::vector<connection> connections(std::uint16_t first, std::uint16_t last) = 0;
    /// Those to the ports first..last that have ended within the last minute; `local` is the server's port. None where
    /// the kernel does not tell.
    virtual std::optional<std::vector<connection>> ended(std::uint16_t first, std::uint16_t last) = 0;

    virtual std::optional<cpu_time> processors() = 0;
    virtual memory machine_memory() = 0;
};

/// Of this machine.
std::unique_ptr<tables> open_tables();

} // namespace berth::kernel
