// On what else the apps listen: the sockets of each app's tree, on its own port or another. Walks the descriptors of a
// tree, which costs more than the rest of a look, only when the tree is new, or a socket on its port. Not thread-safe:
// used by one job at a time, on the worker pool.
//
// A new socket may be any tree's: all are walked for it, but not before the last such walk was `pause` ago.
#pragma once

#include "core/machine.hpp"
#include "machine/kernel.hpp"
#include "machine/port_watch.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace berth {

class tree_listeners {
public:
    using clock = std::chrono::steady_clock;
    static constexpr auto pause = std::chrono::milliseconds(900);

    struct tree {
        std::vector<kernel::listener> sockets;
        /// Its session, and those of members that left it and hold the app's port: a dev server that was detached.
        /// Whoever else left (an editor) has ports and memory of its own.
        std::set<int> sessions;
    };

    void look(const std::vector<kernel::listener>&, const std::vector<app_ref>&, evidence&, clock::time_point now);

    /// Of the last look; empty where nothing is known.
    const tree& of(int root_pid) const;

private:
    using sockets = std::unordered_map<std::uint64_t, kernel::listener>; // by inode

    static tree walk(const app_ref&, const process_view&, const sockets&, evidence&);

    std::unordered_set<std::uint64_t> sought_in_all_, sought_in_own_; // inodes: in every tree; in the one of their port
    std::unordered_map<int, tree> trees_;                             // by root
    clock::time_point walked_{};
};

} // namespace berth
