// Figures for Prometheus: text format 0.0.4, names after its conventions (base units, _total on counters). Pure but for
// resident_memory().
#pragma once

#include "core/orchestrator.hpp"
#include "net/api/router.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace berth::net {

/// How many requests were answered, by call and class of status. Two small arrays: counted on every request.
class request_counters {
public:
    /// status: 100 to 599.
    void count(endpoint e, int status) noexcept {
        ++counts_[static_cast<std::size_t>(e)][static_cast<std::size_t>(status / 100 - 1)];
    }
    /// status_class: 1 to 5.
    std::uint64_t of(endpoint e, int status_class) const noexcept {
        return counts_[static_cast<std::size_t>(e)][static_cast<std::size_t>(status_class - 1)];
    }

private:
    std::array<std::array<std::uint64_t, 5>, endpoint_count> counts_{};
};

struct figures {
    const apps_view& apps;
    const request_counters& requests;
    sync_figures syncs;
    pm2_health pm2;
    std::size_t operations = 0;
    std::size_t orphans = 0;
    std::size_t problems = 0;
    std::size_t clients = 0;     // WebSocket
    std::size_t connections = 0; // of both kinds
    std::int64_t started_at = 0; // ms since 1970
    double uptime_seconds = 0;
    std::uint64_t resident_bytes = 0; // 0: not known, left out
};

std::string format_metrics(const figures&);

/// Of this process, bytes; 0 where the system does not tell (only Linux is asked).
std::uint64_t resident_memory();

} // namespace berth::net
