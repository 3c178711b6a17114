// What a tool answers: a sentence for whoever reads only text, and the same as data, small. Pure.
//
// Absent rather than null, one line, no figures that flutter: an agent pays for each character, and asks often.
#pragma once

#include "core/templates.hpp"
#include "core/view.hpp"
#include "core/why.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace berth::net::mcp {

struct tool_answer {
    std::string text;
    nlohmann::ordered_json structured = nullptr; // as the tool's outputSchema says; null with a failure
    bool failed = false;
};

/// As the result of tools/call.
nlohmann::ordered_json to_json(const tool_answer&);

/// What happened, and what to do about it with these tools.
tool_answer failure(const error&);
/// The same of an app that is not online; `why` follows its name: "is still launching after 60 s."
tool_answer not_ready(const app_view&, std::string_view why);
/// Its processes are ended until it is opened; while it is put to sleep they may still live.
bool sleeps(const app&);
/// What to do with an app that is not online.
std::string_view next_step(const app&);

/// An app among others: without its directory.
nlohmann::ordered_json short_json(const app_view&);
/// The answer of a tool about one app; `done` begins the sentence: "Created", or is empty. `root`: Berth's.
tool_answer about(const app_view&, const std::filesystem::path& root, std::string_view done = {});
/// What its dev server said just now, the source around the error too.
tool_answer about_page(const app_view&);
tool_answer about_trouble(const app_view&, const why_report&);
tool_answer list_of(const apps_view&, const std::optional<std::string>& category);
tool_answer list_of(const std::vector<template_view>&);

/// The text of the resource berth://apps.
std::string apps_text(const apps_view&);

/// Words for people, who type commands, as words for those who call tools: "berth restart x" is restart_app.
std::string for_agents(std::string text);

} // namespace berth::net::mcp
