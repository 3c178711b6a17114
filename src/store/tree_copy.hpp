// Copies a project's folder: 24,000 files in less than a second, where they can be shared.
//
// A file is cloned where the file system can (FICLONE: the copy shares its blocks until one of them is written); else
// it is hard-linked if nobody writes it in place (shared_files.hpp), else copied. Where a link is refused (another file
// system, somebody else's file, too many links) it is copied. Modes and times are kept; symbolic links are copied as
// links and never followed; sockets, pipes and devices are left out; nothing is read that lies on another mount.
// Folders are opened one in another by descriptor: whatever is renamed or linked meanwhile, nothing outside of the two
// trees is read or written.
//
// Blocks for as long as it takes: a thread of its own, or a pool's.
#pragma once

#include "core/task.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace berth {

struct tree_copy_options {
    std::vector<std::string> leave_out; // names at the top of the tree
    bool may_link = true;               // false: the source is not ours; clones and copies only
};

struct tree_copy_figures {
    std::uint64_t entries = 0; // all that the copy holds: files, links, folders, but for the folder itself
    std::uint64_t cloned = 0, linked = 0, copied = 0; // files
};

/// Fills the folder `to`, which is empty, with what is in the folder `from` (descriptors, open for reading). What goes
/// away meanwhile is left out. On failure `to` holds a part, which is the caller's to remove: errc::cancelled once
/// `stop` is true; errc::storage_failed names the file and the reason.
result<tree_copy_figures> copy_tree(int from, int to, const tree_copy_options&, const std::atomic<bool>& stop);

struct tree_size {
    std::uint64_t entries = 0; // as tree_copy_figures has them
    std::uint64_t bytes = 0;   // on the disk, a file with several names counted whole
};
/// Of what is in the folder; ends early once `stop` is true. Fails with the file's name and the reason.
result<tree_size> measure_tree(int folder, const std::atomic<bool>& stop);

} // namespace berth
