// Where the store meets the disk: the few POSIX calls that a durable write is made of, and no more. Everything that
// must survive a power cut (manifest, backups, journal) is written through this seam, so that a test can fail each call
// in turn and forget what was never synced. Code that needs no such proof (log files, app folders) uses POSIX itself.
//
// Calls block: worker threads only, never the reactor. An error is the call's errno; storage_error() makes words of it.
#pragma once

#include "core/task.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct stat;

namespace berth {

template <class T = void>
using os_result = boost::system::result<T>;

/// What tells one state of a file from another without reading it.
struct file_facts {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;       // bytes
    std::uint32_t mode = 0;       // permissions
    std::int64_t modified_ns = 0; // since 1970
    bool operator==(const file_facts&) const = default;
};

/// Of what stat(2) said.
file_facts facts_of(const struct ::stat&);

class file_system {
public:
    virtual ~file_system() = default;

    /// A new, empty file for writing; EEXIST when there is anything of that name, a symbolic link included.
    virtual os_result<int> create(const std::filesystem::path&) = 0;
    /// May write less than given, as write(2).
    virtual os_result<std::size_t> write(int file, std::string_view) = 0;
    /// `mode`: permissions alone.
    virtual os_result<> set_mode(int file, std::uint32_t mode) = 0;
    /// Returns when the file's content is on the disk.
    virtual os_result<> sync(int file) = 0;
    virtual os_result<file_facts> look(int file) = 0;
    /// The descriptor is gone whatever is returned.
    virtual os_result<> close(int file) = 0;

    /// Replaces `to`, in one step.
    virtual os_result<> rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    /// A second name for the same file; a symbolic link `from` is followed. EEXIST when there is a `to`.
    virtual os_result<> link(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    virtual os_result<> unlink(const std::filesystem::path&) = 0;
    /// The file that a symbolic link of this name leads to, whether it is there or not; without a link, what was given.
    virtual os_result<std::filesystem::path> follow(const std::filesystem::path&) = 0;
    /// Returns when the folder's names (created, renamed, unlinked) are on the disk.
    virtual os_result<> sync_folder(const std::filesystem::path&) = 0;

    /// Follows symbolic links.
    virtual os_result<file_facts> look(const std::filesystem::path&) = 0;
    /// The whole file; EFBIG when it is larger than max_file_size.
    virtual os_result<std::string> read(const std::filesystem::path&) = 0;
    /// Names in the folder, in no order, without "." and "..".
    virtual os_result<std::vector<std::string>> list(const std::filesystem::path&) = 0;
};

/// 16 MiB: a thousand times the manifest of 20 apps. Whatever is larger is none of ours.
inline constexpr std::size_t max_file_size = std::size_t{16} << 20;

/// The machine's own.
std::unique_ptr<file_system> create_file_system();

/// errc::storage_failed: "Could not <verb> <path>: <the system's reason>."
error storage_error(std::string_view verb, const std::filesystem::path&, const boost::system::error_code&);

/// What errno says now.
boost::system::error_code last_error() noexcept;

} // namespace berth
