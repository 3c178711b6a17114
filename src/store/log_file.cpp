#include "store/log_file.hpp"

#include "core/names.hpp"
#include "core/uninterrupted.hpp"
#include "store/file_system.hpp"
#include "store/root_folder.hpp"

#include <fcntl.h>

#include <cerrno>

namespace berth {

namespace fs = std::filesystem;

fs::path log_path(const fs::path& root, const std::string& id, log_stream stream) {
    return root / "logs" / ("orch-" + id + (stream == log_stream::error ? "-error.log" : "-out.log"));
}

result<open_log> open_log_file(const fs::path& root, const std::string& id, log_stream stream, log_part part) {
    if (!is_id(id))
        return error{errc::app_not_found, "No app has the id \"" + to_utf8(id) + "\"."};
    open_log log{{}, log_path(root, id, stream)};
    if (part == log_part::archive)
        log.path += archive_suffix;
    auto name = log.path.filename().native();
    auto folder = open_folder(AT_FDCWD, (root / "logs").c_str());
    if (!folder) {
        if (errno == ENOENT)
            return log;
        return storage_error("open", root / "logs", last_error());
    }
    log.fd = unique_fd(uninterrupted(
        [&] { return ::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
    if (!log.fd && errno == ELOOP)
        return error{errc::storage_failed, log.path.native() + " is a symbolic link; Berth does not follow it."};
    if (!log.fd && errno != ENOENT)
        return storage_error("open", log.path, last_error());
    return log;
}

std::uint64_t identity(const struct stat& s) {
    // An odd factor (2^64 / golden ratio) spreads the device over all bits; inode and device alone are small numbers.
    auto mixed = static_cast<std::uint64_t>(s.st_ino) ^ (static_cast<std::uint64_t>(s.st_dev) * 0x9e3779b97f4a7c15u);
    return mixed ? mixed : 1;
}

result<struct stat> look_at(const open_log& log) {
    struct stat s;
    if (::fstat(log.fd.get(), &s) < 0)
        return storage_error("look at", log.path, last_error());
    if (!S_ISREG(s.st_mode))
        return error{errc::storage_failed, log.path.native() + " is not a regular file; Berth does not read it."};
    return s;
}

std::int64_t modified_ms(const struct stat& s) {
#ifdef __APPLE__
    auto time = s.st_mtimespec;
#else
    auto time = s.st_mtim;
#endif
    return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

result<std::string> read_at(const open_log& log, std::uint64_t from, std::size_t max) {
    std::string bytes(max, '\0');
    std::size_t filled = 0;
    while (filled < max) {
        auto n = uninterrupted([&] {
            return ::pread(log.fd.get(), bytes.data() + filled, max - filled, static_cast<off_t>(from + filled));
        });
        if (n < 0)
            return storage_error("read", log.path, last_error());
        if (n == 0)
            break;
        filled += static_cast<std::size_t>(n);
    }
    bytes.resize(filled);
    return bytes;
}

} // namespace berth
