// One log file, opened for reading: logs/orch-<id>-{out,error}.log, or its archive, which has a ".1" behind that.
// Opened inside logs/, never through a symbolic link; only a regular file is read (a FIFO would hold the worker).
// Blocks.
#pragma once

#include "core/logs.hpp"
#include "core/unique_fd.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace berth {

inline constexpr std::string_view archive_suffix = ".1";

enum class log_part { current, archive };

struct open_log {
    unique_fd fd; // none: there is no such file
    std::filesystem::path path;
};

std::filesystem::path log_path(const std::filesystem::path& root, const std::string& id, log_stream);

result<open_log> open_log_file(const std::filesystem::path& root, const std::string& id, log_stream,
                               log_part = log_part::current);

/// Fails where it is not a regular file.
result<struct stat> look_at(const open_log&);

/// Never 0: that stands for "no file".
std::uint64_t identity(const struct stat&);

/// When it was last written, ms since 1970.
std::int64_t modified_ms(const struct stat&);

/// Up to max bytes from an offset; fewer at the end of the file, wherever that is by now.
result<std::string> read_at(const open_log&, std::uint64_t from, std::size_t max);

} // namespace berth
