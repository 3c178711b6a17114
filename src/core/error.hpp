// Every failure that Berth expects, with the words for people that go with it. One table (error.cpp) gives each its
// name in the API, its HTTP status and its title; nothing else maps errors to HTTP.
#pragma once

#include <boost/assert/source_location.hpp>
#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace berth {

enum class errc {
    invalid_request,        // the input does not hold what the call needs
    app_not_found,          // no app with this id
    operation_not_found,    // nothing under way has this id
    template_not_found,     // no template of this name, or what is there is not whole
    not_found,              // no such path under /api
    method_not_allowed,     // the path exists, not with this method
    not_a_project,          // the folder cannot be adopted
    not_startable,          // the app's folder could not be started as it is: it is gone, say
    already_adopted,        // an app has this folder
    project_running,        // a dev server of somebody's own runs in the folder that is to be adopted
    name_taken,             // another app, or a create under way, has the name
    limit_reached,          // --max-running apps already run or are about to
    no_port_available,      // every port of portRange belongs to an app
    not_running,            // there is nothing to stop
    in_use,                 // somebody is connected to it
    not_asleep,             // there is nothing to wake
    cancelled,              // the create was cancelled while it ran
    not_cancellable,        // the create is past its scaffold
    body_too_large,         // over 64 KiB
    unsupported_media_type, // a body that is not application/json
    header_too_large,       // over 16 KiB
    request_timeout,        // the request was not sent within its deadline
    upgrade_required,       // a plain request to the WebSocket's path
    too_many_connections,   // as many as the server allows are open
    misdirected_request,    // Host is not ours (DNS rebinding)
    forbidden_origin,       // Origin or Sec-Fetch-Site says another page sent this
    scaffold_failed,        // the scaffold command ended with an error, or could not run
    template_failed,        // a template could not be made: its source, its install, or what came of it
    storage_failed,         // the disk refused; nothing was changed
    not_removable,          // the folder is not one that may be removed, or something is mounted inside of it
    manifest_invalid,       // manifest.json was edited and does not parse: nothing is written over it
    manifest_changed,       // internal: somebody wrote manifest.json since we last read it; reload, then try again
    stop_incomplete,        // a process of the app outlived SIGKILL
    pm2_unavailable,        // the bridge or the daemon does not answer
    pm2_failed,             // pm2 answered with an error
    shutting_down,          // the server is ending
    internal_error,         // a bug
    app_unavailable,        // asked for by its name, and not online
    app_failed,             // asked for by its name, online, and no answer came
    range_not_satisfiable,  // a Range that begins beyond the log's end
};

struct error {
    errc code;
    std::string detail; // one or more sentences for people: what happened, to which app, what to do next
};

/// The code as the API writes it, for example "app_not_found".
std::string_view to_string(errc) noexcept;
/// The HTTP status that goes with the code, 400 to 599.
int http_status(errc) noexcept;
/// RFC 9457 problem document: type, title, status, detail, code.
nlohmann::ordered_json to_problem(const error&);

/// boost::system::result calls this when value() is asked of an error: always a bug of ours.
[[noreturn]] void throw_exception_from_error(const error&, const boost::source_location&);

} // namespace berth
