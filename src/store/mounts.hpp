// What is mounted where, as far as a removal must know it: nothing that is mounted inside an app's folder is the app's.
//
// Told by the mount's own id and not by the device's number: a bind mount has the number of the file system it shows,
// so whoever compares numbers (rm --one-file-system, fts, nftw) walks into it and empties what it shows.
//
// Any thread; blocks no longer than a read of /proc.
#pragma once

#include "core/task.hpp"
#include "core/unique_fd.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

/// The mount that the open file lies on; none when the system does not say. On macOS, which has no bind mounts, the
/// device.
std::optional<std::uint64_t> mount_of(int fd);

/// Opens the folder of this name inside another, never through a symbolic link, nor on another mount than `mount`.
/// Fails with errno; EXDEV: something is mounted there.
unique_fd open_on_mount(int parent, const char* name, std::uint64_t mount);

struct mount_point {
    std::filesystem::path at;
    std::string what; // the device or the server, and for a bind mount the folder on it
};

/// Of the text of /proc/self/mountinfo: proc(5).
std::vector<mount_point> parse_mountinfo(std::string_view text);

/// What is mounted at the folder or somewhere inside of it, as this process sees it; `folder` is absolute and holds no
/// symbolic links.
result<std::vector<mount_point>> mounts_in(const std::filesystem::path& folder);

} // namespace berth
