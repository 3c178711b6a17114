#include "net/mcp/answers.hpp"

#include "core/app_json.hpp"
#include "core/names.hpp"
#include "core/output_text.hpp"

#include <fmt/format.h>

namespace berth::net::mcp {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_words = 10;    // last lines of a run
constexpr std::size_t longest_word = 200; // bytes

template <class T>
void put(json& to, const char* name, const std::optional<T>& value) {
    if (value)
        to[name] = *value;
}

json issue_json(const page_issue& issue, bool with_frame) {
    json j;
    put(j, "file", issue.file);
    put(j, "line", issue.line);
    put(j, "column", issue.column);
    j["title"] = issue.title;
    if (with_frame)
        put(j, "frame", issue.frame);
    return j;
}

void put_page(json& to, const std::optional<page>& p, bool with_frame) {
    if (!p)
        return;
    to["page"] = to_string(p->state);
    if (p->errors > 1)
        to["errors"] = p->errors;
    if (p->first)
        to["error"] = issue_json(*p->first, with_frame);
}

json base_json(const app_view& v) {
    auto& a = v.app;
    json j = {{"id", a.id}, {"name", a.name}, {"status", berth::to_string(a.status)}, {"url", a.url()}};
    if (sleeps(a))
        j["asleep"] = true;
    put(j, "category", a.category);
    put(j, "reason", a.status_reason);
    if (v.operation != activity::none)
        j["operation"] = berth::to_string(v.operation);
    return j;
}

std::string sentence(const app_view& v) { return for_agents(explain(v.app, {}).sentence); }

/// One app in a list: "brave-otter: online, page broken (src/app/page.tsx:70)".
std::string item(const app_view& v) {
    auto& a = v.app;
    auto text = fmt::format("{}: {}", printable(a.name), sleeps(a) ? "asleep" : berth::to_string(a.status));
    if (a.status == status::online)
        text += fmt::format(" at {}", a.url());
    if (a.page && a.page->state == page::condition::broken)
        text += a.page->first && a.page->first->file ? fmt::format(", page broken ({})", a.page->first->place())
                                                     : ", page broken";
    return text;
}

std::string_view advice(errc code) {
    switch (code) {
    case errc::app_not_found:
        return "list_apps names those that there are.";
    case errc::template_not_found:
        return "list_templates names those that there are.";
    case errc::name_taken:
        return "Choose another name, or leave it out.";
    case errc::limit_reached:
        return "Put an app to sleep with sleep_app first, or stop one with stop_app.";
    case errc::not_running:
        return "restart_app starts it; why tells what is known.";
    case errc::no_port_available:
        return "Delete an app that is no longer needed.";
    case errc::project_running:
        return "End it, or call adopt_app again with takeOver.";
    case errc::not_startable:
    case errc::scaffold_failed:
    case errc::pm2_failed:
        return "Mend what it says and try again.";
    case errc::pm2_unavailable:
    case errc::shutting_down:
    case errc::too_many_connections:
        return "Try again in a few seconds.";
    default:
        return {};
    }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

} // namespace

json to_json(const tool_answer& a) {
    json j = {{"content", json::array({{{"type", "text"}, {"text", a.text}}})}};
    if (!a.structured.is_null())
        j["structuredContent"] = a.structured;
    if (a.failed)
        j["isError"] = true;
    return j;
}

tool_answer failure(const error& e) {
    auto text = for_agents(e.detail);
    if (auto more = advice(e.code); !more.empty())
        text += fmt::format(" {}", more);
    return {std::move(text), nullptr, true};
}

tool_answer not_ready(const app_view& v, std::string_view why) {
    auto text = fmt::format("{} {} {} {}", printable(v.app.name), why, sentence(v), next_step(v.app));
    return {std::move(text), nullptr, true};
}

bool sleeps(const app& a) { return a.asleep && a.status == status::stopped; }

std::string_view next_step(const app& a) {
    if (sleeps(a))
        return "wait_until_ready wakes it.";
    switch (a.status) {
    case status::launching:
        return "wait_until_ready waits for it; read_logs shows what it prints.";
    case status::errored:
        return "why tells its last words; mend it, then restart_app.";
    case status::stopped:
        return "restart_app starts it.";
    default:
        return "why tells what is known.";
    }
}

json short_json(const app_view& v) {
    auto j = base_json(v);
    if (sleeps(v.app))
        j.erase("reason"); // that it sleeps says enough
    put_page(j, v.app.page, false);
    return j;
}

tool_answer about(const app_view& v, const std::filesystem::path& root, std::string_view done) {
    auto j = base_json(v);
    j["directory"] = v.app.folder(root).string();
    put_page(j, v.app.page, false);
    if (auto pending = v.app.pending(); !pending.empty())
        j["pending"] = pending;
    auto text = done.empty() ? fmt::format("{}: {}", printable(v.app.name), sentence(v))
                             : fmt::format("{} {}. {}", done, printable(v.app.name), sentence(v));
    return {std::move(text), std::move(j)};
}

tool_answer about_page(const app_view& v) {
    json j = {{"id", v.app.id}, {"name", v.app.name}, {"status", berth::to_string(v.app.status)}};
    put_page(j, v.app.page, true);
    return {fmt::format("{}: {}", printable(v.app.name), sentence(v)), std::move(j)};
}

tool_answer about_trouble(const app_view& v, const why_report& report) {
    auto told = for_agents(report.sentence);
    json j = {{"id", v.app.id}, {"status", berth::to_string(report.status)}, {"sentence", told}};
    put(j, "exitCode", report.exit_code);
    put(j, "exitSignal", report.exit_signal);
    auto& words = report.last_words;
    for (auto at = words.size() - std::min(words.size(), most_words); at < words.size(); ++at)
        j["lastWords"].push_back(plain_line(words[at], longest_word));
    for (auto& hint : report.hints)
        j["hints"].push_back(for_agents(hint));
    auto text = fmt::format("{}: {}", printable(v.app.name), told);
    for (auto& hint : report.hints)
        text += fmt::format(" {}", for_agents(hint));
    return {std::move(text), std::move(j)};
}

tool_answer list_of(const apps_view& all, const std::optional<std::string>& category) {
    auto apps = json::array();
    std::string text;
    for (auto& v : all.apps) {
        if (category && v->app.category != category)
            continue;
        apps.push_back(short_json(*v));
        text += (text.empty() ? "" : "; ") + item(*v);
    }
    auto head = apps.size() == 1 ? std::string("1 app") : fmt::format("{} apps", apps.size());
    tool_answer answer{text.empty() ? "There are no apps; create_app makes one." : fmt::format("{}: {}.", head, text)};
    answer.structured["apps"] = std::move(apps);
    return answer;
}

tool_answer list_of(const std::vector<template_view>& all) {
    auto list = json::array();
    std::string names;
    for (auto& t : all) {
        json j = {{"name", t.name}, {"source", t.source}, {"ready", t.facts.has_value()}};
        if (t.facts)
            put(j, "nextVersion", t.facts->next);
        list.push_back(std::move(j));
        names += (names.empty() ? "" : ", ") + printable(t.name);
    }
    tool_answer answer{names.empty() ? "There are no templates; create_app needs none here."
                                     : fmt::format("Templates: {}.", names)};
    answer.structured["templates"] = std::move(list);
    return answer;
}

std::string apps_text(const apps_view& all) { return dump(list_of(all, {}).structured); }

std::string for_agents(std::string text) {
    // As core/why.cpp writes them; a test holds the two together.
    for (auto [command, tool] : {std::pair{"berth check", "check_app"},
                                 {"berth logs", "read_logs"},
                                 {"berth restart", "restart_app"},
                                 {"berth wake", "wait_until_ready"},
                                 {"berth sleep", "sleep_app"},
                                 {"berth start", "restart_app"},
                                 {"berth ls", "list_apps"}})
        replace_all(text, command, tool);
    return text;
}

} // namespace berth::net::mcp
