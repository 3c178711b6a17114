#include "cli/mcp/message.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace berth::cli::mcp {
namespace {

using object = nlohmann::ordered_json;

std::string text_of(const object& value) { return value.dump(-1, ' ', false, object::error_handler_t::replace); }

object parsed(std::string_view json) { return object::parse(json, nullptr, false); }

/// The error object of a JSON-RPC answer; null: there is none.
object error_in(const object& answer) {
    auto fits = answer.is_object() && answer.contains("error") && answer["error"].is_object() &&
                answer["error"].contains("code") && answer["error"]["code"].is_number_integer();
    return fits ? answer["error"] : object();
}

std::string line_of(std::string_view id, const object& error) {
    object answer{{"jsonrpc", "2.0"}, {"id", id.empty() ? object() : parsed(id)}, {"error", error}};
    return text_of(answer);
}

} // namespace

message read_message(std::string_view json) {
    message m;
    auto value = parsed(json);
    if (!value.is_object())
        return m;
    m.method = word(value, "method");
    bool identified = value.contains("id") && !value["id"].is_null();
    if (identified)
        m.id = text_of(value["id"]);
    if (m.method.empty()) {
        m.what = identified && (value.contains("result") || value.contains("error")) ? message::kind::response
                                                                                     : message::kind::other;
        return m;
    }
    m.what = identified ? message::kind::request : message::kind::notification;
    auto params = value.value("params", object());
    if (m.method == "notifications/cancelled" && params.is_object() && params.contains("requestId"))
        m.cancels = text_of(params["requestId"]);
    m.uri = word(params, "uri");
    return m;
}

std::string agreed_revision(std::string_view json) {
    auto answer = parsed(json);
    auto revision = answer.is_object() && answer.contains("result") ? word(answer["result"], "protocolVersion") : "";
    bool is_date = revision.find_first_not_of("0123456789-") == revision.npos; // it goes into a header
    return is_date ? revision : std::string();
}

std::string error_answer(std::string_view id, int code, std::string_view text) {
    return line_of(id, {{"code", code}, {"message", text}});
}

std::string refusal(std::string_view id, int status, std::string_view body) {
    auto answer = parsed(body);
    if (auto error = error_in(answer); !error.is_null())
        return line_of(id.empty() && answer.contains("id") ? text_of(answer["id"]) : std::string(id), error);
    auto detail = word(answer, "detail");
    if (detail.empty())
        detail = fmt::format("The server answered {}.", status);
    return error_answer(id, status < 500 ? invalid_request : server_gone, detail);
}

std::string subscribe_request(std::string_view id, std::string_view uri) {
    return text_of({{"jsonrpc", "2.0"}, {"id", id}, {"method", "resources/subscribe"}, {"params", {{"uri", uri}}}});
}

std::string updated_notification(std::string_view uri) {
    return text_of({{"jsonrpc", "2.0"}, {"method", "notifications/resources/updated"}, {"params", {{"uri", uri}}}});
}

std::string on_one_line(std::string json) {
    std::replace_if(
        json.begin(), json.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return json;
}

} // namespace berth::cli::mcp
