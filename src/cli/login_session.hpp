// Berth at login: what login_item.hpp writes, put where the system looks for it, and the system told.
//
// On Linux the unit and its link among what the user's own systemd starts are files that Berth writes itself, so that
// it works where no systemd runs at the moment; one that runs is told. With lingering, it starts at boot and outlives
// the log-out. On macOS launchd reads the folder at each login, and needs not be told.
#pragma once

#include "cli/session.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace berth::cli {

struct login_state {
    bool starts_it = false; // the system can start it at once, see start_at_login()
};

/// Says on stderr what it has done and what it could not. Fails when the files cannot be written, or are somebody's
/// own.
task<outcome<login_state>> join_login(session&, std::vector<std::string> command, std::filesystem::path root);
/// The same; that there is nothing to remove is no failure. What runs, runs on.
task<outcome<>> leave_login(session&);

/// Has the system start it, and waits until it answers.
task<outcome<>> start_at_login(session&);

} // namespace berth::cli
