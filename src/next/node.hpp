// Which Node.js runs the bridge and, as npm's, every app: the user's own, unless it is too old for Next and there is
// another in the checkout (scripts/run installs one there where the system's is too old).
#pragma once

#include <filesystem>
#include <string_view>

namespace berth {

/// "v20.9.0" or later: what Next needs.
bool is_new_enough(std::string_view node_version) noexcept;

/// Puts `folder` before this process's PATH when it holds a node and the one in PATH is too old or missing. Blocks for
/// the 20 ms that a node takes to say its version, only where there is a choice. For the start, before there are
/// threads.
void choose_node(const std::filesystem::path& folder);

} // namespace berth
