#include "net/api/health.hpp"

#include "core/app_json.hpp"
#include "core/clock.hpp"
#include "net/live/messages.hpp"

#include <algorithm>
#include <cmath>

namespace berth::net {
namespace {

using json = nlohmann::ordered_json;

double rounded(double value, double parts) { return std::round(value * parts) / parts; }

json pm2_json(const pm2_health& pm2) {
    return {{"connected", pm2.connected},
            {"daemonPid", or_null(pm2.daemon_pid)},
            {"version", or_null(pm2.version)},
            {"bridgePid", or_null(pm2.bridge_pid)},
            {"bridgeRestarts", pm2.bridge_restarts},
            {"error", or_null(pm2.error)}};
}

json syncs_json(const sync_figures& syncs, std::uint64_t pm2_calls) {
    json last_at;
    if (syncs.last_at)
        last_at = iso_time(*syncs.last_at);
    return {{"count", syncs.count},
            {"failed", syncs.failed},
            {"lastAt", last_at},
            {"lastMs", rounded(syncs.last_ms, 100)},
            {"pm2Calls", pm2_calls}};
}

json orphans_json(const std::vector<orphan>& orphans) {
    auto list = json::array();
    for (auto& o : orphans)
        list.push_back({{"name", o.name},
                        {"pmId", o.pm_id},
                        {"port", o.port},
                        {"directory", o.directory},
                        {"foreign", o.foreign}});
    return list;
}

json disk_json(const disk_usage& disk) {
    return {{"apps", or_null(disk.apps)},
            {"logs", or_null(disk.logs)},
            {"templates", or_null(disk.templates)},
            {"trash", or_null(disk.trash)}};
}

json sleep_json(const sleep_settings& how, const apps_view& all) {
    json after;
    if (how.after)
        after = how.after->count();
    auto asleep = std::count_if(all.apps.begin(), all.apps.end(), [](auto& a) { return a->app.asleep.has_value(); });
    return {{"afterSeconds", std::move(after)}, {"memoryFloorPercent", how.memory_floor}, {"asleep", asleep}};
}

json machine_json(const machine_load& load) {
    return {{"cores", load.cores},
            {"memoryTotalMB", load.memory_total_mb},
            {"memoryUsedMB", load.memory_used_mb},
            {"cpuPercent", rounded(load.cpu_percent, 10)}};
}

} // namespace

json health_json(const orchestrator& orch, const server_figures& server) {
    auto pm2 = orch.pm2();
    auto problems = orch.problems();
    auto [first, last] = orch.port_range();
    return {{"status", pm2.connected && problems.empty() ? "ok" : "degraded"},
            {"version", server.version},
            {"startedAt", iso_time(server.started_at)},
            {"uptimeSeconds", server.uptime_seconds},
            {"root", orch.root().string()},
            {"limits", {{"maxRunning", orch.max_running()}, {"portRange", json::array({first, last})}}},
            {"sleep", sleep_json(orch.sleeping(), *orch.apps())},
            {"pm2", pm2_json(pm2)},
            {"syncs", syncs_json(orch.syncs(), pm2.calls)},
            {"orphans", orphans_json(orch.orphans())},
            {"problems", problems_json(problems)},
            {"disk", disk_json(orch.disk())},
            {"machine", machine_json(orch.load())},
            {"clients", server.clients}};
}

} // namespace berth::net
