// A command as somebody typed it for --scaffold, cut into words without a shell. Pure.
#pragma once

#include "core/task.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace berth {

/// By the shell's quoting rules (POSIX.1-2017, XCU 2.2): backslash, single quotes, double quotes. What a shell would do
/// beyond that (variables, globs, pipes, `;`) is not done: outside of quotes, characters that would mean it are
/// errc::invalid_request, as the command would not do what its writer expects. Inside double quotes `$` and backquotes
/// are errors too. At least one word.
result<std::vector<std::string>> split_command(std::string_view);

} // namespace berth
