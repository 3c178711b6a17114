// On what else the apps listen: the sockets of each app's tree, on its own port or another. Walks the descriptors of
// the trees only when a socket or a tree is new. Not thread-safe: used by one job at a time, on the worker pool.
//
// Beside port_watch, which judges one port at once: a listener somewhere on the machine is no reason to walk all trees
// at each look, so one on no app's port waits until the last walk was `pause` ago.
#pragma once

#include "core/machine.hpp"
#include "machine/port_watch.hpp"
#include "machine/procfs.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

namespace berth {

class tree_listeners {
public:
    using clock = std::chrono::steady_clock;
    static constexpr auto pause = std::chrono::milliseconds(900);

    struct tree {
        std::vector<procfs::listener> sockets;
        /// Its session, and those of members that left it and hold the app's port: a dev server that was detached.
        /// Whoever else left (an editor) has ports and memory of its own.
        std::set<int> sessions;
    };

    void look(const std::vector<procfs::listener>&, const std::vector<app_ref>&, evidence&, clock::time_point now);

    /// Of the last look; empty where nothing is known.
    const tree& of(int root_pid) const;

private:
    void walk(const std::vector<app_ref>&, evidence&);

    std::unordered_map<std::uint64_t, procfs::listener> sockets_; // looked at, by inode
    std::set<int> roots_;
    std::unordered_map<int, tree> trees_;
    clock::time_point walked_{};
};

} // namespace berth
