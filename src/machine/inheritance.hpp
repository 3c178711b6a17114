// What a program gets from whoever started it without having asked: descriptors that are closed, signals that are
// ignored or blocked. Called first thing in main, for every command, while there is one thread.
#pragma once

namespace berth {

/// 0, 1 and 2 that are closed are taken by /dev/null, so that no file opened later gets their numbers and with them
/// what is meant for a terminal. They are opened for the wrong direction: whoever reads or writes there still learns
/// that he cannot.
///
/// Every signal is unblocked and does what it does by default (a parent that ignores SIGCHLD would let the kernel take
/// the exit statuses of our children), save SIGHUP: see hang_up_is_ignored().
void settle_inheritance();

/// Somebody has started us with `nohup` and wants us to outlive the terminal.
bool hang_up_is_ignored();

} // namespace berth
