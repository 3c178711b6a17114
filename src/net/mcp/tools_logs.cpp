// read_logs: what an app printed, made plain and marked as its words.
#include "core/names.hpp"
#include "net/api/find_app.hpp"
#include "net/http/text.hpp"
#include "net/mcp/tools.hpp"

#include <fmt/format.h>

namespace berth::net::mcp {

task<tool_answer> read_logs(tool_use use) {
    auto id = meant_id(use);
    if (!id)
        co_return failure(id.error());
    auto name = find_app(*use.parts.orchestrator.apps(), *id)->app.name;
    auto wanted = argument(use, "stream", std::string("both"));
    log_query query;
    query.lines = argument(use, "lines", std::size_t{50});
    query.grep = argument(use, "grep", std::string());
    query.regex = !query.grep.empty();
    if (use.arguments.contains("since")) {
        if (wanted == "both")
            co_return failure(invalid_request("since: goes with one stream; say stdout or stderr."));
        query.after = use.arguments["since"].get<std::uint64_t>();
    }
    auto room = co_await use.parts.logs.take_room();
    if (!room)
        co_return failure(room.error());
    use.call.keep(std::move(*room));
    tool_answer answer;
    answer.structured["id"] = *id;
    auto next = nlohmann::ordered_json::object();
    for (auto& [stream, title] : log_streams) {
        if (wanted != "both" && wanted != title)
            continue;
        auto found = co_await use.parts.logs.read(*id, stream, query);
        if (!found)
            co_return failure(found.error());
        next[title] = found->next;
        if (found->text.empty())
            continue;
        answer.text += marked(title, name, found->text);
        answer.structured[title] = std::move(found->text);
    }
    answer.structured["next"] = std::move(next);
    if (answer.text.empty())
        answer.text =
            printable(name) + (query.regex || query.after ? " printed nothing that fits." : " printed nothing.");
    co_return answer;
}

} // namespace berth::net::mcp
