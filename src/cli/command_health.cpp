// health: how the server is.
#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

/// "after 1h without a connection, or while less than 10% of memory is available; 3 apps sleep"
std::string sleep_text(const json& sleep) {
    std::string text;
    if (auto& after = sleep.at("afterSeconds"); !after.is_null())
        text =
            fmt::format("after {} without a connection", duration_text(std::chrono::seconds(after.get<long long>())));
    if (auto percent = sleep.at("memoryFloorPercent").get<int>(); percent > 0)
        text += fmt::format("{}while less than {}% of memory is available", text.empty() ? "" : ", or ", percent);
    auto asleep = sleep.at("asleep").get<long long>();
    return fmt::format("{}; {} {}", text.empty() ? "only when somebody asks" : text, asleep,
                       asleep == 1 ? "app sleeps" : "apps sleep");
}

std::string health_text(const json& health, const session& s) {
    bool ok = health.at("status") == "ok";
    std::string word = visible(health.at("status").get<std::string>());
    if (s.out.facts().colours_out())
        word = fmt::format("\x1b[{}m{}\x1b[0m", ok ? "32" : "33", word);
    auto out =
        fmt::format("Berth {} at {}  {}\n", visible(health.at("version").get<std::string>()), s.server.url(), word);
    auto line = [&](std::string_view title, const std::string& text) {
        out += fmt::format("  {}{}\n", padded(title, 10, side::left), visible(text));
    };
    auto& pm2 = health.at("pm2");
    auto& limits = health.at("limits");
    auto& syncs = health.at("syncs");
    auto& machine = health.at("machine");
    auto seconds = std::chrono::seconds(health.at("uptimeSeconds").get<long long>());
    line("up", duration_text(seconds));
    line("root", health.at("root").get<std::string>());
    if (pm2.at("connected") == true)
        line("pm2", fmt::format("{}, daemon pid {}; {} bridge restarts",
                                pm2.at("version").is_string() ? pm2["version"].get<std::string>() : "version unknown",
                                pm2.at("daemonPid").dump(), pm2.at("bridgeRestarts").dump()));
    else
        line("pm2", "not connected" + (pm2.at("error").is_string() ? ": " + pm2["error"].get<std::string>() : ""));
    line("limits", fmt::format("{} running, ports {} to {}", limits.at("maxRunning").dump(),
                               limits.at("portRange").at(0).dump(), limits.at("portRange").at(1).dump()));
    if (health.contains("sleep")) // an older server has none
        line("sleep", sleep_text(health["sleep"]));
    line("machine", fmt::format("{} cores at {}, {} of {}", machine.at("cores").dump(),
                                percent_text(machine.at("cpuPercent").get<double>()),
                                memory_text(machine.at("memoryUsedMB").get<long long>()),
                                memory_text(machine.at("memoryTotalMB").get<long long>())));
    line("syncs", fmt::format("{}, {} failed", syncs.at("count").dump(), syncs.at("failed").dump()));
    for (auto& orphan : health.at("orphans"))
        line("orphan", fmt::format("{} (pm2 id {}) belongs to no app", orphan.at("name").get<std::string>(),
                                   orphan.at("pmId").dump()));
    for (auto& problem : health.at("problems"))
        line("problem", problem.at("detail").get<std::string>());
    return out;
}

} // namespace

task<outcome<int>> run_health(session& s) {
    auto body = co_await get(s, "/api/health");
    if (body.has_error())
        co_return body.error();
    if (s.json) {
        s.out.print_json(*body);
        co_return exit_code::done;
    }
    s.out.print(health_text(json::parse(*body), s)); // what it throws, run_cli understands
    co_return exit_code::done;
}

} // namespace berth::cli
