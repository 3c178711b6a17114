// edit: changes an app's settings, and says which of them come with its next start.
#include "cli/commands.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

} // namespace

task<outcome<int>> run_edit(session& s, edit_command wish) {
    auto before = co_await one_app(s, wish.app);
    if (before.has_error())
        co_return before.error();
    json body = json::object();
    if (wish.name)
        body["name"] = *wish.name;
    if (wish.category)
        body["category"] = text_or_null(*wish.category);
    if (wish.notes)
        body["notes"] = text_or_null(*wish.notes);
    if (wish.lan)
        body["lan"] = *wish.lan;
    if (wish.keep_awake)
        body["keepAwake"] = *wish.keep_awake;
    http_request request;
    request.method = "PATCH";
    request.target = "/api/apps/" + before->id;
    request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    auto answer = co_await ask(s, std::move(request));
    if (answer.has_error())
        co_return answer.error();
    auto app = parse_app(*answer);
    if (app.has_error())
        co_return app.error();
    if (s.json)
        s.out.print_json(*answer);
    else
        s.out.print(fmt::format("{}  (id {})\n", visible(app->name), app->id));
    if (!app->pending.empty())
        s.out.note(fmt::format("it runs without the new {} until its next start: berth restart {}",
                               fmt::join(app->pending, " and "), app->id));
    co_return exit_code::done;
}

} // namespace berth::cli
