// The change of an app's settings: name, category, notes, keepAwake, lan. Goes on beside whatever operation is under
// way, as it touches no process: what a run was given at its start comes with the next one (app::pending()).
#pragma once

#include "core/keeper.hpp"
#include "core/orchestrator.hpp"
#include "core/registry.hpp"

#include <set>
#include <string>

namespace berth {

/// Every field as it is to be stored, or errc::invalid_request naming the first that may not be. Pure.
result<app_edit> check_edit(app_edit);

/// A checked edit. `names`: those of all other apps, and of creates under way (name_key()). On the disk when it
/// returns; when the disk refuses, nothing has changed.
task<result<std::shared_ptr<const app_view>>> apply_edit(registry&, keeper&, std::string id, app_edit,
                                                         std::set<std::string> names);

} // namespace berth
