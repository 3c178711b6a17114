#ifdef __linux__
#include "machine/tree_listeners.hpp"

#include <algorithm>

namespace berth {

void tree_listeners::look(const std::vector<procfs::listener>& listeners, const std::vector<app_ref>& apps,
                          evidence& seen, clock::time_point now) {
    std::set<int> roots;
    std::set<std::uint16_t> ports;
    for (auto& each : apps)
        if (each.root_pid > 0) {
            roots.insert(each.root_pid);
            ports.insert(each.port);
        }
    bool any_new = false, urgent = roots != roots_;
    std::unordered_map<std::uint64_t, procfs::listener> sockets;
    for (auto& each : listeners) {
        sockets.emplace(each.inode, each);
        if (sockets_.contains(each.inode))
            continue;
        any_new = true;
        urgent = urgent || ports.contains(each.port);
    }
    if (urgent || (any_new && now - walked_ >= pause)) {
        sockets_ = std::move(sockets);
        roots_ = std::move(roots);
        walked_ = now;
        walk(apps, seen);
        return;
    }
    for (auto& [root, each] : trees_)
        std::erase_if(each.sockets, [&](auto& socket) { return !sockets.contains(socket.inode); });
    std::erase_if(sockets_, [&](auto& each) { return !sockets.contains(each.first); });
}

void tree_listeners::walk(const std::vector<app_ref>& apps, evidence& seen) {
    trees_.clear();
    if (roots_.empty())
        return;
    auto& view = seen.processes_now();
    for (auto& app : apps) {
        auto* root = app.root_pid > 0 ? view.find(app.root_pid) : nullptr;
        if (!root)
            continue;
        auto& mine = trees_[app.root_pid];
        mine.sessions.insert(root->session);
        for (auto* member : view.tree(app.root_pid)) {
            bool readable = true;
            for (auto inode : seen.sockets_of(member->pid, readable)) {
                auto socket = sockets_.find(inode);
                if (socket == sockets_.end())
                    continue;
                if (member->session != root->session && socket->second.port != app.port)
                    continue;
                mine.sessions.insert(member->session);
                if (std::find(mine.sockets.begin(), mine.sockets.end(), socket->second) == mine.sockets.end())
                    mine.sockets.push_back(socket->second); // once, also where it was handed on
            }
        }
    }
}

const tree_listeners::tree& tree_listeners::of(int root_pid) const {
    static const tree nothing;
    auto found = trees_.find(root_pid);
    return found == trees_.end() ? nothing : found->second;
}

} // namespace berth
#endif
