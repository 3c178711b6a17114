// adopt: takes in a project where it is. The folder is made absolute here: the server has another working directory.
#include "cli/commands.hpp"
#include "cli/wait_online.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace berth::cli {
namespace {

constexpr std::chrono::minutes adopt_deadline{5};

} // namespace

task<outcome<int>> run_adopt(session& s, adopt_command wish) {
    std::error_code failed_to;
    auto folder = std::filesystem::absolute(wish.directory, failed_to);
    if (failed_to) {
        auto why = failed("the working directory cannot be read: " + failed_to.message());
        co_return why;
    }
    nlohmann::ordered_json body{{"directory", folder.lexically_normal().string()}, {"takeOver", wish.take_over}};
    if (!wish.script.empty())
        body["script"] = wish.script;
    if (wish.name)
        body["name"] = *wish.name;
    if (wish.category)
        body["category"] = *wish.category;
    if (wish.notes)
        body["notes"] = *wish.notes;
    if (wish.lan)
        body["lan"] = true;
    http_request request;
    request.method = "POST";
    request.target = "/api/apps";
    request.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    request.deadline = adopt_deadline;
    auto answer = co_await ask(s, std::move(request));
    if (answer.has_error())
        co_return answer.error();
    auto app = parse_app(*answer);
    if (app.has_error())
        co_return app.error();
    new_app made{std::move(*app), std::move(*answer)};
    after_start then{wish.wait, wish.open, wish.timeout};
    co_return co_await show_started(s, std::move(made), then);
}

} // namespace berth::cli
