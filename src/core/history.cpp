#include "core/history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace berth {
namespace {

// With no dashboard open a sync runs every 30 s; a slow one takes up to 4 s more.
constexpr std::int64_t stale_after = 35'000; // ms

constexpr auto no_cpu = std::numeric_limits<std::uint16_t>::max();

} // namespace

std::optional<sample> sample_of(const app& a, std::int64_t seen_at, std::int64_t now) {
    bool known = seen_at <= now && now - seen_at <= stale_after && a.status != status::unknown;
    if (!known)
        return {};
    sample s;
    s.at = now;
    s.status = a.status;
    if (a.running()) {
        s.cpu_percent = a.cpu_percent;
        s.memory_mb = a.memory_mb;
    }
    return s;
}

void history::add(const std::string& id, const sample& s) {
    auto& ring = apps_[id];
    while (!ring.empty() && ring.back().at >= s.at)
        ring.pop_back();
    while (!ring.empty() && (ring.size() >= most || ring.front().at <= s.at - length))
        ring.pop_front();
    packed p;
    p.at = s.at;
    p.status = s.status;
    p.memory_mb = s.memory_mb.value_or(-1);
    p.cpu_tenths = no_cpu;
    if (s.cpu_percent)
        p.cpu_tenths = static_cast<std::uint16_t>(std::clamp(std::round(*s.cpu_percent * 10), 0.0, no_cpu - 1.0));
    ring.push_back(p);
}

void history::keep(const std::function<bool(const std::string& id)>& is_there) {
    std::erase_if(apps_, [&](auto& item) { return !is_there(item.first); });
}

std::vector<sample> history::of(const std::string& id, std::int64_t now) const {
    std::vector<sample> all;
    auto ring = apps_.find(id);
    if (ring == apps_.end())
        return all;
    for (auto& p : ring->second) {
        if (p.at <= now - length)
            continue;
        sample s;
        s.at = p.at;
        s.status = p.status;
        if (p.memory_mb >= 0)
            s.memory_mb = p.memory_mb;
        if (p.cpu_tenths != no_cpu)
            s.cpu_percent = p.cpu_tenths / 10.0;
        all.push_back(s);
    }
    return all;
}

nlohmann::ordered_json to_json(const std::vector<sample>& samples) {
    using json = nlohmann::ordered_json;
    auto at = json::array(), cpu = json::array(), memory = json::array(), status = json::array();
    for (auto& s : samples) {
        at.push_back(s.at);
        cpu.push_back(s.cpu_percent ? json(*s.cpu_percent) : json());
        memory.push_back(s.memory_mb ? json(*s.memory_mb) : json());
        status.push_back(to_string(s.status));
    }
    return {{"at", std::move(at)},
            {"cpuPercent", std::move(cpu)},
            {"memoryMB", std::move(memory)},
            {"status", std::move(status)}};
}

} // namespace berth
