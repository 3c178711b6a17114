#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace berth {
namespace {

struct row {
    errc code;
    int status;
    const char* name;
    const char* title;
};

constexpr row rows[] = {
    {errc::invalid_request, 400, "invalid_request", "The request is not valid"},
    {errc::app_not_found, 404, "app_not_found", "No such app"},
    {errc::operation_not_found, 404, "operation_not_found", "No such operation"},
    {errc::template_not_found, 404, "template_not_found", "No such template"},
    {errc::not_found, 404, "not_found", "Nothing is here"},
    {errc::method_not_allowed, 405, "method_not_allowed", "Not with this method"},
    {errc::not_a_project, 400, "not_a_project", "The folder is no such project"},
    {errc::not_startable, 409, "not_startable", "The app cannot be started as it is"},
    {errc::already_adopted, 409, "already_adopted", "The folder is adopted already"},
    {errc::project_running, 409, "project_running", "The project runs already"},
    {errc::name_taken, 409, "name_taken", "The name is taken"},
    {errc::limit_reached, 409, "limit_reached", "Too many apps are running"},
    {errc::no_port_available, 409, "no_port_available", "No port is free"},
    {errc::not_running, 409, "not_running", "The app is not running"},
    {errc::in_use, 409, "in_use", "Somebody is connected to the app"},
    {errc::not_asleep, 409, "not_asleep", "The app does not sleep"},
    {errc::cancelled, 409, "cancelled", "It was cancelled"},
    {errc::not_cancellable, 409, "not_cancellable", "It can no longer be cancelled"},
    {errc::body_too_large, 413, "body_too_large", "The body is too large"},
    {errc::range_not_satisfiable, 416, "range_not_satisfiable", "The range is not there"},
    {errc::unsupported_media_type, 415, "unsupported_media_type", "The body is not JSON"},
    {errc::header_too_large, 431, "header_too_large", "The header is too large"},
    {errc::request_timeout, 408, "request_timeout", "The request took too long"},
    {errc::upgrade_required, 426, "upgrade_required", "A WebSocket is needed"},
    {errc::too_many_connections, 503, "too_many_connections", "Too many connections"},
    {errc::misdirected_request, 421, "misdirected_request", "This is not the host you asked for"},
    {errc::forbidden_origin, 403, "forbidden_origin", "Another site sent this request"},
    {errc::app_unavailable, 503, "app_unavailable", "The app is not online"},
    {errc::app_failed, 502, "app_failed", "The app did not answer"},
    {errc::scaffold_failed, 500, "scaffold_failed", "The app could not be scaffolded"},
    {errc::template_failed, 500, "template_failed", "The template could not be made"},
    {errc::not_removable, 409, "not_removable", "The folder cannot be removed"},
    {errc::storage_failed, 500, "storage_failed", "The disk refused"},
    {errc::manifest_invalid, 503, "manifest_invalid", "manifest.json does not parse"},
    {errc::manifest_changed, 503, "manifest_changed", "manifest.json was changed"},
    {errc::stop_incomplete, 500, "stop_incomplete", "The app could not be stopped"},
    {errc::pm2_unavailable, 503, "pm2_unavailable", "pm2 does not answer"},
    {errc::pm2_failed, 500, "pm2_failed", "pm2 reported an error"},
    {errc::shutting_down, 503, "shutting_down", "Berth is ending"},
    {errc::internal_error, 500, "internal_error", "An error in Berth"},
};

const row& find(errc code) noexcept {
    for (auto& r : rows)
        if (r.code == code)
            return r;
    return rows[std::size(rows) - 1];
}

} // namespace

std::string_view to_string(errc code) noexcept { return find(code).name; }

int http_status(errc code) noexcept { return find(code).status; }

nlohmann::ordered_json to_problem(const error& e) {
    auto& r = find(e.code);
    return {{"type", "about:blank"}, {"title", r.title}, {"status", r.status}, {"detail", e.detail}, {"code", r.name}};
}

void throw_exception_from_error(const error& e, const boost::source_location&) {
    throw std::logic_error("an error was used as a value: " + std::string(to_string(e.code)) + ": " + e.detail);
}

} // namespace berth
