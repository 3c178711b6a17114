// activity: what happened, newest last; for programs as the API has it, newest first.
#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "core/names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_at_once = 500;

/// Here, "2026-01-31 14:30:00".
std::string day_and_time(std::int64_t ms) {
    std::time_t seconds = ms / 1000;
    std::tm here{};
    localtime_r(&seconds, &here);
    char text[32] = {};
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &here);
    return text;
}

std::string_view style_of(std::string_view kind) {
    if (kind == "crashed" || kind == "page_broken" || kind == "pm2_lost")
        return "31";
    if (kind == "slept")
        return "34";
    return kind == "online" || kind == "page_mended" || kind == "pm2_back" ? "32" : "";
}

table activity_table(const json& newest_first) {
    table t;
    t.columns = {{"WHEN", false, 0, 0}, {"APP", false, 0, 0}, {"WHAT", false, 0, 0}};
    for (auto it = newest_first.rbegin(); it != newest_first.rend(); ++it) {
        auto name = word(*it, "name");
        t.rows.push_back({{day_and_time(it->at("at").get<std::int64_t>()), "2"},
                          {name.empty() ? "-" : name, "1"},
                          {word(*it, "text"), std::string(style_of(word(*it, "kind")))}});
    }
    return t;
}

/// The id of an app that is there, or what may be that of one that was deleted.
task<outcome<std::string>> id_meant(session& s, std::string reference) {
    auto app = co_await one_app(s, reference);
    if (app.has_value())
        co_return app->id;
    if (is_id(reference))
        co_return reference;
    co_return app.error();
}

} // namespace

task<outcome<int>> run_activity(session& s, activity_command wish) {
    std::string only;
    if (wish.app) {
        auto id = co_await id_meant(s, *wish.app);
        if (id.has_error())
            co_return id.error();
        only = "&app=" + *id;
    }
    auto all = json::array();
    std::string before;
    do {
        auto limit = std::min(wish.lines - all.size(), most_at_once);
        auto body = co_await get(s, fmt::format("/api/activity?limit={}{}{}", limit, only, before));
        if (body.has_error())
            co_return body.error();
        auto page = json::parse(*body);
        for (auto& entry : page.at("entries"))
            all.push_back(std::move(entry));
        before = page.at("before").is_null() ? "" : "&before=" + page.at("before").dump();
    } while (!before.empty() && all.size() < wish.lines);
    if (s.json)
        s.out.print_json(all.dump(-1, ' ', false, json::error_handler_t::replace));
    else if (all.empty())
        s.out.note("nothing has happened yet");
    else
        s.out.print(layout(activity_table(all), 0, s.out.facts().colours_out())); // a sentence is never cut
    co_return exit_code::done;
}

} // namespace berth::cli
