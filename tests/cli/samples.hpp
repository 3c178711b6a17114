// Apps as the API tells them, for the tests of this folder.
#pragma once

#include "cli/listed_app.hpp"
#include "core/app_json.hpp"

namespace berth::cli {

inline nlohmann::ordered_json sample_json(const std::string& id, const std::string& name,
                                          const std::string& state = "online") {
    app a;
    a.id = id;
    a.name = name;
    a.port = 3100;
    a.created_at = "2026-01-31T14:30:00.000Z";
    a.status = parse_status(state).value_or(status::unknown);
    a.started_at = 1000;
    return to_json(a, activity::none);
}

inline listed_app sample_app(const std::string& id, const std::string& name, const std::string& state = "online") {
    return to_listed_app(sample_json(id, name, state));
}

} // namespace berth::cli
