// What /proc says, as values. Linux only; the parsing is pure and tested with text.
//
// Made for being asked often: one process costs one open, one read and no allocation but its name. Reading happens on
// the worker pool, never on the reactor.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::procfs {

/// The fields of /proc/<pid>/stat that matter here (proc(5)).
struct process {
    int pid = 0;
    std::string name; // comm: at most 15 bytes, may hold spaces and parentheses
    char state = '?'; // Z and X: dead already
    int parent = 0;
    int group = 0;
    int session = 0;
    std::uint64_t ticks = 0;   // user and system time, in units of clock_ticks()
    std::uint64_t started = 0; // ticks after boot; with the pid it names one process for ever
    std::uint64_t stack = 0;   // where its stack begins: elsewhere after each exec; 0 when it is not ours to see

    bool dead() const { return state == 'Z' || state == 'X'; }
};

std::optional<process> parse_stat(std::string_view text);

/// A comm as people know the program: "next-server (v1" is next-server; a process may call itself anything, so no
/// control characters. Empty when it says nothing: newer versions of Node are called "MainThread".
std::string readable_name(std::string_view comm);

enum class bound_to { any, loopback, network };

/// A TCP socket in state LISTEN.
struct listener {
    std::uint16_t port = 0;
    std::uint64_t inode = 0;
    bool v6 = false; // of its address: ::ffff:127.0.0.1 is 127.0.0.1, on a socket of the other family
    bound_to where = bound_to::network;
    bool at_localhost() const { return where != bound_to::network; }
    bool operator==(const listener&) const = default;
};

/// The listeners in /proc/net/tcp, or in /proc/net/tcp6.
std::vector<listener> parse_net_tcp(std::string_view text, bool v6);

/// A TCP socket in state ESTABLISHED that a process has accepted, or connected.
struct connection {
    std::uint16_t local = 0; // ports
    std::uint16_t remote = 0;
    bool operator==(const connection&) const = default;
};

/// Those in /proc/net/tcp, or in /proc/net/tcp6.
std::vector<connection> parse_connections(std::string_view text);

/// Pages of a process, of /proc/<pid>/statm.
struct pages {
    std::uint64_t resident = 0;
    std::uint64_t shared = 0; // of these: of files, or shared memory
};
std::optional<pages> parse_statm(std::string_view text);

/// What the resident pages of several processes come to when those that they share count once, without looking at
/// each page (smaps_rollup: 20 ms for one tree of Next). Processes of one tree share what the largest of them does.
class shared_once {
public:
    void add(const pages&);
    std::uint64_t total() const { return unshared_ + largest_shared_; }

private:
    std::uint64_t unshared_ = 0, largest_shared_ = 0;
};

/// The inode in "socket:[12345]".
std::optional<std::uint64_t> parse_socket_link(std::string_view link);

/// True when the working directory, as /proc/<pid>/cwd links to it, is the directory or below it. A directory that was
/// removed has " (deleted)" after it.
bool is_inside(std::string_view cwd, std::string_view directory);

struct cpu_time {
    std::uint64_t busy = 0, total = 0; // ticks, of all cores
};
std::optional<cpu_time> parse_cpu(std::string_view proc_stat);

struct memory {
    std::uint64_t total_kb = 0, available_kb = 0;
};
memory parse_meminfo(std::string_view text);

// What follows looks at the machine.

/// The whole file, or its first `limit` bytes; empty when it cannot be read (gone, or another user's).
std::string read(const std::string& path, std::size_t limit = 1 << 20);
/// Every process but the dead ones, in no order, with readable names.
std::vector<process> all_processes();
std::optional<process> one_process(int pid);
std::optional<pages> memory_of(int pid);
/// Empty when it cannot be read.
std::string working_directory(int pid);
/// Whether it runs as the user who asks.
bool is_ours(int pid);
/// Inodes of the sockets that it holds; none when its descriptors cannot be read (then `readable` is false).
std::vector<std::uint64_t> socket_inodes(int pid, bool* readable = nullptr);

} // namespace berth::procfs
