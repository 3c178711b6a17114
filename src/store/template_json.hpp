// template.json: what is known of a template, beside its tree. Pure.
//
//   {"version": 1, "source": "https://…#main", "madeAt": "2026-01-31T14:30:00.000Z", "node": "v20.9.0",
//    "packageManager": "npm 11.0.0", "next": "16.4.3", "commit": "3f1c…", "entries": 23769, "bytes": 502267904}
#pragma once

#include "core/templates.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace berth {

std::string format_template(const template_facts&);
/// None: not what format_template() writes, or of a later Berth.
std::optional<template_facts> parse_template(std::string_view);

} // namespace berth
