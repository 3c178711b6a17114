// Server-sent events, as the HTML standard reads them (9.2.6), from bytes that come in any pieces. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli::mcp {

class event_reader {
public:
    /// The data of the events that are complete with these bytes. An event without data, a comment, and what the
    /// stream ends in the middle of are none.
    std::vector<std::string> feed(std::string_view bytes);

    /// What to ask for the stream's continuation with; empty: it cannot be continued.
    const std::string& last_id() const { return last_id_; }
    /// How long to wait before that, where the server has said so.
    std::optional<std::chrono::milliseconds> retry() const { return retry_; }

    /// Bytes of the event that is not complete yet, for the caller to bound.
    std::size_t pending() const { return line_.size() + data_.size(); }

private:
    void end_line(std::vector<std::string>& events);
    void field(std::string_view name, std::string_view value);

    std::string line_, data_, last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool any_data_ = false;
    bool after_cr_ = false; // a line feed then belongs to the line end before it
};

} // namespace berth::cli::mcp
