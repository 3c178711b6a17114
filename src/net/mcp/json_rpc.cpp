#include "net/mcp/json_rpc.hpp"

#include "core/app_json.hpp"
#include "core/json_watch.hpp"

namespace berth::net::mcp {
namespace {

using sort = rpc_message::sort;

rejected_message invalid(std::string why, nlohmann::json id = nullptr) {
    return {{fault::invalid_message, std::move(why)}, std::move(id)};
}

bool is_request_id(const nlohmann::json& id) { return id.is_string() || id.is_number_integer(); }

} // namespace

boost::system::result<rpc_message, rejected_message> read_message(std::string_view text) {
    json_watch watch(deepest_message);
    auto parsed = nlohmann::json::parse(text, std::ref(watch), false);
    if (!watch.wrong().empty())
        return invalid(watch.wrong());
    if (parsed.is_discarded())
        return rejected_message{{fault::not_json, "This is not valid JSON in UTF-8."}, nullptr};
    if (parsed.is_array())
        return invalid("A batch is not possible; send each message on its own.");
    if (!parsed.is_object())
        return invalid("A JSON-RPC message is an object.");
    rpc_message message;
    bool has_id = parsed.contains("id");
    if (has_id && is_request_id(parsed["id"]))
        message.id = std::move(parsed["id"]);
    else if (has_id && parsed.contains("method"))
        return invalid("id: must be a text or a whole number.");
    if (!parsed.contains("jsonrpc") || parsed["jsonrpc"] != "2.0")
        return invalid("jsonrpc: must be \"2.0\".", message.id);
    if (!parsed.contains("method")) {
        if (parsed.contains("result") == parsed.contains("error") || !has_id)
            return invalid("method: is missing.", message.id);
        message.kind = sort::response;
        return message;
    }
    if (!parsed["method"].is_string())
        return invalid("method: must be a text.", message.id);
    message.kind = has_id ? sort::request : sort::notification;
    message.method = parsed["method"].get<std::string>();
    if (auto params = parsed.find("params"); params != parsed.end()) {
        if (!params->is_object())
            return rejected_message{{fault::invalid_params, "params: must be an object."}, message.id};
        message.params = std::move(*params);
    }
    return message;
}

std::string result_text(const nlohmann::json& id, const nlohmann::ordered_json& result) {
    return dump({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

std::string error_text(const nlohmann::json& id, const rpc_error& e) {
    return dump(
        {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", static_cast<int>(e.code)}, {"message", e.message}}}});
}

std::string notification_text(std::string_view method, const nlohmann::ordered_json& params) {
    nlohmann::ordered_json message = {{"jsonrpc", "2.0"}, {"method", method}};
    if (!params.empty())
        message["params"] = params;
    return dump(message);
}

} // namespace berth::net::mcp
