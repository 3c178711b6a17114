#include "net/mcp/event_log.hpp"

#include "net/http/text.hpp"

#include <algorithm>

namespace berth::net::mcp {

std::string to_text(const event_place& p) { return std::to_string(p.stream) + '-' + std::to_string(p.after); }

std::optional<event_place> parse_place(std::string_view text) {
    constexpr auto most = std::uint64_t{1} << 53;
    auto dash = text.find('-');
    if (dash == text.npos)
        return {};
    auto stream = parse_number(text.substr(0, dash), most);
    auto after = parse_number(text.substr(dash + 1), most);
    if (!stream || !after)
        return {};
    return event_place{*stream, *after};
}

void event_log::add(std::uint64_t stream, std::string message, bool response) {
    bytes_ += message.size();
    kept_.push_back({++newest_, stream, std::move(message), response});
    trim();
}

void event_log::trim() {
    while (kept_.size() > 1 && (kept_.size() > most_events || bytes_ > most_bytes)) {
        auto last = std::prev(kept_.end());
        auto oldest = std::find_if(kept_.begin(), last, [](auto& e) { return !e.response; });
        if (oldest == last)
            oldest = kept_.begin();
        bytes_ -= oldest->message.size();
        kept_.erase(oldest);
    }
}

std::string event_log::take(event_place& at) const {
    std::string text;
    for (auto& e : kept_) {
        if (e.stream != at.stream || e.number <= at.after)
            continue;
        at.after = e.number;
        text += "id: " + to_text(at) + "\ndata: " + e.message + "\n\n";
    }
    return text;
}

std::string priming_event(const event_place& at) { return "id: " + to_text(at) + "\ndata:\n\n"; }

} // namespace berth::net::mcp
