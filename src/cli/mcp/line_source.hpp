// Lines from a descriptor that another program writes to: a pipe, a socket, a terminal or a file. Lives on the
// command's reactor; reads ahead by no more than a line and a piece.
#pragma once

#include "core/line_splitter.hpp"
#include "core/task.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <deque>
#include <optional>
#include <string>

namespace berth::cli::mcp {

class line_source {
public:
    /// The descriptor stays its owner's; it is non-blocking while this lives, and as it was after. Of a line longer
    /// than `limit` bytes only so many come.
    line_source(asio::any_io_executor, int fd, std::size_t limit);
    ~line_source();
    line_source(const line_source&) = delete;
    line_source& operator=(const line_source&) = delete;

    /// Without its end, LF or CRLF; none at the end of them all.
    task<std::optional<std::string>> next();

private:
    int fd_;
    int flags_; // as they were
    asio::posix::stream_descriptor descriptor_;
    line_splitter splitter_;
    std::deque<std::string> lines_;
    bool ended_ = false;
};

} // namespace berth::cli::mcp
