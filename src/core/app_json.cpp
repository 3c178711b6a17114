#include "core/app_json.hpp"

#include <cmath>

namespace berth {

nlohmann::ordered_json to_json(const app& a) {
    return {
        {"id", a.id},
        {"name", a.name},
        {"slug", a.slug},
        {"category", or_null(a.category)},
        {"owned", a.owned()},
        {"directory", a.directory()},
        {"script", a.script},
        {"packageManager", or_null(a.package_manager)},
        {"lan", a.lan},
        {"keepAwake", a.keep_awake},
        {"asleep", a.asleep.has_value()},
        {"notes", or_null(a.notes)},
        {"port", a.port},
        {"createdAt", a.created_at},
        {"template", or_null(a.made_from)},
        {"intent", to_string(a.wanted)},
        {"pmId", or_null(a.pm_id)},
        {"pid", a.pid},
        {"status", to_string(a.status)},
        {"statusReason", or_null(a.status_reason)},
        {"memoryMB", a.memory_mb},
        {"cpuPercent", std::round(a.cpu_percent * 10) / 10},
        {"wrapperMemoryMB", a.wrapper_memory_mb},
        {"startedAt", or_null(a.started_at)},
        {"lastOpenedAt", or_null(a.last_opened_at)},
        {"restarts", a.restarts},
        {"exitCode", or_null(a.exit_code)},
        {"exitSignal", or_null(a.exit_signal)},
    };
}

nlohmann::ordered_json to_json(const app& a, activity operation) {
    auto json = to_json(a);
    json["url"] = a.url();
    json["exposed"] = a.exposed;
    json["git"] = nullptr;
    if (a.git)
        json["git"] = {{"branch", or_null(a.git->branch)}, {"commit", or_null(a.git->commit)}};
    json["pending"] = a.pending();
    json["page"] = to_json(a.page);
    if (operation == activity::none)
        json["operation"] = nullptr;
    else
        json["operation"] = to_string(operation);
    return json;
}

std::string dump(const nlohmann::ordered_json& json, int indent) {
    return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace berth
