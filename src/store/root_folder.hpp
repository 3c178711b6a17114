// The root as Berth needs it: its folders are there, are real folders, can be written to, and are nobody else's. Made
// once, at start, before the reactor runs (so it may block).
//
// Nobody else's: an flock on .berth/lock, held as long as this object lives. The kernel frees it when the process ends,
// in whatever way; a lock file whose mere existence counts would have to be cleaned up after a crash. The file's text
// (core/lock_text.hpp) is there for a second server to read out, and for `berth down`, which ends whoever has the lock.
#pragma once

#include "core/task.hpp"
#include "core/unique_fd.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace berth {

class root_folder {
public:
    /// Creates what is missing, root included, and takes the lock. Every failure says what to do.
    static result<root_folder> open(const std::filesystem::path&);

    /// Absolute, without symbolic links: what /proc/<pid>/cwd says of an app's processes begins with it.
    const std::filesystem::path& path() const noexcept { return path_; }

    /// What a second server on this root will say of this one. Any thread, one call at a time.
    void announce(std::string_view url);

private:
    root_folder(std::filesystem::path path, unique_fd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

    std::filesystem::path path_;
    unique_fd lock_;
};

/// Opens the folder of this name inside another (AT_FDCWD: anywhere), never through a symbolic link. Fails with errno.
unique_fd open_folder(int parent, const char* name) noexcept;

} // namespace berth
