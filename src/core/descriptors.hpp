// What children must not inherit, where the system has no better way to say so
// (posix_spawn_file_actions_addclosefrom_np is glibc's; its like on macOS is POSIX_SPAWN_CLOEXEC_DEFAULT).
#pragma once

namespace berth {

/// Marks every open descriptor from `lowest` on as close-on-exec: those that came from whoever started Berth, and
/// sockets, which Asio opens without the mark.
void keep_from_children(int lowest);

/// The same by a walk through the open descriptors: for kernels before 5.11.
void keep_from_children_by_walking(int lowest);

} // namespace berth
