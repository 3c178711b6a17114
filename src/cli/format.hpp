// Figures for people. Pure.
#pragma once

#include <chrono>
#include <string>

namespace berth::cli {

/// The two largest units: "42s", "3m 5s", "2h 5m", "3d 4h". Less than a second, and a clock that went back, are "0s".
std::string duration_text(std::chrono::milliseconds);

/// "87 MB", "1.4 GB" (of 1,024 MB).
std::string memory_text(long long megabytes);

/// "3.2%".
std::string percent_text(double);

} // namespace berth::cli
