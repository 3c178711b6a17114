// What /proc says, as values. Linux only; the parsing is pure and tested with text.
//
// Made for being asked often: one process costs one open, one read and no allocation but its name. Reading happens on
// the worker pool, never on the reactor.
#pragma once

#include "machine/kernel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::procfs {

using kernel::connection;
using kernel::cpu_time;
using kernel::listener;
using kernel::memory;
using kernel::pages;
using kernel::process;

/// Of /proc/<pid>/stat (proc(5)).
std::optional<process> parse_stat(std::string_view text);

/// The listeners in /proc/net/tcp, or in /proc/net/tcp6.
std::vector<listener> parse_net_tcp(std::string_view text, bool v6);

/// Those in /proc/net/tcp, or in /proc/net/tcp6.
std::vector<connection> parse_connections(std::string_view text);

/// Of /proc/<pid>/statm.
std::optional<pages> parse_statm(std::string_view text);

/// The inode in "socket:[12345]".
std::optional<std::uint64_t> parse_socket_link(std::string_view link);

std::optional<cpu_time> parse_cpu(std::string_view proc_stat);

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
