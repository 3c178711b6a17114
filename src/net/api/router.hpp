// Which call a method and a path mean: one table of all of spec section 7. Pure.
#pragma once

#include "net/http/target.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::net {

enum class endpoint : std::uint8_t {
    list_apps,
    create_app,
    bulk,
    get_app,
    edit_app,
    delete_app,
    stop_app,
    restart_app,
    sleep_app,
    wake_app,
    check_app,
    why_app,
    get_logs,
    download_log,
    list_templates,
    add_template,
    refresh_template,
    delete_template,
    list_operations,
    cancel_operation,
    manifest,
    health,
    openapi,
    events,
    metrics,
    history,
    activity,
    mcp_message, // POST /mcp: src/net/mcp
    mcp_stream,  // GET
    mcp_end,     // DELETE
    page,   // the dashboard's files
    app,    // on an app's host: no route, its own answers
    refused // answered before, or without, a route
};
inline constexpr std::size_t endpoint_count = static_cast<std::size_t>(endpoint::refused) + 1;

/// As /metrics names it: list_apps ...
std::string_view to_string(endpoint) noexcept;

struct route {
    endpoint to = endpoint::refused;
    std::string_view id;     // of /{id}, as in the target: an app's id or name, an operation's id, a template's name
    std::string_view stream; // of /logs/{stream}: stdout or stderr
};

struct no_route {
    berth::error error;
    std::string allow; // with errc::method_not_allowed: the methods that the path has
};

/// HEAD goes where GET goes, but for a stream that has no end. errc::not_found under /api, errc::method_not_allowed, or errc::operation_not_found for an
/// id that no operation can have. The route points into the target.
boost::system::result<route, no_route> find_route(std::string_view method, const target&);

[[noreturn]] inline void throw_exception_from_error(const no_route& n, const boost::source_location& where) {
    berth::throw_exception_from_error(n.error, where);
}

/// Whether it is one of the endpoints of /mcp, which are not of the REST API.
inline constexpr bool is_mcp(endpoint e) noexcept {
    return e == endpoint::mcp_message || e == endpoint::mcp_stream || e == endpoint::mcp_end;
}

/// Whether a method may change something: all but GET and HEAD.
inline bool may_change(std::string_view method) noexcept { return method != "GET" && method != "HEAD"; }

} // namespace berth::net
