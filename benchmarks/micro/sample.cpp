#include "sample.hpp"

#include "pm2/protocol.hpp"

namespace berth::micro {
namespace {

std::string id_of(int i) { return "k3v9x2m" + std::to_string(100 + i); }

} // namespace

manifest sample_manifest() {
    manifest m;
    for (int i = 0; i < app_count; ++i) {
        manifest_entry entry;
        auto& a = entry.app;
        a.id = id_of(i);
        a.name = "checkout-flow-" + std::to_string(i);
        a.category = i % 3 == 0 ? std::optional<std::string>("Storefront") : std::nullopt;
        a.port = static_cast<std::uint16_t>(3101 + i);
        a.created_at = "2026-01-31T14:30:" + std::to_string(10 + i) + ".000Z";
        a.pm_id = i;
        a.pid = 48'000 + 40 * i;
        a.status = status::online;
        a.memory_mb = 620 + i;
        a.cpu_percent = 1.3;
        a.wrapper_memory_mb = 62;
        a.started_at = 1'769'869'800'000 + i;
        m.apps.emplace(a.id, std::move(entry));
    }
    return m;
}

std::string sample_line() {
    auto rows = nlohmann::ordered_json::array();
    for (int i = 0; i < app_count; ++i)
        rows.push_back({{"pmId", i},
                        {"name", "orch-" + id_of(i)},
                        {"pid", 48'000 + 40 * i},
                        {"status", "online"},
                        {"port", 3101 + i},
                        {"directory", "/r/created-apps/" + id_of(i)},
                        {"output", "/r/logs/orch-" + id_of(i) + "-out.log"},
                        {"startedAt", 1'769'869'800'000 + i},
                        {"exitCode", nullptr},
                        {"memory", 65'011'712 + 4096 * i}});
    nlohmann::ordered_json answer = {{"id", 4711}, {"ok", {{"processes", std::move(rows)}}}};
    return answer.dump();
}

pm2_table sample_table() {
    protocol::decoder decoder;
    auto message = decoder.decode(sample_line());
    pm2_table table;
    table.daemon_pid = 4000;
    table.processes = *std::get<protocol::answer>(*message).processes;
    return table;
}

} // namespace berth::micro
