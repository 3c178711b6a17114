#include "net/schema.hpp"

#include <fstream>
#include <regex>
#include <set>

namespace berth::test {
namespace {

using nlohmann::json;

const std::set<std::string> understood = {
    "$ref",   "type",     "enum",        "const",    "oneOf",     "properties",   "required", "additionalProperties",
    "items",  "minItems", "maxItems",    "pattern",  "minLength", "maxLength",    "minimum",  "maximum",
    "format", "default",  "description", "examples", "example",   "discriminator"};

bool is_type(const std::string& type, const json& value) {
    if (type == "object")
        return value.is_object();
    if (type == "array")
        return value.is_array();
    if (type == "string")
        return value.is_string();
    if (type == "integer")
        return value.is_number_integer();
    if (type == "number")
        return value.is_number();
    if (type == "boolean")
        return value.is_boolean();
    return type == "null" && value.is_null();
}

std::string pointer_of(const std::string& path) {
    std::string text;
    for (char c : path)
        text += c == '/' ? "~1" : c == '~' ? "~0" : std::string(1, c);
    return text;
}

} // namespace

api_document::api_document() {
    std::ifstream file(BERTH_SOURCE_DIR "/src/net/api/openapi.json");
    document_ = json::parse(file);
}

const api_document& api_document::get() {
    static const api_document document;
    return document;
}

const json& api_document::resolve(const json& node) const {
    auto ref = node.find("$ref");
    return ref == node.end() ? node : resolve(document_.at(json::json_pointer(ref->get<std::string>().substr(1))));
}

std::string api_document::check_schema(const std::string& name, const json& value) const {
    return check(document_.at("components").at("schemas").at(name), value, name);
}

std::string api_document::check(const json& given, const json& value, const std::string& where) const {
    auto& schema = resolve(given);
    for (auto& [key, rule] : schema.items())
        if (!understood.contains(key))
            return where + ": the schema uses " + key + ", which this check does not know";
    if (auto type = schema.find("type"); type != schema.end()) {
        bool fits = false;
        for (auto& one : type->is_array() ? *type : json::array({*type}))
            fits = fits || is_type(one, value);
        if (!fits)
            return where + ": must be " + type->dump() + ", is " + value.dump();
    }
    if (auto all = schema.find("enum"); all != schema.end() && std::find(all->begin(), all->end(), value) == all->end())
        return where + ": must be one of " + all->dump() + ", is " + value.dump();
    if (auto one = schema.find("const"); one != schema.end() && *one != value)
        return where + ": must be " + one->dump() + ", is " + value.dump();
    if (auto choices = schema.find("oneOf"); choices != schema.end()) {
        int fit = 0;
        std::string why;
        for (auto& choice : *choices)
            if (auto wrong = check(choice, value, where); wrong.empty())
                ++fit;
            else
                why += "\n  " + wrong;
        if (fit != 1)
            return where + ": fits " + std::to_string(fit) + " of the choices" + why;
    }
    if (value.is_object())
        return check_object(schema, value, where);
    if (value.is_number())
        return check_number(schema, value, where);
    if (value.is_array()) {
        if (value.size() < schema.value("minItems", 0u) || value.size() > schema.value("maxItems", 1'000'000u))
            return where + ": has " + std::to_string(value.size()) + " items";
        if (schema.contains("items"))
            for (std::size_t i = 0; i < value.size(); ++i)
                if (auto wrong = check(schema["items"], value[i], where + "[" + std::to_string(i) + "]");
                    !wrong.empty())
                    return wrong;
    }
    if (value.is_string() && schema.contains("pattern") &&
        !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>())))
        return where + ": does not match its pattern: " + value.dump();
    return {};
}

std::string api_document::check_number(const json& schema, const json& value, const std::string& where) const {
    if ((schema.contains("minimum") && value < schema["minimum"]) ||
        (schema.contains("maximum") && value > schema["maximum"]))
        return where + ": is out of bounds: " + value.dump();
    return {};
}

std::string api_document::check_object(const json& schema, const json& value, const std::string& where) const {
    for (auto& name : schema.value("required", json::array()))
        if (!value.contains(name.get<std::string>()))
            return where + ": lacks " + name.get<std::string>();
    auto properties = schema.value("properties", json::object());
    auto others = schema.value("additionalProperties", json(true));
    for (auto& [key, field] : value.items()) {
        auto inner = where + "." + key;
        if (properties.contains(key)) {
            if (auto wrong = check(properties[key], field, inner); !wrong.empty())
                return wrong;
        } else if (others == false) {
            return inner + ": is not described";
        } else if (others.is_object()) {
            if (auto wrong = check(others, field, inner); !wrong.empty())
                return wrong;
        }
    }
    return {};
}

std::string api_document::check_answer(const std::string& method, std::string_view target, int status,
                                       std::string_view type, const std::string& body) const {
    auto path = std::string(target.substr(0, target.find('?')));
    for (auto& [pattern, item] : document_.at("paths").items()) {
        std::string expression = std::regex_replace(pattern, std::regex(R"(\{[a-z]+\})"), "[^/]+");
        if (pattern.find("{id}") != pattern.npos && path == "/api/apps/actions")
            continue;
        if (!std::regex_match(path, std::regex(std::regex_replace(expression, std::regex(R"(\.)"), "\\."))))
            continue;
        auto verb = method == "HEAD" ? std::string("get") : method;
        std::transform(verb.begin(), verb.end(), verb.begin(),
                       [](char c) { return static_cast<char>(std::tolower(c)); });
        if (!item.contains(verb))
            return status == 405 ? ""
                                 : method + " " + path + ": is not described and answered " + std::to_string(status);
        auto at = "/paths/" + pointer_of(pattern) + "/" + verb + "/responses/" + std::to_string(status);
        if (!document_.contains(json::json_pointer(at)))
            return method + " " + path + ": " + std::to_string(status) + " is not described";
        auto& described = resolve(document_.at(json::json_pointer(at)));
        if (!described.contains("content") || method == "HEAD")
            return {};
        if (!described["content"].contains(type))
            return method + " " + path + ": the type " + std::string(type) + " is not described";
        auto& schema = described["content"][std::string(type)]["schema"];
        auto value = type.find("json") != type.npos ? json::parse(body) : json(body);
        return check(schema, value, method + " " + path + " " + std::to_string(status));
    }
    return {};
}

} // namespace berth::test
