// Starts `berth serve` where no server runs. It outlives the command: a session of its own, what it says in
// <root>/.berth/serve.log.
#pragma once

#include "cli/session.hpp"

#include <filesystem>

namespace berth::cli {

/// Starts one for this root, on the session's port, and returns when it answers there. Of several commands that do so
/// at once one server comes up, as the root's lock decides, and all of them return. Fails with its last words when it
/// ends instead, and when it does not answer within 30 s.
task<outcome<>> start_server(session&, std::filesystem::path root);

} // namespace berth::cli
