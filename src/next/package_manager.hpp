// Which package manager a project is for, and what it is told. Pure rules: who calls has looked at the folder.
//
// A lock file says it best, as it is what the last install was made with; `packageManager` of package.json (the field
// that corepack reads) decides where there is none, or more than one kind.
#pragma once

#include "core/task.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

enum class package_manager { npm, pnpm, yarn, bun };

inline constexpr std::array all_package_managers{package_manager::npm, package_manager::pnpm, package_manager::yarn,
                                                 package_manager::bun};

/// Its program, and the name that `packageManager` has for it: "npm".
std::string_view name_of(package_manager) noexcept;
/// The names that its lock files have.
std::span<const std::string_view> lock_files(package_manager) noexcept;

/// What one folder says. `names`: the files in it (others than lock files do no harm). `declared`: `packageManager` of
/// its package.json, "pnpm@9.1.0+sha224.…". None: it says nothing; a package of a monorepo is then told by the folder
/// above it, and a project on its own is npm's.
std::optional<package_manager> find_package_manager(std::span<const std::string> names,
                                                    const std::optional<std::string>& declared);

/// Installs what package.json asks for; by the lock file, which stays as it is, where there is one of this manager
/// (`locked`). Yarn has no word for that which all its versions know, and is left to its own rules.
std::vector<std::string> install_command(package_manager, bool locked);

/// Runs a script of package.json and hands it the words after it: npm passes on only what follows "--", and the others
/// would pass on the "--" too.
std::vector<std::string> run_command(package_manager, std::string_view script, std::span<const std::string> words = {});

/// A sentence for people without it: "pnpm is not installed: npm install -g pnpm".
std::string how_to_get(package_manager);

} // namespace berth
