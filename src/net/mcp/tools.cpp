#include "net/mcp/tools.hpp"

#include "core/app_reference.hpp"
#include "core/names.hpp"
#include "net/api/find_app.hpp"
#include "net/api/request_body.hpp"
#include "net/http/text.hpp"
#include "net/mcp/arguments.hpp"

#include <fmt/format.h>

namespace berth::net::mcp {

extern const char tools_text[]; // tools.json, by embedded.cmake

namespace {

task<tool_answer> list_apps(tool_use use) {
    auto& orch = use.parts.orchestrator;
    co_await orch.fresh();
    std::optional<std::string> category;
    if (use.arguments.contains("category"))
        category = use.arguments["category"].get<std::string>();
    co_return list_of(*orch.apps(), category);
}

task<tool_answer> check_app(tool_use use) {
    auto id = meant_id(use);
    if (!id)
        co_return failure(id.error());
    use.call.tell("Asking its dev server.");
    auto& orch = use.parts.orchestrator;
    auto checked = co_await orch.check(*id);
    if (checked)
        co_return about_page(**checked);
    auto now = find_app(*orch.apps(), *id);
    if (checked.error().code == errc::not_running && now && sleeps(now->app))
        co_return not_ready(*now, "cannot be checked.");
    co_return failure(checked.error());
}

task<tool_answer> why(tool_use use) {
    auto& orch = use.parts.orchestrator;
    co_await orch.fresh();
    auto id = meant_id(use);
    if (!id)
        co_return failure(id.error());
    auto told = co_await orch.why(*id);
    if (!told)
        co_return failure(told.error());
    auto view = find_app(*orch.apps(), *id);
    co_return view ? about_trouble(*view, *told) : failure(no_app(*id));
}

task<tool_answer> stop_app(tool_use use) {
    auto id = meant_id(use);
    if (!id)
        co_return failure(id.error());
    auto& orch = use.parts.orchestrator;
    auto stopped = co_await orch.stop(std::move(*id));
    co_return stopped ? about(**stopped, orch.root()) : failure(stopped.error());
}

task<tool_answer> sleep_app(tool_use use) {
    auto id = meant_id(use);
    if (!id)
        co_return failure(id.error());
    auto& orch = use.parts.orchestrator;
    auto slept = co_await orch.sleep(std::move(*id));
    co_return slept ? about(**slept, orch.root()) : failure(slept.error());
}

task<tool_answer> edit_app(tool_use use) {
    auto id = meant_id(use);
    if (!id)
        co_return failure(id.error());
    use.arguments.erase("app");
    auto edit = read_edit(use.arguments);
    if (!edit)
        co_return failure(edit.error());
    auto& orch = use.parts.orchestrator;
    auto edited = co_await orch.edit(std::move(*id), std::move(*edit));
    co_return edited ? about(**edited, orch.root()) : failure(edited.error());
}

task<tool_answer> delete_app(tool_use use) {
    auto id = meant_id(use, true);
    if (!id)
        co_return failure(id.error());
    auto& orch = use.parts.orchestrator;
    auto name = orch.apps()->find(*id)->app.name;
    auto cleanup = argument(use, "cleanup", true);
    auto removed = co_await orch.remove(std::move(*id), cleanup);
    if (!removed)
        co_return failure(removed.error());
    tool_answer done{fmt::format("Deleted {}.", printable(name))};
    done.structured["id"] = removed->id;
    if (removed->warning) {
        done.text += ' ' + *removed->warning;
        done.structured["warning"] = *removed->warning;
    }
    co_return done;
}

task<tool_answer> list_templates(tool_use use) {
    auto all = co_await use.parts.orchestrator.templates();
    co_return list_of(all);
}

struct row {
    std::string_view name;
    task<tool_answer> (*run)(tool_use);
};

constexpr row rows[] = {
    {"list_apps", list_apps},
    {"create_app", create_app},
    {"adopt_app", adopt_app},
    {"wait_until_ready", wait_until_ready},
    {"check_app", check_app},
    {"why", why},
    {"read_logs", read_logs},
    {"stop_app", stop_app},
    {"restart_app", restart_app},
    {"sleep_app", sleep_app},
    {"edit_app", edit_app},
    {"delete_app", delete_app},
    {"list_templates", list_templates},
};

/// Where a schema says "app", an app as every tool answers it.
void spell_out(nlohmann::ordered_json& schema, const nlohmann::ordered_json& app) {
    if (schema == "app")
        schema = {{"type", "object"},
                  {"properties", app},
                  {"required", {"id", "name", "status"}},
                  {"additionalProperties", false}};
    else if (schema.is_object())
        for (auto& [name, inner] : schema.items())
            if (name == "properties" || name == "items" || name == "apps")
                spell_out(inner, app);
}

error not_one(const meant_app& meant, const std::vector<named_app>& apps, const std::string& reference) {
    if (meant.found == meant_app::how::several) {
        std::string list;
        for (auto at : meant.which)
            list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", apps[at].id, printable(apps[at].name));
        return invalid_request(
            fmt::format("app: {} could be any of {}; give more of the id.", in_quotes(reference), list));
    }
    if (meant.found == meant_app::how::too_short)
        return invalid_request(fmt::format("app: {} is no app's name, and too short for the beginning of an id, which "
                                           "counts from {} characters.",
                                           in_quotes(reference), least_prefix));
    if (meant.found == meant_app::how::prefix)
        return invalid_request(fmt::format("app: {} is only the beginning of an id ({}, {}); this needs the whole name "
                                           "or id.",
                                           in_quotes(reference), apps[meant.which.front()].id,
                                           printable(apps[meant.which.front()].name)));
    return no_app(reference);
}

} // namespace

result<std::string> meant_id(const apps_view& all, const std::string& reference, bool whole) {
    std::vector<named_app> names;
    for (auto& v : all.apps)
        names.push_back({v->app.id, v->app.name});
    auto meant = find_meant(names, reference);
    if (meant.found == meant_app::how::whole || (meant.found == meant_app::how::prefix && !whole))
        return std::string(names[meant.which.front()].id);
    return not_one(meant, names, reference);
}

result<std::string> meant_id(const tool_use& use, bool whole) {
    return meant_id(*use.parts.orchestrator.apps(), use.arguments["app"].get<std::string>(), whole);
}

tools::tools(tool_parts parts) : parts_(std::move(parts)) {
    auto document = nlohmann::ordered_json::parse(tools_text);
    for (auto& tool : document["tools"]) {
        schemas_.emplace(tool["name"].get<std::string>(), tool["inputSchema"]);
        spell_out(tool["outputSchema"], document["app"]);
    }
    list_["tools"] = std::move(document["tools"]);
}

task<tool_answer> tools::run(std::string name, nlohmann::json arguments, running_call& call) {
    auto meant = read_arguments(name, schemas_.find(name)->second, std::move(arguments));
    if (!meant)
        co_return failure(meant.error());
    for (auto& row : rows)
        if (row.name == name) {
            tool_use use{parts_, call, std::move(*meant)};
            co_return co_await row.run(std::move(use));
        }
    co_return failure({errc::internal_error, "The tool " + name + " does nothing."});
}

} // namespace berth::net::mcp
