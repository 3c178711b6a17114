// Shows an address in the user's browser: $BROWSER, else xdg-open (open on macOS). No shell: the address is an
// argument.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

/// Pure: the command of $BROWSER, a list separated by colons of which the first is taken, with the address in place of
/// each %s, or at the end. Empty: nothing is set.
std::vector<std::string> browser_command(std::string_view browser, const std::string& address);

/// True when an opener took the address: it runs on, or ended well within 2 s. Blocks as long, at most. What it prints
/// is dropped, and it outlives this process.
bool open_address(const std::string& address);

} // namespace berth::cli
