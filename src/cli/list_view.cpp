#include "cli/list_view.hpp"

#include "cli/format.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

std::string uptime(const listed_app& app, std::int64_t now) {
    if (!app.runs() || !app.started_at)
        return "";
    return duration_text(std::chrono::milliseconds(now - *app.started_at));
}

std::string last_exit(const listed_app& app) {
    if (app.exit_signal)
        return visible(*app.exit_signal);
    return app.exit_code ? fmt::format("code {}", *app.exit_code) : "";
}

/// "main at 3f1c2d4", "3f1c2d4 (no branch)", "main (no commit yet)".
std::string git_text(const listed_app& app) {
    constexpr std::size_t short_hash = 7;
    auto commit = app.commit.substr(0, short_hash);
    if (!app.in_git || (app.branch.empty() && commit.empty()))
        return "";
    if (app.branch.empty())
        return commit + " (no branch)";
    return app.branch + (commit.empty() ? " (no commit yet)" : " at " + commit);
}

bool looks_different(const listed_app& a, const listed_app& b) {
    return a.state() != b.state() || a.operation != b.operation || a.reason != b.reason ||
           a.is_broken() != b.is_broken() || a.page_place != b.page_place;
}

} // namespace

std::string state_word(const listed_app& app) {
    if (!app.operation.empty())
        return app.operation;
    if (!app.is_broken())
        return app.state();
    auto& what = app.page_place.empty() ? app.page_title : app.page_place;
    return what.empty() ? app.status + ", page broken" : fmt::format("{}, page broken: {}", app.status, what);
}

std::string_view state_style(const listed_app& app) {
    if (!app.operation.empty() || app.status == "launching")
        return "33";
    if (app.status == "online")
        return app.is_broken() ? "31" : "32";
    if (app.status == "errored")
        return "31";
    if (app.sleeps())
        return "34";
    return app.status == "stopped" ? "2" : "35";
}

table list_table(const std::vector<listed_app>& apps, std::int64_t now) {
    // That an app sleeps is no trouble; why it does, `show` tells.
    auto reason = [](auto& app) { return app.sleeps() ? std::string() : app.reason.value_or(""); };
    bool reasons = std::any_of(apps.begin(), apps.end(), [&](auto& app) { return !reason(app).empty(); });
    table t;
    t.columns = {{"NAME", false, 8, 0},     {"STATUS", false, 0, 0},  {"PORT", true, 0, 0},
                 {"CATEGORY", false, 6, 4}, {"UPTIME", true, 0, 5},   {"MEMORY", true, 0, 3},
                 {"CPU", true, 0, 6},       {"RESTARTS", true, 0, 7}, {"ID", false, 0, 2}};
    if (reasons)
        t.columns.push_back({"REASON", false, 12, 1});
    for (auto& app : apps) {
        bool runs = app.runs();
        std::vector<table_cell> row = {{app.name, "1"},
                                       {state_word(app), std::string(state_style(app))},
                                       {std::to_string(app.port), ""},
                                       {app.category.value_or(""), ""},
                                       {uptime(app, now), ""},
                                       {runs ? memory_text(app.memory_mb) : "", ""},
                                       {runs ? percent_text(app.cpu_percent) : "", ""},
                                       {std::to_string(app.restarts), ""},
                                       {app.id, "2"}};
        if (reasons)
            row.push_back({reason(app), ""});
        t.rows.push_back(std::move(row));
    }
    return t;
}

std::string app_text(const listed_app& app, std::uint16_t server_port, std::int64_t now, bool colours) {
    auto styled = [&](std::string_view style, std::string_view text) {
        return colours ? fmt::format("\x1b[{}m{}\x1b[0m", style, text) : std::string(text);
    };
    auto out =
        fmt::format("{}  {}\n", styled("1", visible(app.name)), styled(state_style(app), visible(state_word(app))));
    auto line = [&](std::string_view title, std::string_view text) {
        if (!text.empty())
            out += fmt::format("  {}{}\n", styled("2", padded(title, 11, side::left)), visible(text));
    };
    line("reason", app.reason.value_or(""));
    line("page", app.is_broken()           ? "broken: " + app.page_text()
                 : app.page_reason.empty() ? app.page
                                           : fmt::format("{}: {}", app.page, app.page_reason));
    line("address", app.url());
    line("by name", app.named_url(server_port));
    line("id", app.id);
    line("category", app.category.value_or(""));
    line("folder", app.directory + (app.owned ? "" : "  (adopted: Berth changes nothing in it)"));
    if (!app.owned || (!app.package_manager.empty() && app.package_manager != "npm"))
        line("started by", app.package_manager + (app.package_manager.empty() ? "" : " run ") + app.script);
    line("sleeps", app.keep_awake ? "only when somebody puts it to sleep (keep awake)" : "");
    line("listens", app.lan ? "on all addresses (lan)" : "");
    line("notes", app.notes.value_or(""));
    line("git", git_text(app));
    line("created", app.created_at);
    if (app.last_opened_at)
        line("opened", duration_text(std::chrono::milliseconds(now - *app.last_opened_at)) + " ago");
    line("uptime", uptime(app, now));
    if (app.runs()) {
        line("memory", memory_text(app.memory_mb));
        line("cpu", percent_text(app.cpu_percent));
        line("pid", std::to_string(app.pid));
    }
    line("restarts", std::to_string(app.restarts));
    line("last exit", last_exit(app));
    line("wanted", app.intent == "run" ? "running" : app.intent == "stop" ? "stopped" : app.intent);
    line("pending",
         app.pending.empty() ? "" : fmt::format("{} (from the next start on)", fmt::join(app.pending, ", ")));
    return out;
}

bool list_filter::keeps(const listed_app& app) const {
    if (category && app.category.value_or("") != *category)
        return false;
    return statuses.empty() || std::find(statuses.begin(), statuses.end(), app.state()) != statuses.end();
}

live_list::change live_list::on_message(std::string_view text) {
    change seen;
    try {
        auto message = json::parse(text);
        auto type = message.value("type", "");
        auto is = [&](const std::string& id) { return [id](auto& app) { return app.id == id; }; };
        auto take = [&](const json& value) {
            auto app = to_listed_app(value);
            auto before = std::find_if(apps_.begin(), apps_.end(), is(app.id));
            bool kept_before = before != apps_.end() && filter_.keeps(*before), kept = filter_.keeps(app);
            seen.any = seen.any || kept || kept_before;
            if (kept != kept_before || (kept && looks_different(*before, app)))
                seen.ids.push_back(app.id);
            if (before != apps_.end())
                *before = std::move(app);
            else
                apps_.push_back(std::move(app));
        };
        auto remove = [&](const std::string& id) {
            auto gone = std::find_if(apps_.begin(), apps_.end(), is(id));
            if (gone == apps_.end())
                return;
            if (filter_.keeps(*gone)) {
                seen.any = true;
                seen.ids.push_back(id);
            }
            apps_.erase(gone);
        };
        if (type == "snapshot") {
            seen.any = !known_;
            known_ = true;
            auto before = apps_;
            auto& now = message.at("apps");
            for (auto& app : before)
                if (std::none_of(now.begin(), now.end(), [&](auto& value) { return value.at("id") == app.id; }))
                    remove(app.id);
            for (auto& value : now)
                take(value);
        } else if (type == "app") {
            take(message.at("app"));
        } else if (type == "removed") {
            remove(message.at("id").get<std::string>());
        }
        std::stable_sort(apps_.begin(), apps_.end(), [](auto& a, auto& b) { return a.created_at > b.created_at; });
    } catch (const json::exception&) {
        // A message of a kind that is not known yet: clients ignore those.
    }
    return seen;
}

std::vector<listed_app> live_list::apps() const {
    std::vector<listed_app> kept;
    std::copy_if(apps_.begin(), apps_.end(), std::back_inserter(kept), [&](auto& app) { return filter_.keeps(app); });
    return kept;
}

const listed_app* live_list::find(std::string_view id) const {
    for (auto& app : apps_)
        if (app.id == id)
            return &app;
    return nullptr;
}

} // namespace berth::cli
