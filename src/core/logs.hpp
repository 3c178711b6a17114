// Log files, as the network side sees them: tails, ranges and downloads of logs/orch-<id>-{out,error}.log. Implemented
// by src/store; every read is done on the worker pool.
#pragma once

#include "core/task.hpp"

#include <cstdint>
#include <memory>
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

class log_files {
public:
    virtual ~log_files() = default;

    /// The last `lines` lines (at most 10,000) and at most 1 MiB, read from the end of the file. A file that is
    /// not there is an empty text. Invalid UTF-8 is kept: the caller replaces it.
    virtual task<result<std::string>> tail(std::string id, log_stream, std::size_t lines) = 0;

    /// Up to max bytes from the offset `from`. from beyond the end reads nothing (bytes empty, from as asked).
    virtual task<result<log_piece>> read(std::string id, log_stream, std::uint64_t from, std::size_t max) = 0;

    /// Only what the file is now: bytes empty.
    virtual task<result<log_piece>> look(std::string id, log_stream) = 0;
};

} // namespace berth
