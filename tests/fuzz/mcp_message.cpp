// A body of POST /mcp: taken as the message that it is, or refused in words with the number that JSON-RPC has for it.
// Its parameters are then offered to a tool as arguments: taken as its schema says, or refused in words.
#include "fuzz.hpp"

#include "net/mcp/arguments.hpp"
#include "net/mcp/event_log.hpp"
#include "net/mcp/json_rpc.hpp"

using namespace berth;
using namespace berth::net::mcp;
using namespace berth::fuzz;

namespace berth::net::mcp {
extern const char tools_text[];
}

namespace {

using nlohmann::json;

/// One line of JSON, which says this of itself.
json line(const std::string& text) {
    require(text.find_first_of("\r\n") == text.npos, "a message is one line", text);
    auto parsed = json::parse(text, nullptr, false);
    require(parsed.is_object() && parsed["jsonrpc"] == "2.0", "a message is JSON-RPC", text);
    return parsed;
}

void check_taken(const rpc_message& m, std::string_view text) {
    auto given = json::parse(text);
    require(given.at("jsonrpc") == "2.0", "only JSON-RPC 2.0 is taken", text);
    if (m.kind == rpc_message::sort::response) {
        require(!given.contains("method") && given.contains("result") != given.contains("error"), "a response is one",
                text);
        return;
    }
    require(given.at("method") == m.method, "the method is the client's own", text);
    require(given.value("params", json::object()) == m.params && m.params.is_object(), "so are the parameters", text);
    require((m.kind == rpc_message::sort::request) == given.contains("id"), "a request is what has an id", text);
    if (m.kind == rpc_message::sort::notification)
        return;
    require(given["id"] == m.id && (m.id.is_string() || m.id.is_number_integer()), "the id is the client's own", text);
    auto answer = line(result_text(m.id, nlohmann::ordered_json(m.params)));
    require(answer.at("id") == m.id && answer.at("result") == m.params, "an answer holds what was put in", text);
}

void check_refused(const rejected_message& r) {
    require_words({errc::invalid_request, r.error.message});
    require(r.error.code == fault::not_json || r.error.code == fault::invalid_message ||
                r.error.code == fault::invalid_params,
            "a refusal has one of three numbers");
    auto answer = line(error_text(r.id, r.error));
    require(answer.at("id") == r.id && answer.at("error").at("code") == static_cast<int>(r.error.code),
            "a refusal is told");
}

const char* type_of(const json& value) {
    return value.is_string()           ? "string"
           : value.is_boolean()        ? "boolean"
           : value.is_number_integer() ? "integer"
           : value.is_null()           ? "null"
                                       : "other";
}

bool fits(const json& rule, const json& value) {
    auto& types = rule["type"];
    bool of_type = types == type_of(value) ||
                   (types.is_array() && std::find(types.begin(), types.end(), type_of(value)) != types.end());
    bool listed = !rule.contains("enum") || std::count(rule["enum"].begin(), rule["enum"].end(), value) == 1;
    bool within =
        !value.is_number() || !rule.contains("minimum") || (rule["minimum"] <= value && value <= rule["maximum"]);
    return of_type && listed && within;
}

void offer(const json& tool, const json& given) {
    auto& schema = tool["inputSchema"];
    auto required = schema.value("required", json::array());
    bool right = true;
    json expected = json::object();
    for (auto& [name, value] : given.items()) {
        bool known = schema["properties"].contains(name);
        bool given_as_nothing = known && value.is_null() && !fits(schema["properties"][name], value);
        right = right && known && (given_as_nothing || fits(schema["properties"][name], value));
        if (right && !given_as_nothing)
            expected[name] = value;
    }
    for (auto& name : required)
        right = right && expected.contains(name.get<std::string>());
    auto meant = read_arguments(tool["name"].get<std::string>(), schema, given);
    require(meant.has_value() == right, "what the schema allows is taken, and nothing else",
            meant ? "taken" : meant.error().detail);
    if (meant)
        require(*meant == expected, "arguments are the client's own");
    else
        require_words(meant.error());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const json tools = json::parse(tools_text)["tools"];
    std::string_view text(reinterpret_cast<const char*>(data), size);
    if (auto place = parse_place(text))
        require(to_text(*place) == text, "a place is written in one way", text);
    auto message = read_message(text);
    if (!message) {
        check_refused(message.error());
        return 0;
    }
    check_taken(*message, text);
    auto& params = message->params;
    auto arguments = params.find("arguments");
    // One tool for each message, whichever: all of them would be most of the time.
    auto& tool = tools[message->method.size() % tools.size()];
    offer(tool, arguments != params.end() && arguments->is_object() ? *arguments : params);
    return 0;
}
