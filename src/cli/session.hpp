// What every command works with, and what all of them ask. Made by run_cli; lives on the one reactor thread, and longer
// than the command's coroutine.
#pragma once

#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/event_stream.hpp"
#include "cli/http_client.hpp"
#include "cli/listed_app.hpp"
#include "core/task.hpp"

#include <functional>
#include <string>
#include <vector>

namespace berth::cli {

struct session {
    asio::any_io_executor executor;
    console& out;
    server_address server;
    bool json = false;
    http_client& http;
    event_stream_factory events;
    /// Asked at Ctrl-C; false, or none: the command ends at once with exit_code::interrupted.
    std::function<bool()> on_interrupt;
};

/// The body of a 2xx answer; a problem is a failure.
task<outcome<std::string>> ask(session&, http_request);
task<outcome<std::string>> get(session&, std::string target);

/// All apps, newest first.
task<outcome<std::vector<listed_app>>> all_apps(session&);
/// Those of all that the references mean; says on stderr what a prefix was taken for.
outcome<std::vector<listed_app>> pick(session&, const std::vector<listed_app>& all,
                                      const std::vector<std::string>& references, naming = naming::prefix);
task<outcome<std::vector<listed_app>>> apps_meant(session&, std::vector<std::string> references);
task<outcome<listed_app>> one_app(session&, std::string reference);

/// Waits. The deadline is the caller's business.
task<> pause(session&, std::chrono::milliseconds);

/// A name of anybody, in quotes, harmless.
std::string in_quotes(const std::string& name);

/// Without its full stop, so that a sentence can go on with what to do.
std::string unstopped(std::string sentence);

/// Ends the command when nobody reads stdout any more, at once and not with the next write: for commands that follow.
/// Only where stdout is a pipe.
class reader_watch {
public:
    reader_watch(session&, std::function<void()> on_gone);
    ~reader_watch();
    reader_watch(const reader_watch&) = delete;
    reader_watch& operator=(const reader_watch&) = delete;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace berth::cli
