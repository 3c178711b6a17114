// Waiting for an app that has been started to be online, over the WebSocket.
#pragma once

#include "cli/session.hpp"

namespace berth::cli {

enum class prospect { online, hopeless, open };

/// Pure. Hopeless: errored, or stopped with nothing under way. `unknown` is open, for it passes when pm2 answers again.
prospect prospect_of(const listed_app&);

/// That it sleeps, and how to wake it: what only asks for it does not.
failure still_asleep(const listed_app&);

/// The app once it is online. Fails when it has no prospect any more, is deleted, or is not online in time; the text
/// holds the app's own reason.
task<outcome<listed_app>> wait_until_online(session&, listed_app, std::chrono::seconds timeout);

/// An app that was just made, and the server's words for it.
struct new_app {
    listed_app app;
    std::string json;
};
struct after_start {
    bool wait = false;
    bool open = false; // waits too, where `wait` is set
    std::chrono::seconds timeout{60};
};
/// Prints it, once it is online where that was asked for.
task<outcome<int>> show_started(session&, new_app, after_start);

} // namespace berth::cli
