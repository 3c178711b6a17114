#include "machine/port_watch.hpp"

#include <algorithm>

namespace berth {
namespace {

bool holds(const std::vector<std::uint64_t>& inodes, std::uint64_t inode) {
    return std::find(inodes.begin(), inodes.end(), inode) != inodes.end();
}

} // namespace

process_name find_holder(const std::vector<std::uint64_t>& inodes, evidence& seen) {
    process_name holder;
    bool all_readable = true;
    for (auto& p : seen.processes_now().all()) {
        bool readable = true;
        auto sockets = seen.sockets_of(p.pid, readable);
        all_readable = all_readable && readable;
        bool held = std::any_of(sockets.begin(), sockets.end(), [&](auto inode) { return holds(inodes, inode); });
        if (held && (holder.pid == 0 || p.pid < holder.pid))
            holder = {p.pid, p.name};
    }
    if (holder.pid == 0)
        holder.name = all_readable ? "a process that cannot be seen from here" : "another user's process";
    return holder;
}

port_verdict port_watch::look(std::uint16_t port, int root_pid, const std::vector<kernel::listener>& listeners,
                              evidence& seen, clock::time_point now) {
    using namespace std::chrono_literals;
    if (listeners.empty()) {
        known_.erase(port);
        return {};
    }
    std::vector<std::uint64_t> inodes;
    for (auto& each : listeners)
        inodes.push_back(each.inode);
    std::sort(inodes.begin(), inodes.end());

    auto& before = known_[port];
    bool same = before.root_pid == root_pid && before.inodes == inodes;
    if (!same || (!before.settled && now - before.decided > 100ms)) {
        before = decide(port, root_pid, listeners, seen);
        before.root_pid = root_pid;
        before.inodes = std::move(inodes);
        before.decided = now;
    }
    return before.verdict;
}

port_watch::entry port_watch::decide(std::uint16_t port, int root_pid, const std::vector<kernel::listener>& listeners,
                                     evidence& seen) {
    std::vector<std::uint64_t> own_sockets;
    if (root_pid > 0)
        for (auto* member : seen.processes_now().tree(root_pid)) {
            bool readable = true;
            for (auto inode : seen.sockets_of(member->pid, readable))
                own_sockets.push_back(inode);
        }

    std::vector<kernel::listener> own;
    std::vector<std::uint64_t> foreign;
    bool foreign_at_localhost = false;
    for (auto& each : listeners) {
        if (holds(own_sockets, each.inode)) {
            own.push_back(each);
        } else {
            foreign.push_back(each.inode);
            foreign_at_localhost = foreign_at_localhost || each.at_localhost();
        }
    }

    entry result;
    for (auto& each : own) {
        // One that is bound to an address of the network only may still be reached from here; but not when somebody
        // else is whom the connect would reach.
        if (!each.at_localhost() && foreign_at_localhost)
            continue;
        // Where IPv6 is turned off, nobody has ::1: a socket on [::] is reached by IPv4 alone.
        bool both = each.v6 && each.where == kernel::bound_to::any && !foreign_at_localhost;
        if (seen.connects(port, each.v6) || (both && seen.connects(port, false))) {
            result.verdict.accepting = true;
            break;
        }
    }
    if (!foreign.empty())
        result.verdict.stranger = find_holder(foreign, seen);
    bool own_answered = own.empty() || result.verdict.accepting;
    bool foreign_found = foreign.empty() || result.verdict.stranger->pid != 0;
    result.settled = own_answered && foreign_found;
    return result;
}

} // namespace berth
