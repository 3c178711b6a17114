#include "cli/listed_app.hpp"

#include "cli/text.hpp"
#include "core/app_json.hpp"
#include "core/app_reference.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

template <class T>
std::optional<T> value_or_none(const json& object, const char* key) {
    auto found = object.find(key);
    if (found == object.end() || found->is_null())
        return {};
    return found->get<T>();
}

failure not_the_api() { return foreign_answer("what was answered does not read as Berth's API"); }

failure ambiguous(const std::string& reference, const std::vector<const listed_app*>& candidates) {
    std::string names;
    for (auto* app : candidates)
        names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", app->id, visible(app->name));
    return usage_error(fmt::format("\"{}\" could be any of {}; give more of the id", visible(reference), names));
}

struct match {
    const listed_app* app;
    bool by_prefix;
};

void read_page(listed_app& app, const json& value) {
    auto page = value.find("page"); // an older server has none
    if (page == value.end() || !page->is_object())
        return;
    app.page = page->value("state", "");
    app.page_errors = page->value("errors", 0LL);
    app.page_reason = value_or_none<std::string>(*page, "reason").value_or("");
    auto first = page->find("first");
    if (first == page->end() || !first->is_object())
        return;
    app.page_title = first->value("title", "");
    app.page_place = value_or_none<std::string>(*first, "file").value_or("");
    if (auto line = value_or_none<long long>(*first, "line"); line && !app.page_place.empty())
        app.page_place += fmt::format(":{}", *line);
}

outcome<match> find(const std::vector<listed_app>& apps, const std::string& reference) {
    std::vector<named_app> names;
    for (auto& app : apps)
        names.push_back({app.id, app.name});
    auto meant = find_meant(names, reference);
    std::vector<const listed_app*> which;
    for (auto at : meant.which)
        which.push_back(&apps[at]);
    switch (meant.found) {
    case meant_app::how::whole:
        return match{which.front(), false};
    case meant_app::how::prefix:
        return match{which.front(), true};
    case meant_app::how::several:
        return ambiguous(reference, which);
    case meant_app::how::too_short:
        return usage_error(
            fmt::format("\"{}\" is no app's name, and too short for the beginning of an id, which counts "
                        "from {} characters; see: berth ls",
                        visible(reference), least_prefix));
    case meant_app::how::none:
        break;
    }
    return failed(fmt::format("there is no app \"{}\"; see: berth ls", visible(reference)));
}

} // namespace

std::string listed_app::page_text() const {
    auto text = page_place.empty() || page_title.empty() ? page_place + page_title : page_place + ": " + page_title;
    return page_errors > 1 ? fmt::format("{} (and {} more)", text, page_errors - 1) : text;
}

std::string listed_app::url() const { return fmt::format("http://localhost:{}", port); }

std::string listed_app::named_url(std::uint16_t server_port) const {
    return slug.empty() ? "" : fmt::format("http://{}.localhost:{}", slug, server_port);
}

listed_app to_listed_app(const json& value) {
    listed_app app;
    app.id = value.at("id").get<std::string>();
    app.name = value.at("name").get<std::string>();
    app.slug = value.value("slug", "");
    app.category = value_or_none<std::string>(value, "category");
    app.owned = value.value("owned", true);
    app.directory = value.value("directory", "");
    app.script = value.value("script", "");
    app.package_manager = value_or_none<std::string>(value, "packageManager").value_or("");
    app.lan = value.value("lan", false);
    app.asleep = value.value("asleep", false);
    app.keep_awake = value.value("keepAwake", false);
    app.notes = value_or_none<std::string>(value, "notes");
    app.pending = value.value("pending", std::vector<std::string>());
    app.port = value.at("port").get<int>();
    app.created_at = value.value("createdAt", "");
    app.status = value.at("status").get<std::string>();
    app.reason = value_or_none<std::string>(value, "statusReason");
    app.operation = value_or_none<std::string>(value, "operation").value_or("");
    app.intent = value.value("intent", "");
    app.memory_mb = value.value("memoryMB", 0LL);
    app.cpu_percent = value.value("cpuPercent", 0.0);
    app.started_at = value_or_none<std::int64_t>(value, "startedAt");
    app.last_opened_at = value_or_none<std::int64_t>(value, "lastOpenedAt");
    if (auto git = value.find("git"); git != value.end() && git->is_object()) {
        app.in_git = true;
        app.branch = word(*git, "branch");
        app.commit = word(*git, "commit");
    }
    app.restarts = value.value("restarts", 0LL);
    app.pid = value.value("pid", 0LL);
    app.exit_code = value_or_none<long long>(value, "exitCode");
    app.exit_signal = value_or_none<std::string>(value, "exitSignal");
    read_page(app, value);
    app.json = dump(value);
    return app;
}

outcome<std::vector<listed_app>> parse_apps(std::string_view text) {
    try {
        auto values = json::parse(text);
        if (!values.is_array()) // an object's members would be taken for the apps
            return not_the_api();
        std::vector<listed_app> apps;
        for (auto& value : values)
            apps.push_back(to_listed_app(value));
        return apps;
    } catch (const json::exception&) {
        return not_the_api();
    }
}

outcome<listed_app> parse_app(std::string_view text) {
    try {
        return to_listed_app(json::parse(text));
    } catch (const json::exception&) {
        return not_the_api();
    }
}

std::string to_json_array(const std::vector<listed_app>& apps) {
    std::string out = "[";
    for (auto& app : apps)
        out += (out.size() > 1 ? "," : "") + app.json;
    return out + "]";
}

outcome<meant_apps> resolve(const std::vector<listed_app>& apps, const std::vector<std::string>& references,
                            naming enough) {
    meant_apps meant;
    for (auto& reference : references) {
        auto found = find(apps, reference);
        if (found.has_error())
            return found.error();
        auto& app = *found->app;
        if (found->by_prefix && enough == naming::whole)
            return usage_error(
                fmt::format("\"{}\" is only the beginning of an id ({}, {}), which is not enough to go on "
                            "unasked; give the whole name or id",
                            visible(reference), app.id, visible(app.name)));
        if (found->by_prefix)
            meant.guesses.push_back(
                fmt::format("{} is the app {} ({})", visible(reference), visible(app.name), app.id));
        auto same = [&](auto& other) { return other.id == app.id; };
        if (std::none_of(meant.apps.begin(), meant.apps.end(), same))
            meant.apps.push_back(app);
    }
    return meant;
}

} // namespace berth::cli
