// .berth/activity.jsonl: what happened, an entry a line, oldest first:
// {"id": 1769869800000, "at": 1769869800000, "app": "abc1234567", "name": "shop", "kind": "online", "text": "…"}
//
// Lines are appended, so that an entry costs one small write; when there are twice as many as are kept, the last of
// them are written beside it and renamed over it. Rejected: rewriting it each time (half a megabyte for a line), and a
// database. Entries outlive a kill of Berth, not a power cut: no entry is worth an fsync. A line that a crash has torn,
// or that somebody has written into it, is left out.
//
// The reactor only queues; one job at a time, on the pool, takes what has gathered. What the disk refuses stays in the
// queue and is tried again with the next entries; of more than most_activity the oldest go, which the file would not
// keep either. That it does not go well is said once in the log.
#pragma once

#include "core/activity_log.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>
#include <string_view>

namespace berth {

/// `home` is the reactor, where all is called; the pool is joined before it goes. The file's folder is there.
std::unique_ptr<activity_store> create_activity_file(asio::any_io_executor home, asio::any_io_executor pool,
                                                     std::filesystem::path);

/// The entries of a file's text, in the order of their ids, the last most_activity of them: lines that are none of ours
/// are left out. Pure.
std::vector<activity_entry> parse_activity(std::string_view text);

} // namespace berth
