// open and path: from an app to where it is.
#include "cli/commands.hpp"
#include "cli/opener.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace berth::cli {

task<outcome<int>> run_open(session& s, open_command wish) {
    auto app = co_await one_app(s, wish.app);
    if (app.has_error())
        co_return app.error();
    bool comes = app->asleep || app->operation == "waking"; // opening it wakes it
    if (!app->runs() && !comes) {
        auto why = failed(fmt::format("{} is {}; start it with: berth start {}", in_quotes(app->name),
                                      visible(app->status), app->id));
        co_return why;
    }
    auto address = wish.named ? app->named_url(s.server.port) : app->url();
    if (address.empty()) {
        auto why = failed("this server does not know apps by name; it is an older one");
        co_return why;
    }
    bool opened = open_address(address);
    if (s.json)
        s.out.print_json(app->json);
    else
        s.out.print(opened ? fmt::format("opened {}\n", address) : address + "\n");
    co_return exit_code::done;
}

task<outcome<int>> run_path(session& s, path_command wish) {
    auto app = co_await one_app(s, wish.app);
    if (app.has_error())
        co_return app.error();
    auto body = co_await get(s, "/api/health");
    if (body.has_error())
        co_return body.error();
    auto health = nlohmann::json::parse(*body, nullptr, false);
    if (!health.is_object() || !health.contains("root") || !health["root"].is_string())
        co_return foreign_answer("it does not say where its root is");
    // The manifest's folders are relative to the root; an absolute one stays as it is.
    auto folder = (std::filesystem::path(health["root"].get<std::string>()) / app->directory).lexically_normal();
    if (s.json)
        s.out.print_json(nlohmann::ordered_json{{"id", app->id}, {"path", folder.string()}}.dump());
    else
        s.out.print(s.out.facts().out ? visible(folder.string()) + "\n" : folder.string() + "\n");
    co_return exit_code::done;
}

} // namespace berth::cli
