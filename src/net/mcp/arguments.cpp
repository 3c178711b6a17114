#include "net/mcp/arguments.hpp"

#include "net/http/text.hpp"

namespace berth::net::mcp {
namespace {

bool is_of(const std::string& type, const nlohmann::json& value) {
    return (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) || (type == "null" && value.is_null());
}

bool fits_type(const nlohmann::json& types, const nlohmann::json& value) {
    if (types.is_string())
        return is_of(types.get_ref<const std::string&>(), value);
    return std::any_of(types.begin(), types.end(),
                       [&](auto& type) { return is_of(type.template get_ref<const std::string&>(), value); });
}

/// What the schema of one argument allows, for a sentence: "a whole number from 1 to 600".
std::string allowed(const nlohmann::json& rule) {
    if (rule.contains("enum")) {
        std::string list;
        for (auto& one : rule["enum"])
            list += (list.empty() ? "" : ", ") + one.get<std::string>();
        return "one of " + list;
    }
    if (rule["type"] == "boolean")
        return "true or false";
    if (rule["type"] == "integer")
        return "a whole number from " + rule["minimum"].dump() + " to " + rule["maximum"].dump();
    return rule["type"] == "string" ? "a text" : "a text or null";
}

bool fits(const nlohmann::json& rule, const nlohmann::json& value) {
    if (!fits_type(rule["type"], value))
        return false;
    if (rule.contains("enum") && std::find(rule["enum"].begin(), rule["enum"].end(), value) == rule["enum"].end())
        return false;
    return !value.is_number() || (value >= rule["minimum"] && value <= rule["maximum"]);
}

} // namespace

result<nlohmann::json> read_arguments(std::string_view tool, const nlohmann::json& schema, nlohmann::json given) {
    auto& known = schema["properties"];
    nlohmann::json meant = nlohmann::json::object();
    for (auto& [name, value] : given.items()) {
        if (!known.contains(name)) {
            std::string list;
            for (auto& [one, rule] : known.items())
                list += (list.empty() ? "" : ", ") + one;
            return invalid_request(std::string(tool) + " has no argument " + in_quotes(name) +
                                   (list.empty() ? "; it takes none." : "; it takes " + list + "."));
        }
        auto& rule = known[name];
        if (value.is_null() && !fits_type(rule["type"], value))
            continue;
        if (!fits(rule, value))
            return invalid_request(name + ": must be " + allowed(rule) + ".");
        meant[name] = std::move(value);
    }
    if (auto required = schema.find("required"); required != schema.end())
        for (auto& name : *required)
            if (!meant.contains(name.get_ref<const std::string&>()))
                return invalid_request(name.get<std::string>() + ": is missing.");
    return result<nlohmann::json>(boost::system::in_place_value, std::move(meant));
}

} // namespace berth::net::mcp
