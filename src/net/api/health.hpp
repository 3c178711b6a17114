// The answer of GET /api/health. Pure.
#pragma once

#include "core/orchestrator.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace berth::net {

struct server_figures {
    std::string version;
    std::int64_t started_at = 0; // ms since 1970
    std::int64_t uptime_seconds = 0;
    std::size_t clients = 0; // WebSocket
};

/// status is ok when nothing is wrong: pm2 is connected and there are no problems.
nlohmann::ordered_json health_json(const orchestrator&, const server_figures&);

} // namespace berth::net
