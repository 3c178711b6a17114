#include "core/lock_text.hpp"

#include <charconv>

namespace berth {

std::string to_text(const lock_text& lock) {
    return std::to_string(lock.pid) + '\n' + lock.url + (lock.url.empty() ? "" : "\n");
}

std::optional<lock_text> parse_lock_text(std::string_view text) {
    lock_text lock;
    auto end = text.find('\n');
    if (end == text.npos)
        return std::nullopt;
    auto [stopped, failed] = std::from_chars(text.data(), text.data() + end, lock.pid);
    if (failed != std::errc() || stopped != text.data() + end || lock.pid <= 0)
        return std::nullopt;
    text.remove_prefix(end + 1);
    if (end = text.find('\n'); end != text.npos) // else it is cut off
        lock.url = text.substr(0, end);
    return lock;
}

} // namespace berth
