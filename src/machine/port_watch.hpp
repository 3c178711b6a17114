// Who holds an app's port: the app's own tree, or a stranger. Remembers its verdicts, so that a look at ports where
// nothing has changed walks no process and opens no connection.
//
// A verdict stands for as long as the same listening sockets (by inode) are there and pm2's child is the same. Not
// thread-safe: used by one job at a time, on the worker pool.
#pragma once

#include "core/machine.hpp"
#include "machine/kernel.hpp"
#include "machine/process_view.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace berth {

/// What the verdicts are made from; the seam where the machine begins.
class evidence {
public:
    /// A view taken after the current look began.
    virtual const process_view& processes_now() = 0;
    /// Inodes of its sockets; readable becomes false when its descriptors cannot be read.
    virtual std::vector<std::uint64_t> sockets_of(int pid, bool& readable) = 0;
    /// True when a TCP connect to the loopback address of that family succeeds.
    virtual bool connects(std::uint16_t port, bool v6) = 0;

protected:
    ~evidence() = default;
};

struct port_verdict {
    bool accepting = false;
    std::optional<process_name> stranger;
    bool operator==(const port_verdict&) const = default;
};

class port_watch {
public:
    using clock = std::chrono::steady_clock;

    /// listeners: those on the app's port.
    port_verdict look(std::uint16_t port, int root_pid, const std::vector<kernel::listener>& listeners, evidence&,
                      clock::time_point now);

private:
    struct entry {
        int root_pid = 0;
        std::vector<std::uint64_t> inodes; // sorted
        port_verdict verdict;
        bool settled = false; // false: something could not be found out; looked at again soon
        clock::time_point decided{};
    };
    entry decide(std::uint16_t port, int root_pid, const std::vector<kernel::listener>&, evidence&);

    std::unordered_map<std::uint16_t, entry> known_;
};

/// The process that holds one of the sockets, outside the tree of root_pid; the one with the lowest pid if it was
/// handed on. {0, "another user's process"} when it is none whose descriptors can be read.
process_name find_holder(const std::vector<std::uint64_t>& inodes, evidence&);

} // namespace berth
