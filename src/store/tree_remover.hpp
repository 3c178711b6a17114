// Removes a tree of files as `rm -rf` does, and nothing else: never through a symbolic link, never on another mount
// than the one it began on, and never above it. One folder at a time is opened, relative to the one above it and by its
// descriptor from then on, so whatever is renamed, linked or mounted meanwhile, what is removed was in the tree.
//
// Rejected: rm itself (--one-file-system knows devices, not mounts), and openat2 with RESOLVE_NO_XDEV (Linux 5.6;
// asking an open folder for its mount costs a microsecond, and is as sure).
//
// Blocks for as long as it takes (24,000 files: a second): a thread of its own.
#pragma once

#include "core/task.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace berth {

/// What stays of what was to go.
struct kept_file {
    std::string path; // relative to the folder that was emptied
    int reason;       // errno; EXDEV or EBUSY: something is mounted there
};

/// Removes what is in the open folder, which stays. Everything that can go goes; of each entry of the folder, the first
/// file that could not is returned. Ends early once `stop` is true.
std::vector<kept_file> empty_folder(int folder, const std::atomic<bool>& stop);

/// "is a mount point", "Permission denied": for people, after the path.
std::string why_kept(const kept_file&);

} // namespace berth
