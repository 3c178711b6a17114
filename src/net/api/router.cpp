#include "net/api/router.hpp"

#include "core/names.hpp"
#include "net/http/text.hpp"

#include <array>
#include <optional>

namespace berth::net {
namespace {

struct row {
    std::string_view method;
    std::string_view path;
    endpoint to;
};

// Rows of one path stand together; a path that is spelled out stands before one with {id} in the same place.
constexpr row rows[] = {
    {"GET", "/api/apps", endpoint::list_apps},
    {"POST", "/api/apps", endpoint::create_app},
    {"POST", "/api/apps/actions", endpoint::bulk},
    {"GET", "/api/apps/{id}", endpoint::get_app},
    {"PATCH", "/api/apps/{id}", endpoint::edit_app},
    {"DELETE", "/api/apps/{id}", endpoint::delete_app},
    {"POST", "/api/apps/{id}/stop", endpoint::stop_app},
    {"POST", "/api/apps/{id}/restart", endpoint::restart_app},
    {"POST", "/api/apps/{id}/sleep", endpoint::sleep_app},
    {"POST", "/api/apps/{id}/wake", endpoint::wake_app},
    {"POST", "/api/apps/{id}/check", endpoint::check_app},
    {"GET", "/api/apps/{id}/why", endpoint::why_app},
    {"GET", "/api/apps/{id}/logs", endpoint::get_logs},
    {"GET", "/api/apps/{id}/logs/{stream}", endpoint::download_log},
    {"GET", "/api/apps/{id}/history", endpoint::history},
    {"GET", "/api/templates", endpoint::list_templates},
    {"POST", "/api/templates", endpoint::add_template},
    {"DELETE", "/api/templates/{id}", endpoint::delete_template},
    {"POST", "/api/templates/{id}/refresh", endpoint::refresh_template},
    {"GET", "/api/operations", endpoint::list_operations},
    {"DELETE", "/api/operations/{id}", endpoint::cancel_operation},
    {"GET", "/api/activity", endpoint::activity},
    {"GET", "/api/manifest", endpoint::manifest},
    {"GET", "/api/health", endpoint::health},
    {"GET", "/api/openapi.json", endpoint::openapi},
    {"GET", "/api/events", endpoint::events},
    {"GET", "/metrics", endpoint::metrics},
    {"GET", "/mcp", endpoint::mcp_stream},
    {"POST", "/mcp", endpoint::mcp_message},
    {"DELETE", "/mcp", endpoint::mcp_end},
};

constexpr std::array<std::string_view, endpoint_count> names = {
    "list_apps", //
    "create_app", //
    "bulk", //
    "get_app", //
    "edit_app", //
    "delete_app", //
    "stop_app", //
    "restart_app", //
    "sleep_app", //
    "wake_app", //
    "check_app", //
    "why_app", //
    "get_logs", //
    "download_log", //
    "list_templates", //
    "add_template", //
    "refresh_template", //
    "delete_template", //
    "list_operations", //
    "cancel_operation", //
    "manifest", //
    "health", //
    "openapi", //
    "events", //
    "metrics", //
    "history", //
    "activity", //
    "mcp_message", //
    "mcp_stream", //
    "mcp_end", //
    "page", //
    "app", //
    "refused", //
};

/// The route without `to`, or none when the path does not fit.
std::optional<route> fit(std::string_view pattern, const target& t) {
    route r;
    pattern.remove_prefix(1);
    for (std::size_t at = 0;; ++at) {
        if (at == t.segments.size())
            return {};
        auto end = pattern.find('/');
        auto piece = pattern.substr(0, end);
        auto& segment = t.segments[at];
        if (piece == "{id}" && !segment.empty())
            r.id = segment;
        else if (piece == "{stream}" && (segment == "stdout" || segment == "stderr"))
            r.stream = segment;
        else if (piece != segment)
            return {};
        if (end == pattern.npos)
            return at + 1 == t.segments.size() ? std::optional(r) : std::nullopt;
        pattern.remove_prefix(end + 1);
    }
}

no_route wrong_method(std::string_view method, const target& t, std::string allow) {
    auto detail = printable(method) + " is not possible on " + printable(t.path()) + "; possible: " + allow + ".";
    return {{errc::method_not_allowed, std::move(detail)}, std::move(allow)};
}

/// An operation has an id only, and one that new_id() cannot have made belongs to none.
std::optional<error> refuse_id(const route& r) {
    if (r.to != endpoint::cancel_operation || is_id(r.id))
        return {};
    return error{errc::operation_not_found, "No create with the id " + in_quotes(r.id) + " is under way."};
}

} // namespace

std::string_view to_string(endpoint e) noexcept { return names[static_cast<std::size_t>(e)]; }

boost::system::result<route, no_route> find_route(std::string_view method, const target& t) {
    std::string_view path; // the pattern that fits
    std::string allow;
    for (auto& row : rows) {
        if (!path.empty() && row.path != path)
            break;
        auto r = fit(row.path, t);
        if (!r)
            continue;
        path = row.path;
        bool has_head = row.method == "GET" && row.to != endpoint::mcp_stream; // of a stream there is no length, nor a type
        if (row.method == method || (has_head && method == "HEAD")) {
            r->to = row.to;
            if (auto refused = refuse_id(*r))
                return no_route{std::move(*refused), {}};
            return *r;
        }
        allow += (allow.empty() ? "" : ", ") + std::string(has_head ? "GET, HEAD" : row.method);
    }
    if (!path.empty())
        return wrong_method(method, t, std::move(allow));
    if (t.segments[0] == "api")
        return no_route{{errc::not_found, "There is nothing at " + printable(t.path()) + "; see /api/openapi.json."},
                        {}};
    if (may_change(method))
        return wrong_method(method, t, "GET, HEAD");
    return route{endpoint::page, {}, {}};
}

} // namespace berth::net
