// Where this program lies.
#pragma once

#include <filesystem>

namespace berth::cli {

/// The file it was started from, absolute; where an update has taken its place, the update. Only its name, for PATH to
/// find, where the system does not tell.
std::filesystem::path own_program();

} // namespace berth::cli
