#include "net/mcp/methods.hpp"

#include "core/names.hpp"
#include "net/mcp/resources.hpp"

namespace berth::net::mcp {
namespace {

using json = nlohmann::ordered_json;

method_result done(json value) { return method_result(boost::system::in_place_value, std::move(value)); }

/// Every list fits one page, so a cursor is none of ours.
method_result page(const nlohmann::json& params, json value) {
    if (params.contains("cursor"))
        return rpc_error{fault::invalid_params, "cursor: is not one that was given out; every list is one page."};
    return done(std::move(value));
}

boost::system::result<std::string, rpc_error> text_of(const nlohmann::json& params, const char* name) {
    auto found = params.find(name);
    if (found == params.end() || !found->is_string())
        return rpc_error{fault::invalid_params, std::string(name) + ": must be a text."};
    return found->get<std::string>();
}

rpc_error no_resource(const std::string& uri) {
    return {fault::no_such_resource, "There is no resource " + in_quotes(uri) + "; resources/list names them."};
}

} // namespace

task<method_result> methods::run(session& s, session_call& c) {
    auto& [kind, id, method, params] = c.message();
    auto apps = parts_.orchestrator.apps();
    if (method == "tools/call")
        co_return co_await call_tool(c);
    if (method == "tools/list")
        co_return page(params, tools_.list());
    if (method == "ping")
        co_return done(json::object());
    if (method == "resources/list")
        co_return page(params, resource_list(*apps));
    if (method == "resources/templates/list")
        co_return page(params, resource_templates());
    if (method == "resources/read")
        co_return co_await read(c);
    if (method == "resources/subscribe")
        co_return subscribe(s, params);
    if (method == "resources/unsubscribe") {
        auto uri = text_of(params, "uri");
        if (!uri)
            co_return uri.error();
        s.wanted.remove(*uri);
        co_return done(json::object());
    }
    co_return rpc_error{fault::no_such_method, "There is no method " + in_quotes(method) + " here."};
}

task<method_result> methods::call_tool(session_call& c) {
    auto& params = c.message().params;
    auto name = text_of(params, "name");
    if (!name)
        co_return name.error();
    if (!tools_.has(*name))
        co_return rpc_error{fault::invalid_params, "There is no tool " + in_quotes(*name) + "; tools/list names them."};
    auto arguments = nlohmann::json::object();
    if (auto given = params.find("arguments"); given != params.end() && !given->is_null())
        arguments = *given;
    if (!arguments.is_object())
        co_return rpc_error{fault::invalid_params, "arguments: must be an object."};
    auto answer = co_await tools_.run(std::move(*name), std::move(arguments), c);
    co_return done(to_json(answer));
}

task<method_result> methods::read(session_call& c) {
    auto uri = text_of(c.message().params, "uri");
    if (!uri)
        co_return uri.error();
    co_await parts_.orchestrator.fresh();
    auto apps = parts_.orchestrator.apps();
    if (!has_resource(*apps, *uri))
        co_return no_resource(*uri);
    auto room = co_await parts_.logs.take_room();
    if (!room)
        co_return rpc_error{fault::internal, room.error().detail};
    c.keep(std::move(*room));
    auto found = co_await read_resource(std::move(apps), parts_.logs, std::move(*uri));
    if (!found)
        co_return rpc_error{fault::internal, found.error().detail};
    co_return done(std::move(*found));
}

method_result methods::subscribe(session& s, const nlohmann::json& params) {
    auto uri = text_of(params, "uri");
    if (!uri)
        return uri.error();
    if (!has_resource(*parts_.orchestrator.apps(), *uri))
        return no_resource(*uri);
    if (!s.wanted.add(*uri))
        return rpc_error{fault::invalid_params, "This session has as many subscriptions as it may."};
    return done(json::object());
}

} // namespace berth::net::mcp
