// What the completion scripts ask.
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "core/templates.hpp"

#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

/// Empty when there is no server: somebody has pressed Tab, and wants no words about that.
task<std::string> in_time(session& s, std::string target) {
    http_request request;
    request.method = "GET";
    request.target = std::move(target);
    request.deadline = std::chrono::seconds(2);
    auto body = co_await ask(s, std::move(request));
    co_return body.has_value() ? *body : std::string();
}

std::vector<std::string> names_of(const std::string& templates) {
    std::vector<std::string> names;
    auto all = nlohmann::json::parse(templates, nullptr, false);
    for (auto& each : all.is_array() ? all : nlohmann::json::array())
        if (each.is_object() && each.contains("name") && each["name"].is_string())
            names.push_back(each["name"].get<std::string>());
    std::erase_if(names, [](auto& name) { return check_template_name(name).has_error(); });
    return names;
}

} // namespace

task<outcome<int>> run_complete(session& s, complete_command asked) {
    std::vector<listed_app> apps;
    std::vector<std::string> templates;
    auto [wants_apps, wants_templates] = needed(asked.words);
    if (wants_apps) {
        std::string target = "/api/apps";
        auto body = co_await in_time(s, std::move(target));
        auto parsed = parse_apps(body);
        if (parsed.has_value())
            apps = *parsed;
    }
    if (wants_templates) {
        std::string target = "/api/templates";
        templates = names_of(co_await in_time(s, std::move(target)));
    }
    auto all = complete(asked.words, apps, templates);
    s.out.print(asked.bash ? bash_lines(all, *asked.bash) : to_lines(all));
    co_return exit_code::done;
}

} // namespace berth::cli
