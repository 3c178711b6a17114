#include "core/view.hpp"

#include <nlohmann/json.hpp>

namespace berth {

std::string_view to_string(operation::phase phase) noexcept {
    switch (phase) {
    case operation::phase::waiting:
        return "waiting";
    case operation::phase::scaffolding:
        return "scaffolding";
    case operation::phase::starting:
        return "starting";
    case operation::phase::done:
        return "done";
    case operation::phase::failed:
        return "failed";
    case operation::phase::cancelled:
        break;
    }
    return "cancelled";
}

nlohmann::ordered_json to_json(const operation& o) {
    nlohmann::ordered_json json = {
        {"id", o.id},      {"kind", "create"},         {"name", o.name},  {"category", nullptr},
        {"port", o.port},  {"phase", to_string(o.at)}, {"line", nullptr}, {"startedAt", o.started_at},
        {"error", nullptr}, {"request", nullptr}};
    if (o.category)
        json["category"] = *o.category;
    if (o.line)
        json["line"] = *o.line;
    if (o.error)
        json["error"] = to_problem(*o.error);
    if (o.request)
        json["request"] = *o.request;
    return json;
}

} // namespace berth
