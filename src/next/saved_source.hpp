// A dev server hears of a save a moment after it: asked in that moment, it tells of the source as it was. What it
// points at gives that away.
#pragma once

#include "core/page.hpp"

#include <chrono>
#include <filesystem>

namespace berth {

/// How long a dev server may take to hear of a save.
inline constexpr std::chrono::seconds hears_within{3};

/// False: the file was saved a moment ago, and the line that the frame points at ("> 70 | <p>") is not what stands
/// there now. True where that cannot be told. Asks the disk; `directory` is what a relative file lies in.
bool is_of_saved_source(const page_issue&, const std::filesystem::path& directory);

} // namespace berth
