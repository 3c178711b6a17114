// The eyes of the machine: looks, and remembers from look to look what need not be looked at again. Lives on
// a strand of the worker pool: one job at a time.
#pragma once

#include "core/machine.hpp"
#include "core/own_connections.hpp"
#include "machine/kernel.hpp"
#include "machine/leftovers.hpp"
#include "machine/mark_reader.hpp"
#include "machine/port_watch.hpp"
#include "machine/process_view.hpp"
#include "machine/tree_listeners.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace berth {

class observer final : public evidence {
public:
    using clock = std::chrono::steady_clock;

    observer(std::shared_ptr<kernel::tables>, std::shared_ptr<const own_connections>);

    void prepare();
    std::vector<app_sight> look(const std::vector<app_ref>&);
    std::set<std::uint16_t> listening();
    /// See machine::connections.
    std::map<std::uint16_t, int> connections(const std::set<std::uint16_t>& ports);

    /// See machine::visits.
    std::optional<std::map<std::uint16_t, visit>> visits(const std::set<std::uint16_t>& ports);

    /// The rule of core/machine.hpp. `asked`: what was there at this moment is seen; who asks at the same time shares
    /// one walk of all processes.
    std::vector<found_process> leftovers(const app_ref&, clock::time_point asked);
    struct server {
        found_process who;
        std::uint16_t port = 0;
    };
    /// See machine::servers_in.
    std::vector<server> servers_in(const std::filesystem::path& folder, const std::set<std::string>& but,
                                   clock::time_point asked);

    std::vector<found_process> of_scaffold(const std::filesystem::path& directory, clock::time_point asked);

    /// Whoever listens on the port and is not in the tree of root_pid.
    std::optional<process_name> stranger(const app_ref&);

private:
    struct usage {
        std::uint64_t pages = 0;
        double cpu_percent = 0;
    };

    const process_view& processes_now() override;
    std::vector<std::uint64_t> sockets_of(int pid, bool& readable) override;
    bool connects(std::uint16_t port, bool v6) override;

    void refresh();
    void see_since(clock::time_point);
    void judge(const app_ref&, app_sight&);
    void measure(int root_pid, app_sight&);
    void count_connections(const std::vector<app_ref>&, std::vector<app_sight>&);
    usage sum(int root_pid) const;

    clock::time_point begun_{};
    std::shared_ptr<kernel::tables> kernel_;
    std::shared_ptr<const own_connections> own_;
    port_watch ports_;
    tree_listeners trees_;
    process_view view_;
    mark_reader marks_;
    std::unordered_map<int, usage> usage_; // of the trees, by their root
    clock::time_point measured_{};
    std::map<std::uint16_t, int> connected_; // by port, of these ports, at that moment
    std::set<std::uint16_t> connected_of_;
    clock::time_point connected_at_{};
    cpu_meter cpu_;
};

} // namespace berth
