// What lies around the root that would mislead Next. An app must not sit inside another git repository or below
// somebody else's lock file: Next then takes that folder for the workspace and looks there for packages and sources,
// and create-next-app makes no repository for the app. Blocks: worker threads only.
#pragma once

#include "core/storage.hpp"

namespace berth {

/// The nearest such folder, the root itself or one above it: `root_inside_project`. `root` is absolute.
std::optional<problem> check_surroundings(const std::filesystem::path& root);

} // namespace berth
