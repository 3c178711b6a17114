#include "cli/mcp/line_source.hpp"

#include <fcntl.h>

#include <array>

namespace berth::cli::mcp {

line_source::line_source(asio::any_io_executor executor, int fd, std::size_t limit)
    : fd_(fd), flags_(::fcntl(fd, F_GETFL)), descriptor_(executor, fd), splitter_(limit, line_splitter::overlong::cut) {
}

line_source::~line_source() {
    descriptor_.release();
    ::fcntl(fd_, F_SETFL, flags_); // others may share it, a shell its terminal
}

task<std::optional<std::string>> line_source::next() {
    auto keep = [this](std::string_view line) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines_.emplace_back(line);
    };
    std::array<char, 64 * 1024> room;
    auto buffer = asio::buffer(room);
    while (lines_.empty() && !ended_) {
        auto [failed, read] = co_await descriptor_.async_read_some(buffer, as_result);
        ended_ = failed.failed();
        splitter_.feed({room.data(), read}, keep);
        if (ended_)
            splitter_.end(keep);
    }
    std::optional<std::string> line;
    if (!lines_.empty()) {
        line = std::move(lines_.front());
        lines_.pop_front();
    }
    co_return line;
}

} // namespace berth::cli::mcp
