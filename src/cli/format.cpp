#include "cli/format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace berth::cli {

std::string duration_text(std::chrono::milliseconds given) {
    auto seconds = std::max<long long>(0, std::chrono::duration_cast<std::chrono::seconds>(given).count());
    auto two = [](long long big, char big_unit, long long small, char small_unit) {
        return small == 0 ? fmt::format("{}{}", big, big_unit)
                          : fmt::format("{}{} {}{}", big, big_unit, small, small_unit);
    };
    if (seconds < 60)
        return fmt::format("{}s", seconds);
    if (seconds < 3600)
        return two(seconds / 60, 'm', seconds % 60, 's');
    if (seconds < 86'400)
        return two(seconds / 3600, 'h', seconds % 3600 / 60, 'm');
    return two(seconds / 86'400, 'd', seconds % 86'400 / 3600, 'h');
}

std::string memory_text(long long megabytes) {
    if (megabytes < 1024)
        return fmt::format("{} MB", megabytes);
    return fmt::format("{:.1f} GB", static_cast<double>(megabytes) / 1024);
}

std::string percent_text(double percent) { return fmt::format("{:.1f}%", percent); }

} // namespace berth::cli
