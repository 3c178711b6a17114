// Log files behind core/logs.hpp. pm2 writes them, and somebody may truncate, rename or remove them at any moment: each
// call opens the file anew, looks at it, and takes what is there. Nothing is kept open between calls, so a removed
// file's disk space is never held, and another file is noticed by its identity. Berth's own rotation: log_rotation.hpp.
#pragma once

#include "store/log_file.hpp"

#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <memory>

namespace berth {

inline constexpr std::size_t max_tail_lines = 10'000;
inline constexpr std::size_t max_tail_bytes = std::size_t{1} << 20;
/// The most that one read() brings, whatever is asked.
inline constexpr std::size_t max_read_bytes = std::size_t{1} << 20;

/// `home` is the reactor; reads are done on the pool, side by side. The pool is joined before the reactor's io_context
/// goes.
std::unique_ptr<log_files> create_log_files(asio::any_io_executor home, asio::thread_pool&,
                                            const std::filesystem::path& root);

/// The work itself, blocking. See berth::log_files. Nothing that stands before the offset `begin` is read, unless the
/// file is shorter.
result<log_excerpt> read_excerpt(const std::filesystem::path& root, const std::string& id, log_stream, log_query,
                                 std::uint64_t begin = 0);
result<log_piece> read_piece(const std::filesystem::path& root, const std::string& id, log_stream, std::uint64_t from,
                             std::size_t max, log_part = log_part::current);

} // namespace berth
