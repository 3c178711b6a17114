// Keeps a log bounded while pm2 goes on writing it, without a byte lost or read twice: what it holds is copied to an
// archive beside it (".1"), then taken off its front.
//
// pm2 keeps the file open for append, so the file must stay the same one. Linux takes blocks off the front of a file in
// one step with its appends (FALLOC_FL_COLLAPSE_RANGE: ext4, XFS, F2FS); the last, unfinished block stays and begins
// the new file. Elsewhere the file is emptied right after its last byte was copied: what is written in the microseconds
// between is lost.
//
// Rejected: renaming the file and pm2's reloadLogs. It destroys the streams with what waits in them, throws away what
// an app writes to stderr until its stdout is open again, and reopens the logs of everything else the user runs in pm2.
//
// A crash between the archive and the cut leaves the same text in both; the next rotation replaces the archive.
//
// Any thread: whoever reads sees a file before or after its cut. What is remembered of a rotation, its followers need
// only while they live; it is not kept over a restart.
#pragma once

#include "core/logs.hpp"
#include "store/log_arrivals.hpp"

#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

namespace berth {

class log_rotation {
public:
    explicit log_rotation(std::filesystem::path root) : root_(std::move(root)) {}

    // See berth::log_files. Blocking. One rotate() at a time.
    result<log_excerpt> excerpt(const std::string& id, log_stream, log_query);
    result<log_piece> read(const std::string& id, log_stream, std::uint64_t file, std::uint64_t from, std::size_t max);
    result<bool> rotate(const std::string& id, log_stream, std::uint64_t limit);
    void stop() { stopped_ = true; }

private:
    using clock = std::chrono::steady_clock;
    struct last_rotation {
        std::uint64_t base = 0; // identity of the file on the disk
        std::uint64_t count = 0;
        std::uint64_t before = 0;           // identity that readers know it by until this rotation
        std::uint64_t moved = 0;            // bytes, all of them in the archive
        clock::time_point archive_wanted{}; // when somebody read that last
    };
    using key = std::pair<std::string, log_stream>;

    std::uint64_t known_as(const key&, std::uint64_t base) const;
    bool archive_is_read(const key&) const;
    log_arrivals note_arrivals(const key&, const struct stat&);

    const std::filesystem::path root_;
    std::atomic<bool> stopped_ = false;
    mutable std::shared_mutex mutex_; // exclusive: while a file is cut
    mutable std::mutex last_mutex_;   // of archive_wanted, which readers write
    std::map<key, last_rotation> last_;
    std::mutex arrivals_mutex_;
    std::map<key, log_arrivals> arrivals_; // noted at each rotate(), also when nothing is rotated
};

/// How many of the first `size` bytes may be cut off: whole blocks, less than `size`, and not within a character where
/// that can be had (which is looked for in the last 16 blocks). `byte_at` reads one byte of the file.
std::uint64_t whole_blocks(std::uint64_t size, std::uint64_t block, const std::function<char(std::uint64_t)>& byte_at);

} // namespace berth
