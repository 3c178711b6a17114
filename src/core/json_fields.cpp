#include "core/json_fields.hpp"

#include <fmt/format.h>

namespace berth {

using nlohmann::json;

json_fields::json_fields(json object, std::string path) : object_(std::move(object)), path_(std::move(path)) {
    if (!object_.is_object())
        throw invalid_field{path_ + " must be an object."};
}

std::string json_fields::text(const char* name) {
    auto value = take(name);
    if (!value.is_string())
        fail(name, "must be a text");
    return value.get<std::string>();
}

std::optional<std::string> json_fields::text_or_null(const char* name) {
    auto value = take(name);
    if (value.is_null())
        return {};
    if (!value.is_string())
        fail(name, "must be a text or null");
    return value.get<std::string>();
}

std::int64_t json_fields::integer(const char* name, std::int64_t low, std::int64_t high) {
    auto value = take(name);
    // Numbers beyond 2^63 are kept as unsigned ones; as signed they would be negative.
    auto fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high)
                                           : value.is_number_integer() && value <= high;
    if (!fits || value < low)
        fail(name, fmt::format("must be a whole number from {} to {}", low, high));
    return value.get<std::int64_t>();
}

std::optional<std::int64_t> json_fields::integer_or_null(const char* name, std::int64_t low, std::int64_t high) {
    if (!object_.contains(name) || object_[name].is_null()) {
        object_.erase(name);
        return {};
    }
    return integer(name, low, high);
}

double json_fields::number(const char* name, double high) {
    auto value = take(name);
    if (!value.is_number() || value < 0 || value > high)
        fail(name, fmt::format("must be a number from 0 to {:.0f}", high));
    return value.get<double>();
}

bool json_fields::flag(const char* name) {
    auto value = take(name);
    if (value.is_null())
        return false;
    if (!value.is_boolean())
        fail(name, "must be true or false");
    return value.get<bool>();
}

json json_fields::take(const char* name) {
    auto it = object_.find(name);
    if (it == object_.end())
        return nullptr;
    auto value = std::move(*it);
    object_.erase(it);
    return value;
}

void json_fields::fail(const char* name, std::string_view what) const {
    throw invalid_field{fmt::format("{}{}{} {}.", path_, path_.empty() ? "" : ".", name, what)};
}

} // namespace berth
