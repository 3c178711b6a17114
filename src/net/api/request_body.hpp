// The bodies that the REST API takes, as the orchestrator's own words. Pure.
#pragma once

#include "core/orchestrator.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace berth::net {

/// Whether a Content-Type says JSON in UTF-8: application/json, charset=utf-8 at most beside it.
bool is_json_type(std::string_view content_type);

struct bulk_request {
    bulk_action action = bulk_action::stop;
    bulk_selection selection;
};

struct template_wish {
    std::string name, source;
};

// All fail with errc::invalid_request, naming the field. What a name may hold is core's rule (check_name).

/// POST /api/apps. No body at all is an empty object. `from` is an app's id or name as it was given.
result<create_options> parse_create(std::string_view body);
/// The same of an object that holds these fields alone.
result<create_options> read_create(const nlohmann::json&);
/// PATCH /api/apps/{id}. Null clears a category and notes, and is refused elsewhere.
result<app_edit> parse_edit(std::string_view body);
result<app_edit> read_edit(const nlohmann::json&);
/// POST /api/apps/actions: an action and exactly one of ids (at most 1,000, names as well), category and all. `cleanup`
/// goes with delete only.
result<bulk_request> parse_bulk(std::string_view body);
/// POST /api/templates: both fields.
result<template_wish> parse_template(std::string_view body);
/// Every other call: nothing, or an empty object.
result<> parse_nothing(std::string_view body);

} // namespace berth::net
