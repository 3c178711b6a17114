#include "net/http/strict_json.hpp"

#include "core/json_watch.hpp"
#include "net/http/text.hpp"

#include <algorithm>

namespace berth::net {
namespace {} // namespace

result<nlohmann::json> parse_object(std::string_view text, std::initializer_list<std::string_view> known) {
    json_watch watch(max_depth);
    auto parsed = nlohmann::json::parse(text, std::ref(watch), false);
    if (!watch.wrong().empty())
        return invalid_request(watch.wrong());
    if (parsed.is_discarded())
        return invalid_request("This is not valid JSON.");
    if (!parsed.is_object())
        return invalid_request("A JSON object is needed, in braces.");
    if (auto checked = check_fields(parsed, "", known); !checked)
        return checked.error();
    return result<nlohmann::json>(boost::system::in_place_value,
                                  std::move(parsed)); // json takes anything: say which it is
}

result<> check_fields(const nlohmann::json& object, std::string_view where,
                      std::initializer_list<std::string_view> known) {
    for (auto& [key, value] : object.items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            return invalid_request((where.empty() ? "" : std::string(where) + '.') + printable(key) +
                                   ": there is no such field here.");
    return {};
}

result<std::optional<std::string>> optional_text(const nlohmann::json& object, const char* field) {
    auto found = object.find(field);
    if (found == object.end() || found->is_null())
        return std::optional<std::string>();
    if (!found->is_string())
        return invalid_request(std::string(field) + ": must be a string or null.");
    return std::optional(found->get<std::string>());
}

result<std::string> required_text(const nlohmann::json& object, const char* field) {
    auto found = object.find(field);
    if (found == object.end())
        return invalid_request(std::string(field) + ": is missing.");
    if (!found->is_string())
        return invalid_request(std::string(field) + ": must be a string.");
    return found->get<std::string>();
}

result<std::optional<bool>> optional_flag(const nlohmann::json& object, const char* field) {
    auto found = object.find(field);
    if (found == object.end() || found->is_null())
        return std::optional<bool>();
    if (!found->is_boolean())
        return invalid_request(std::string(field) + ": must be true or false.");
    return std::optional(found->get<bool>());
}

result<std::optional<std::uint64_t>> optional_count(const nlohmann::json& object, const char* field,
                                                    std::uint64_t max) {
    auto found = object.find(field);
    if (found == object.end())
        return std::optional<std::uint64_t>();
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() > max)
        return invalid_request(std::string(field) + ": must be a whole number from 0 to " + std::to_string(max) + ".");
    return std::optional(found->get<std::uint64_t>());
}

} // namespace berth::net
