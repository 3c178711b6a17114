#include "cli/mcp/event_reader.hpp"

#include <charconv>
#include <utility>

namespace berth::cli::mcp {

std::vector<std::string> event_reader::feed(std::string_view bytes) {
    std::vector<std::string> events;
    while (!bytes.empty()) {
        if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        auto end = bytes.find_first_of("\r\n");
        line_ += bytes.substr(0, end);
        if (end == bytes.npos)
            break;
        after_cr_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        end_line(events);
    }
    return events;
}

void event_reader::end_line(std::vector<std::string>& events) {
    auto line = std::exchange(line_, {});
    if (!line.empty()) {
        auto colon = line.find(':');
        auto name = std::string_view(line).substr(0, colon);
        auto value = colon == line.npos ? std::string_view() : std::string_view(line).substr(colon + 1);
        if (value.starts_with(' '))
            value.remove_prefix(1);
        field(name, value);
        return;
    }
    if (!data_.empty())
        events.push_back(std::move(data_));
    data_.clear();
    any_data_ = false;
}

void event_reader::field(std::string_view name, std::string_view value) {
    if (name == "data") {
        if (std::exchange(any_data_, true))
            data_ += '\n';
        data_ += value;
    } else if (name == "id" && value.find('\0') == value.npos) {
        last_id_ = value;
    } else if (name == "retry") {
        unsigned ms = 0;
        auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), ms);
        if (failed == std::errc() && end == value.data() + value.size())
            retry_ = std::chrono::milliseconds(ms);
    }
}

} // namespace berth::cli::mcp
