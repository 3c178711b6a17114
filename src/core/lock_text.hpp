// What stands in the lock of a root, "pid\nurl\n", for whoever finds it locked. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth {

struct lock_text {
    int pid = 0;
    std::string url = {}; // http://localhost:<port>; empty until the server can be reached
    bool operator==(const lock_text&) const = default;
};

std::string to_text(const lock_text&);
/// None when it begins with no pid: it was read while it was written, or is somebody else's.
std::optional<lock_text> parse_lock_text(std::string_view);

} // namespace berth
