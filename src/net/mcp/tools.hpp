// The tools of spec section 17. What clients are shown of them is tools.json: names, schemas, hints. What they do is
// one short function each, in one table: arguments that fit the schema in, an answer out.
//
// They ask the orchestrator as the REST API does. Lives on the reactor.
#pragma once

#include "core/orchestrator.hpp"
#include "net/mcp/answers.hpp"
#include "net/mcp/news.hpp"
#include "net/mcp/plain_logs.hpp"
#include "net/mcp/running_call.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <string_view>

namespace berth::net::mcp {

struct tool_parts {
    berth::orchestrator& orchestrator;
    plain_logs& logs;
    mcp::news& news;
    asio::any_io_executor executor;
};

/// A tool that was called.
struct tool_use {
    const tool_parts& parts;
    running_call& call;
    nlohmann::json arguments; // as read_arguments() gives them
};

class tools {
public:
    /// All parts must outlive it and its tasks.
    explicit tools(tool_parts);

    /// The result of tools/list.
    const nlohmann::ordered_json& list() const { return list_; }
    bool has(std::string_view name) const { return schemas_.contains(name); }

    /// `name` is one that there is. Every failure is an answer; throws only for a bug.
    task<tool_answer> run(std::string name, nlohmann::json arguments, running_call&);

private:
    tool_parts parts_;
    nlohmann::ordered_json list_;
    std::map<std::string, nlohmann::json, std::less<>> schemas_; // of the arguments, by name
};

/// The tools that wait for an app to come about: tools_start.cpp.
task<tool_answer> create_app(tool_use);
task<tool_answer> adopt_app(tool_use);
task<tool_answer> restart_app(tool_use);
task<tool_answer> wait_until_ready(tool_use);
/// tools_logs.cpp.
task<tool_answer> read_logs(tool_use);

/// The id of the app that is meant, as core/app_reference.hpp has it. `whole`: a beginning of an id is not enough.
result<std::string> meant_id(const apps_view&, const std::string& reference, bool whole = false);
/// The same for the argument `app`.
result<std::string> meant_id(const tool_use&, bool whole = false);

/// The argument, or what it is when it was left out.
template <class T>
T argument(const tool_use& use, const char* name, T otherwise) {
    auto found = use.arguments.find(name);
    return found == use.arguments.end() ? otherwise : found->get<T>();
}

} // namespace berth::net::mcp
