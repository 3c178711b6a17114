#include "machine/tree_listeners.hpp"

#include <algorithm>

namespace berth {

void tree_listeners::look(const std::vector<kernel::listener>& listeners, const std::vector<app_ref>& apps,
                          evidence& seen, clock::time_point now) {
    sockets there;
    std::unordered_set<std::uint64_t> inodes;
    std::set<std::uint16_t> new_ports;
    bool any_new = false;
    for (auto& each : listeners) {
        there.emplace(each.inode, each);
        inodes.insert(each.inode);
        if (sought_in_all_.contains(each.inode))
            continue;
        any_new = true;
        if (!sought_in_own_.contains(each.inode))
            new_ports.insert(each.port);
    }

    bool all = any_new && now - walked_ >= pause;
    std::set<int> roots;
    std::vector<const app_ref*> due;
    for (auto& app : apps) {
        if (app.root_pid <= 0)
            continue;
        roots.insert(app.root_pid);
        if (all || new_ports.contains(app.port) || !trees_.contains(app.root_pid))
            due.push_back(&app);
    }

    std::erase_if(trees_, [&](auto& each) { return !roots.contains(each.first); });
    for (auto& [root, each] : trees_)
        std::erase_if(each.sockets, [&](auto& socket) { return !there.contains(socket.inode); });
    if (!due.empty()) {
        auto& view = seen.processes_now();
        for (auto* app : due)
            trees_[app->root_pid] = walk(*app, view, there, seen);
    }
    if (all) {
        walked_ = now;
        sought_in_all_ = inodes;
    }
    std::erase_if(sought_in_all_, [&](auto inode) { return !inodes.contains(inode); });
    sought_in_own_ = std::move(inodes);
}

/// Empty where the root has ended.
tree_listeners::tree tree_listeners::walk(const app_ref& app, const process_view& view, const sockets& there,
                                          evidence& seen) {
    tree mine;
    auto* root = view.find(app.root_pid);
    if (!root)
        return mine;
    mine.sessions.insert(root->session);
    for (auto* member : view.tree(app.root_pid)) {
        bool readable = true;
        for (auto inode : seen.sockets_of(member->pid, readable)) {
            auto socket = there.find(inode);
            if (socket == there.end())
                continue;
            if (member->session != root->session && socket->second.port != app.port)
                continue;
            mine.sessions.insert(member->session);
            if (std::find(mine.sockets.begin(), mine.sockets.end(), socket->second) == mine.sockets.end())
                mine.sockets.push_back(socket->second); // once, also where it was handed on
        }
    }
    return mine;
}

const tree_listeners::tree& tree_listeners::of(int root_pid) const {
    static const tree nothing;
    auto found = trees_.find(root_pid);
    return found == trees_.end() ? nothing : found->second;
}

} // namespace berth
