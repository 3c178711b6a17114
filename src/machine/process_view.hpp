// All processes at one moment, and what can be said of a tree among them: its members and their processor time.
// Pure: made from what the kernel told.
#pragma once

#include "machine/kernel.hpp"

#include <chrono>
#include <unordered_map>
#include <vector>

namespace berth {

class process_view {
public:
    using clock = std::chrono::steady_clock;

    process_view() = default;
    process_view(std::vector<kernel::process>, clock::time_point taken);

    clock::time_point taken() const { return taken_; }
    const std::vector<kernel::process>& all() const { return all_; }
    /// Null when there is none.
    const kernel::process* find(int pid) const;

    /// Its members, in no order.
    std::vector<const kernel::process*> session(int id) const;

    /// These, then all that descend from them, each once.
    std::vector<const kernel::process*> with_descendants(const std::vector<const kernel::process*>&) const;

    /// root and its descendants, and whoever is in the session that root leads: pm2 starts each app with setsid, and a
    /// grandchild that lost its parent keeps the session. Empty when root is 0 or gone.
    std::vector<const kernel::process*> tree(int root) const;

private:
    std::vector<kernel::process> all_;
    std::unordered_map<int, std::size_t> by_pid_;
    std::unordered_multimap<int, std::size_t> by_parent_, by_session_;
    clock::time_point taken_{};
};

/// Processor use from two views that are at least a second apart; until there are two, zero.
class cpu_meter {
public:
    explicit cpu_meter(std::uint64_t ticks_per_second) : per_second_(ticks_per_second) {}

    void add(const process_view&);
    /// Of the process since the view before; 100 is one core.
    double percent(int pid) const;

private:
    struct sample {
        std::uint64_t started, ticks;
    };
    std::uint64_t per_second_;
    process_view::clock::time_point base_taken_{};
    std::unordered_map<int, sample> base_;
    std::unordered_map<int, double> percent_;
};

} // namespace berth
