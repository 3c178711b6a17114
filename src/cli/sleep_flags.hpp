// What `berth serve` is told about sleep: spec section 15. Pure.
#pragma once

#include "cli/failure.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace berth::cli {

/// "90s", "30m" or "1h", up to a year; none for "never". Fails with exit_code::usage, saying what is possible.
outcome<std::optional<std::chrono::seconds>> parse_sleep_after(std::string_view);

/// "10" or "10%": 0 to 100. Fails with exit_code::usage, saying what is possible.
outcome<int> parse_memory_floor(std::string_view);

} // namespace berth::cli
