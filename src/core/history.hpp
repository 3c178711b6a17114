// How each app was over the last hour: processor, memory and status, a sample every 5 s. Kept in memory alone, so that
// a page that is opened later has its graphs at once; time when Berth did not run, or knew nothing, is a gap.
//
// Packed to 16 bytes a sample: 720 of 20 apps take 230 KB. Pure; history_sampler.hpp fills it.
#pragma once

#include "core/app.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth {

struct sample {
    std::int64_t at = 0;               // ms since 1970
    std::optional<double> cpu_percent; // one decimal; none: it did not run
    std::optional<int> memory_mb;
    berth::status status = berth::status::stopped;
    bool operator==(const sample&) const = default;
};

/// What is to be remembered of an app as it was last seen, which was at `seen_at`. None where nothing is known: pm2 is
/// silent, or what is known is older than the longest time between two syncs.
std::optional<sample> sample_of(const app&, std::int64_t seen_at, std::int64_t now);

class history {
public:
    static constexpr std::size_t most = 720; // samples of an app
    static constexpr auto every = std::chrono::seconds(5);
    static constexpr std::int64_t length = std::chrono::milliseconds(most * every).count(); // ms: an hour

    /// Samples of a later time are forgotten (the clock was set back), and those from over an hour before.
    void add(const std::string& id, const sample&);
    /// Forgets all apps of which `is_there` says no.
    void keep(const std::function<bool(const std::string& id)>& is_there);
    /// Those of the hour before `now`, oldest first.
    std::vector<sample> of(const std::string& id, std::int64_t now) const;

private:
    struct packed {
        std::int64_t at = 0;
        std::int32_t memory_mb = -1;     // -1: none
        std::uint16_t cpu_tenths = 0;    // no_cpu: none. Up to 655 cores
        berth::status status = berth::status::stopped;
    };
    std::map<std::string, std::deque<packed>> apps_;
};

/// As GET /api/apps/{id}/history answers it: columns.
nlohmann::ordered_json to_json(const std::vector<sample>&);

} // namespace berth
