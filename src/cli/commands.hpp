// The commands that talk to a server: each is carried out by one coroutine, whose value is the exit code. They print
// through the session's console and own whatever they started until they return.
#pragma once

#include "cli/arguments.hpp"
#include "cli/session.hpp"

namespace berth::cli {

task<int> run_create(session&, create_command);
task<int> run_list(session&, list_command);
task<int> run_show(session&, show_command);
task<int> run_action(session&, action_command);
task<int> run_logs(session&, logs_command);
task<int> run_open(session&, open_command);
task<int> run_health(session&);
/// Says nothing when there is no server.
task<int> run_complete(session&, complete_command);

} // namespace berth::cli
