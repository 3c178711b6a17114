// The time of day, in the two forms that the manifest and the API write.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace berth {

/// Milliseconds since 1970.
inline std::int64_t wall_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// ISO 8601, UTC, milliseconds: 2026-01-31T14:30:00.000Z.
std::string iso_time(std::int64_t ms);
/// Of what iso_time() writes, to the millisecond; none for anything else.
std::optional<std::int64_t> parse_iso_time(const std::string&);

} // namespace berth
