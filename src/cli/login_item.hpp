// What starts Berth at login, as the system's own files: a systemd user unit (systemd.unit(5), systemd.syntax(7)) and a
// launchd agent (launchd.plist(5)). Pure.
//
// Both restart it after a crash and not after `berth down`, and neither touches pm2's daemon when Berth ends: it sits
// in the unit's control group, and the apps are to run on.
#pragma once

#include "cli/failure.hpp"

#include <string>
#include <utility>
#include <vector>

namespace berth::cli {

struct login_item {
    std::vector<std::string> command;                           // the program by its absolute path, and its arguments
    std::vector<std::pair<std::string, std::string>> variables; // of its environment
};

/// Fails when a word cannot be written in such files at all: control characters, or bytes that are not UTF-8.
outcome<> check_login_item(const login_item&);

std::string systemd_unit(const login_item&);
/// `log`: where it says what it says before it has its own log.
std::string launchd_agent(const login_item&, const std::string& log);

/// The agent's name for launchd, and of its file, with ".plist".
inline constexpr const char* launchd_label = "dev.berth.server";

/// Of a file that `berth up --at-login` wrote; another is somebody's own.
bool is_our_login_item(std::string_view text);

} // namespace berth::cli
