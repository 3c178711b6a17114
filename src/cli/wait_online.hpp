// Waiting for an app that has been started to be online, over the WebSocket.
#pragma once

#include "cli/session.hpp"

namespace berth::cli {

enum class prospect { online, hopeless, open };

/// Pure. Hopeless: errored, or stopped with nothing under way. `unknown` is open, for it passes when pm2 answers again.
prospect prospect_of(const listed_app&);

/// The app once it is online. Fails when it has no prospect any more, is deleted, or is not online in time; the text
/// holds the app's own reason.
task<outcome<listed_app>> wait_until_online(session&, listed_app, std::chrono::seconds timeout);

} // namespace berth::cli
