// Reads the fields of a JSON object one by one, and says in words, with the path, which of them is not as it must be.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth {

/// What is wrong, and where: an exception, since a reader of thirty fields with a result for each would hide the
/// fields. Caught where the manifest is parsed.
struct invalid_field {
    std::string detail;
};

/// Reads the fields of one object; what it has not been asked for is left over.
class json_fields {
public:
    /// `path` goes before the names of the fields in what is said of them; empty at the top.
    json_fields(nlohmann::json object, std::string path);

    std::string text(const char* name);
    std::optional<std::string> text_or_null(const char* name);
    std::int64_t integer(const char* name, std::int64_t low, std::int64_t high);
    std::optional<std::int64_t> integer_or_null(const char* name, std::int64_t low, std::int64_t high);
    double number(const char* name, double high);
    /// False when it is not there, or null.
    bool flag(const char* name);

    bool has(const char* name) const { return object_.contains(name); }
    /// Null when it is not there.
    nlohmann::json take(const char* name);
    nlohmann::json rest() { return std::move(object_); }

    [[noreturn]] void fail(const char* name, std::string_view what) const;

private:
    nlohmann::json object_;
    std::string path_;
};

} // namespace berth
