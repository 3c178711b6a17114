// why: what is known of an app's trouble, and what to do.
#include "cli/commands.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

/// Each line of a text of somebody's, harmless and moved in.
std::string moved_in(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        out += fmt::format("    {}\n", visible(line));
    }
    return out;
}

std::string lines_at(const nlohmann::ordered_json& answer, const char* key) {
    std::string out;
    for (auto& line : answer.at(key))
        out += fmt::format("    {}\n", visible(line.get<std::string>()));
    return out;
}

std::string frame_lines(const nlohmann::ordered_json& answer) {
    auto& page = answer.at("page");
    if (!page.is_object() || !page.at("first").is_object() || !page["first"].at("frame").is_string())
        return {};
    return moved_in(page["first"]["frame"].get<std::string>());
}

} // namespace

task<outcome<int>> run_why(session& s, why_command wish) {
    auto app = co_await one_app(s, wish.app);
    if (app.has_error())
        co_return app.error();
    auto body = co_await get(s, "/api/apps/" + app->id + "/why");
    if (body.has_error())
        co_return body.error();
    if (s.json) {
        s.out.print_json(*body);
        co_return exit_code::done;
    }
    auto answer = nlohmann::ordered_json::parse(*body);
    s.out.print(fmt::format("{}: {}\n", visible(app->name), visible(answer.at("sentence").get<std::string>())));
    auto part = [&](std::string_view title, const std::string& lines) {
        if (!lines.empty())
            s.out.print(fmt::format("  {}\n{}", title, lines));
    };
    part("where", frame_lines(answer));
    part("its last words", lines_at(answer, "lastWords"));
    part("what to do", lines_at(answer, "hints"));
    co_return exit_code::done;
}

} // namespace berth::cli
