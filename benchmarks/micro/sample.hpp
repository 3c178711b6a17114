// Twenty apps as they are in use: the manifest's entries, and the line that the bridge sends for pm2's table.
#pragma once

#include "core/manifest.hpp"
#include "core/process_manager.hpp"

#include <string>

namespace berth::micro {

inline constexpr int app_count = 20;

/// Online, with ports from 3101 on.
manifest sample_manifest();
/// The bridge's answer to a list with these apps, less the newline.
std::string sample_line();
/// That line, decoded.
pm2_table sample_table();

} // namespace berth::micro
