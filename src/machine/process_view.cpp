#include "machine/process_view.hpp"

#include <algorithm>
#include <unordered_set>

namespace berth {

process_view::process_view(std::vector<kernel::process> all, clock::time_point taken)
    : all_(std::move(all)), taken_(taken) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        by_pid_.emplace(all_[i].pid, i);
        by_parent_.emplace(all_[i].parent, i);
        by_session_.emplace(all_[i].session, i);
    }
}

const kernel::process* process_view::find(int pid) const {
    auto found = by_pid_.find(pid);
    return found == by_pid_.end() ? nullptr : &all_[found->second];
}

std::vector<const kernel::process*> process_view::session(int id) const {
    std::vector<const kernel::process*> members;
    for (auto [at, end] = by_session_.equal_range(id); at != end; ++at)
        members.push_back(&all_[at->second]);
    return members;
}

std::vector<const kernel::process*>
process_view::with_descendants(const std::vector<const kernel::process*>& first) const {
    std::vector<const kernel::process*> members;
    std::unordered_set<int> seen;
    auto add = [&](const kernel::process& p) {
        if (seen.insert(p.pid).second)
            members.push_back(&p);
    };
    for (auto* each : first)
        add(*each);
    for (std::size_t i = 0; i < members.size(); ++i)
        for (auto [at, end] = by_parent_.equal_range(members[i]->pid); at != end; ++at)
            add(all_[at->second]);
    return members;
}

std::vector<const kernel::process*> process_view::tree(int root) const {
    auto* first = root > 0 ? find(root) : nullptr;
    if (!first)
        return {};
    return with_descendants(first->session == root ? session(root) : std::vector{first});
}

void cpu_meter::add(const process_view& view) {
    using seconds = std::chrono::duration<double>;
    auto elapsed = seconds(view.taken() - base_taken_).count();
    bool first = base_.empty();
    if (!first && elapsed < 1.0)
        return; // too short for a clock of 100 ticks a second
    percent_.clear();
    std::unordered_map<int, sample> now;
    for (auto& p : view.all()) {
        now.emplace(p.pid, sample{p.started, p.ticks});
        if (first)
            continue;
        auto before = base_.find(p.pid);
        bool same = before != base_.end() && before->second.started == p.started; // else the pid was given to another
        auto since = same ? before->second.ticks : 0;
        auto used = p.ticks - std::min(since, p.ticks);
        percent_[p.pid] = 100.0 * static_cast<double>(used) / static_cast<double>(per_second_) / elapsed;
    }
    base_ = std::move(now);
    base_taken_ = view.taken();
}

double cpu_meter::percent(int pid) const {
    auto found = percent_.find(pid);
    return found == percent_.end() ? 0 : found->second;
}

} // namespace berth
