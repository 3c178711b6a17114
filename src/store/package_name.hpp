// The name of a package, written anew where package.json and npm's lock file have it, and nothing else touched: the
// files are somebody's, with their own order, indentation and line ends.
#pragma once

#include "core/task.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace berth {

/// The text with its top-level `name`, and that of packages[""] (package-lock.json), replaced. None: there is no such
/// name, or the text is no JSON. `name` needs no escapes. Pure.
std::optional<std::string> with_package_name(std::string_view json, std::string_view name);

/// In package.json, package-lock.json and npm-shrinkwrap.json of the open folder, where they are regular files; what is
/// not there, or holds no name, stays as it is. Blocks: worker threads only.
result<> name_package(int folder, std::string_view name);

} // namespace berth
