// Which app a client means: by its id or its name. Pure.
#pragma once

#include "core/task.hpp"
#include "core/view.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace berth::net {

/// The app with this id, or else the one whose name is equal (name_key); null: there is none. A name that is also
/// another app's id means that other app.
std::shared_ptr<const app_view> find_app(const apps_view&, std::string_view id_or_name);

/// What to ask the orchestrator for: the app's id, or what could be the id of an app that is not shown yet.
/// errc::app_not_found for all else, which so never gets near a path.
result<std::string> app_id(const apps_view&, std::string_view id_or_name);

error no_app(std::string_view id_or_name);

} // namespace berth::net
