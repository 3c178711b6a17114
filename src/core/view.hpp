// What clients are shown: immutable pieces, made once when something changed and shared by every answer and message.
#pragma once

#include "core/app.hpp"
#include "core/storage.hpp"
#include "core/templates.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace berth {

/// One app, as of a revision.
struct app_view {
    berth::app app;
    activity operation = activity::none;
    bool ours = false;          // an operation of Berth's own is under way, or its end not judged yet
    std::uint64_t revision = 0; // at which it last changed
    std::string json;           // the API's form
};

/// All apps, newest first.
struct apps_view {
    std::uint64_t revision = 0;
    std::vector<std::shared_ptr<const app_view>> apps;
    std::string json; // the answer of GET /api/apps

    const app_view* find(std::string_view id) const {
        for (auto& a : apps)
            if (a->app.id == id)
                return a.get();
        return nullptr;
    }
};

/// A create, or the making of a template, under way, or its end.
struct operation {
    enum class sort { create, make_template };
    enum class phase { waiting, scaffolding, fetching, installing, copying, starting, done, failed, cancelled };
    std::string id; // the id that the app will have
    sort kind = sort::create;
    std::string name; // the app's, or the template's
    std::optional<std::string> category;
    std::uint16_t port = 0; // 0: it is a template
    phase at = phase::waiting;
    std::optional<std::string> line; // the last line of output
    std::string started_at;          // ISO 8601
    std::optional<berth::error> error;
    std::optional<std::string> request; // what who asked for it called the request, to know it among others' creates
};

std::string_view to_string(operation::phase) noexcept;
nlohmann::ordered_json to_json(const operation&);

/// A template as clients see it: one that is there, that is being made, or the built-in one that was never needed yet.
struct template_view {
    std::string name;
    std::string source; // where it comes from: a URL, a folder; "create-next-app"
    bool built_in = false;
    std::optional<template_facts> facts;  // none: it is not there
    std::optional<std::string> operation; // the id of what makes it, or makes it anew, now
};

nlohmann::ordered_json to_json(const template_view&);

/// What a sync, or an operation, changed. Each app view has a revision of its own, each removal too; all are newer than
/// those of earlier changes, and the members are in their order: clients leave out what is older than what they have.
struct change {
    std::vector<std::pair<std::uint64_t, std::string>> removed; // revision, id
    std::vector<std::shared_ptr<const app_view>> apps;
};

} // namespace berth
