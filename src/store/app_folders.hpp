// The folders and log files of apps that go. Removing 24,000 files takes seconds, so a folder is only renamed here,
// into .berth/trash/, and trash.hpp takes it from there.
//
// Every path is walked from the root one folder at a time, never through a symbolic link, and the name is an id:
// whatever somebody put into created-apps/, nothing outside of it is ever touched.
//
// Blocks: worker threads only.
#pragma once

#include "core/task.hpp"

#include <filesystem>
#include <string>

namespace berth {

/// See storage::check_removable.
result<> check_removable(const std::filesystem::path& root, const std::string& id);

/// See storage::trash_app. The rename is on the disk when this returns.
result<> trash_app(const std::filesystem::path& root, const std::string& id);

/// Removes orch-<id>-out* and orch-<id>-error* from logs/: the two files, and those that pm2-logrotate made of them.
result<> remove_logs(const std::filesystem::path& root, const std::string& id);

} // namespace berth
