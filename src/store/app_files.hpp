// What the store reads of an app: that it is there, what it said last. Opened inside the root, never
// through a symbolic link; only regular files are read (a FIFO would hold the worker).
//
// Blocks: worker threads only, side by side with all else.
#pragma once

#include "core/task.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace berth {

/// For all of these see berth::storage.
result<bool> has_package(const std::filesystem::path& root, const std::string& id);
bool has_folder(const std::filesystem::path& root, const std::string& id);
std::string last_output(const std::filesystem::path& root, const std::string& id, bool error, std::int64_t since_ms);
result<> prepare_logs(const std::filesystem::path& root);
std::vector<std::string> strays(const std::filesystem::path& root, const std::set<std::string>& known);
std::vector<std::string> stray_logs(const std::filesystem::path& root, const std::set<std::string>& known);

} // namespace berth
