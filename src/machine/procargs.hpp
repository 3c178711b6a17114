// What macOS tells of a process's arguments and environment (sysctl KERN_PROCARGS2): the number of arguments (an int of
// the machine), the path of the program, NULs up to a word's boundary, the arguments, the variables, each
// NUL-terminated. An empty one ends the variables; what follows is the loader's. Pure.
#pragma once

#include <string_view>

namespace berth {

/// The variables, NUL-terminated each; empty where there are none, as of another user's process.
std::string_view variables_in(std::string_view procargs);

} // namespace berth
