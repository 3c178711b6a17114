#include "core/view.hpp"

#include "core/clock.hpp"

#include <nlohmann/json.hpp>

namespace berth {

std::string_view to_string(operation::phase phase) noexcept {
    switch (phase) {
    case operation::phase::waiting:
        return "waiting";
    case operation::phase::scaffolding:
        return "scaffolding";
    case operation::phase::fetching:
        return "fetching";
    case operation::phase::installing:
        return "installing";
    case operation::phase::copying:
        return "copying";
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
        {"id", o.id},       {"kind", o.kind == operation::sort::create ? "create" : "template"},
        {"name", o.name},   {"category", nullptr},
        {"port", nullptr},  {"phase", to_string(o.at)},
        {"line", nullptr},  {"startedAt", o.started_at},
        {"error", nullptr}, {"request", nullptr}};
    if (o.port)
        json["port"] = o.port;
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

nlohmann::ordered_json to_json(const template_view& t) {
    nlohmann::ordered_json json = {{"name", t.name},         {"source", t.source}, {"builtIn", t.built_in},
                                   {"madeAt", nullptr},      {"node", nullptr},    {"packageManager", nullptr},
                                   {"nextVersion", nullptr}, {"commit", nullptr},  {"bytes", nullptr},
                                   {"operation", nullptr}};
    if (t.facts) {
        json["madeAt"] = iso_time(t.facts->made_at);
        if (!t.facts->node.empty())
            json["node"] = t.facts->node;
        if (!t.facts->package_manager.empty())
            json["packageManager"] = t.facts->package_manager;
        if (t.facts->next)
            json["nextVersion"] = *t.facts->next;
        if (t.facts->commit)
            json["commit"] = *t.facts->commit;
        json["bytes"] = t.facts->bytes;
    }
    if (t.operation)
        json["operation"] = *t.operation;
    return json;
}

} // namespace berth
