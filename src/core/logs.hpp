// Log files, as the network side sees them: excerpts, ranges and downloads of logs/orch-<id>-{out,error}.log.
// Implemented by src/store; every read is done on the worker pool.
#pragma once

#include "core/task.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace berth {

enum class log_stream { out, error };

/// A piece of a log file and what the file was when it was read.
struct log_piece {
    /// Identity (inode, device and rotations, mixed): another file under the same name has another, and so has the
    /// same one once its beginning was moved away. 0: no file.
    std::uint64_t file = 0;
    std::uint64_t size = 0; // of the file, bytes
    std::uint64_t from = 0; // offset of the first byte
    std::string bytes;      // as in the file, possibly not UTF-8
};

/// Which lines of a log are asked for.
struct log_query {
    std::size_t lines = 200;                 // at most 10,000
    std::optional<std::uint64_t> after = {}; // the first ones from this offset on; none: the last ones of the file
    std::string grep = {};                   // only those that hold it, byte for byte
    bool regex = false;                      // grep is a regular expression (RE2) instead
    /// Only what came after, ms since 1970, or may have: see store/log_arrivals.hpp.
    std::optional<std::int64_t> since = {};
};

struct log_excerpt {
    std::string bytes;      // as in the file, possibly not UTF-8
    std::uint64_t next = 0; // the offset to go on from: what stands before it was either given or is not wanted
};

class log_files {
public:
    virtual ~log_files() = default;

    /// At most 1 MiB of lines. A file that is not there is an empty one. An `after` beyond the file's end means that
    /// the file was begun anew since: it is read from its start. errc::invalid_request: `grep` is no such expression.
    virtual task<result<log_excerpt>> excerpt(std::string id, log_stream, log_query) = 0;

    /// Up to max bytes from the offset `from`. from beyond the end reads nothing (bytes empty, from as asked).
    virtual task<result<log_piece>> read(std::string id, log_stream, std::uint64_t from, std::size_t max) = 0;

    /// read() for one who has read of `file` (0: nothing yet) up to `from`. When that was rotated meanwhile, what is
    /// left of it comes first, from the archive and still under the old identity; then `from` is of the new file, and
    /// differs from what was asked.
    virtual task<result<log_piece>> read_on(std::string id, log_stream stream, std::uint64_t /*file*/,
                                            std::uint64_t from, std::size_t max) {
        return read(std::move(id), stream, from, max);
    }

    /// Moves what a file of at least `limit` bytes holds to the archive beside it (".1", in place of the last one).
    /// True: it did. Not while somebody still reads the last archive, unless the file is four times the limit.
    virtual task<result<bool>> rotate(std::string /*id*/, log_stream, std::uint64_t /*limit*/) { co_return false; }
    /// Cuts a rotation under way short, so that nobody waits for its copy; later ones do nothing.
    virtual void stop_rotating() {}

    /// Only what the file is now: bytes empty.
    virtual task<result<log_piece>> look(std::string id, log_stream) = 0;
};

} // namespace berth
