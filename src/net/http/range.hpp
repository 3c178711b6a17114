// The part of a file that a client asks for: RFC 9110, section 14. Pure.
#pragma once

#include "core/task.hpp"

#include <cstdint>
#include <string_view>

namespace berth::net {

struct file_part {
    std::uint64_t from = 0, size = 0; // bytes
    bool partial = false;             // the answer is a 206
};

/// `range`: the header's value, or empty. The whole file for what the RFC lets a server pass over: no Range, another
/// unit, several ranges at once, a malformed one. errc::range_not_satisfiable: it begins beyond the end.
result<file_part> choose_range(std::string_view range, std::uint64_t size);

} // namespace berth::net
