// One file's content, mode and times, from one descriptor to another. Blocks: worker threads only.
#pragma once

#include <sys/stat.h>

#include <array>
#include <atomic>
#include <ctime>

namespace berth {

/// Shares the blocks until one of the two is written. False, with nothing done: the file system cannot, or the two lie
/// on different ones.
bool clone_file(int from, int to) noexcept;

/// From where both stand to the end of `from`. Fails with errno; ends early, and fails, once `stop` is true.
bool copy_bytes(int from, int to, const std::atomic<bool>& stop) noexcept;

/// Of last access and of last change of content, as utimensat takes them.
std::array<timespec, 2> times_of(const struct stat&) noexcept;

/// Permissions without set-user-id and set-group-id (the copy is ours, whoever the original's owner is), and the times.
/// Fails with errno.
bool keep_mode_and_times(int file, const struct stat&) noexcept;

} // namespace berth
