// How long a test waits before it calls something hung.
#pragma once

#include <chrono>

namespace berth::test {

/// What is plenty for the program as it is, and ten times that for one that a sanitizer slows down.
constexpr std::chrono::seconds patience(std::chrono::seconds plenty) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    return plenty * 10;
#else
    return plenty;
#endif
}

} // namespace berth::test
