// Starts `berth serve` where no server runs. It outlives the command: a session of its own, and what it says in
// <root>/.berth/server.log, which it bounds itself. What it says before it has its root, and why it cannot start, goes
// through a pipe to this command.
#pragma once

#include "cli/session.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace berth::cli {

/// Starts one for this root, on the session's port and with these flags of serve, and returns when it answers there. Of
/// several commands that do so at once one server comes up, as the root's lock decides, and all of them return. Fails
/// with its last words when it ends instead, and when it does not answer within 30 s.
task<outcome<>> start_server(session&, std::filesystem::path root, std::vector<std::string> flags);

/// Waits for one that somebody else has started. Fails after 30 s.
task<outcome<>> await_server(session&);

/// Pure: the command of the server itself.
std::vector<std::string> server_command(const session&, const std::filesystem::path& root,
                                        const std::vector<std::string>& flags);

/// Absolute, and without "..": what a command was given, or its environment.
outcome<std::filesystem::path> absolute_root(const std::filesystem::path&);

} // namespace berth::cli
