// The resources of spec section 17: berth://apps, and the logs of each app as berth://apps/{id}/logs. Pure but for
// reading.
#pragma once

#include "core/view.hpp"
#include "net/mcp/plain_logs.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace berth::net::mcp {

inline constexpr std::string_view apps_uri = "berth://apps";

std::string logs_uri(std::string_view id);
/// The id in such a URI; none in any other.
std::optional<std::string> id_of_logs(std::string_view uri);

/// Whether there is such a resource now.
bool has_resource(const apps_view&, std::string_view uri);

/// The results of resources/list and resources/templates/list.
nlohmann::ordered_json resource_list(const apps_view&);
nlohmann::ordered_json resource_templates();

/// The result of resources/read, of one that there is.
task<result<nlohmann::ordered_json>> read_resource(std::shared_ptr<const apps_view>, plain_logs&, std::string uri);

} // namespace berth::net::mcp
