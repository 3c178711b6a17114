// Log files, as the network side sees them: excerpts, ranges and downloads of logs/orch-<id>-{out,error}.log. Implemented
// by src/store; every read is done on the worker pool.
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
    std::uint64_t file =
        0; // identity (inode and device, mixed): another file under the same name has another; 0: no file
    std::uint64_t size = 0; // of the file, bytes
    std::uint64_t from = 0; // offset of the first byte
    std::string bytes;      // as in the file, possibly not UTF-8
};

/// Which lines of a log are asked for.
struct log_query {
    std::size_t lines = 200;            // at most 10,000
    std::optional<std::uint64_t> after; // the first ones from this offset on; none: the last ones of the file
    std::string grep;                   // only those that hold it, byte for byte
};

struct log_excerpt {
    std::string bytes;      // as in the file, possibly not UTF-8
    std::uint64_t next = 0; // the offset to go on from: what stands before it was either given or is not wanted
};

class log_files {
public:
    virtual ~log_files() = default;

    /// At most 1 MiB of lines. A file that is not there is an empty one. An `after` beyond the file's end means that the
    /// file was begun anew since: it is read from its start.
    virtual task<result<log_excerpt>> excerpt(std::string id, log_stream, log_query) = 0;

    /// Up to max bytes from the offset `from`. from beyond the end reads nothing (bytes empty, from as asked).
    virtual task<result<log_piece>> read(std::string id, log_stream, std::uint64_t from, std::size_t max) = 0;

    /// Only what the file is now: bytes empty.
    virtual task<result<log_piece>> look(std::string id, log_stream) = 0;
};

} // namespace berth
