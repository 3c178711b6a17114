// The commands that talk to a server: each is carried out by one coroutine, whose value is the exit code. They print
// through the session's console, leave it to run_cli to say why they failed, and own whatever they started until they
// return.
#pragma once

#include "cli/arguments.hpp"
#include "cli/session.hpp"

namespace berth::cli {

task<outcome<int>> run_create(session&, create_command);
task<outcome<int>> run_adopt(session&, adopt_command);
task<outcome<int>> run_edit(session&, edit_command);
task<outcome<int>> run_list(session&, list_command);
task<outcome<int>> run_show(session&, show_command);
task<outcome<int>> run_action(session&, action_command);
task<outcome<int>> run_wait(session&, wait_command);
task<outcome<int>> run_logs(session&, logs_command);
task<outcome<int>> run_why(session&, why_command);
/// exit_code::failed when its page is broken.
task<outcome<int>> run_check(session&, check_command);
task<outcome<int>> run_open(session&, open_command);
task<outcome<int>> run_path(session&, path_command);
task<outcome<int>> run_operations(session&);
task<outcome<int>> run_cancel(session&, cancel_command);
task<outcome<int>> run_template(session&, template_command);
task<outcome<int>> run_activity(session&, activity_command);
/// Until stdin ends.
task<outcome<int>> run_mcp(session&, mcp_command);
task<outcome<int>> run_mcp_install(session&, mcp_install_command);
task<outcome<int>> run_health(session&);
/// A server in the background, at login too, or no more at login.
task<outcome<int>> run_up(session&, up_command);
task<outcome<int>> run_down(session&, down_command);
/// Also without a server, of whose absence it speaks.
task<outcome<int>> run_doctor(session&);
/// Says nothing when there is no server.
task<outcome<int>> run_complete(session&, complete_command);

} // namespace berth::cli
