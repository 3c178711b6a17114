// A question to the person at the terminal.
#pragma once

#include "core/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <string>
#include <string_view>

namespace berth::cli {

/// The line typed in answer, without its end; empty when the input ends, or there is no terminal. It waits for a
/// person, so it has no deadline: Ctrl-C ends it. Asked on /dev/tty, opened anew, because asio makes its descriptors
/// non-blocking, and stdin is shared with the shell.
task<std::string> ask_on_terminal(asio::any_io_executor, std::string question);

/// Pure: y or yes, in any case, with or without space around it.
bool means_yes(std::string_view answer);

} // namespace berth::cli
