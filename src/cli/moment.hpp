// A moment as people type it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace berth::cli {

/// "90s", "10m", "2h", "1d": so long before now_ms. "14:30", "14:30:05": the last time that it was so late here.
/// "2026-01-31", "2026-01-31T14:30", "2026-01-31 14:30:05": here, or with a "Z" in UTC. In ms since 1970; none: it is
/// nothing of these.
std::optional<std::int64_t> parse_moment(std::string_view text, std::int64_t now_ms);

} // namespace berth::cli
