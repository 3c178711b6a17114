// Holds an answer or a message against openapi.json: the parts of JSON Schema that the document uses, and a failure for any
// other, so that nothing in it is passed over unseen.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace berth::test {

class api_document {
public:
    /// The document in the source tree.
    static const api_document& get();

    const nlohmann::json& document() const { return document_; }

    /// What is wrong with the value; empty: nothing.
    std::string check_schema(const std::string& name, const nlohmann::json& value) const;

    /// The same for a schema that is given.
    std::string check_value(const nlohmann::json& schema, const nlohmann::json& value) const {
        return check(schema, value, "value");
    }

    /// What is wrong with an answer to a call: its status must be described, its type and body fit. `target` is the request's.
    std::string check_answer(const std::string& method, std::string_view target, int status, std::string_view type,
                             const std::string& body) const;

private:
    api_document();
    std::string check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& where) const;
    std::string check_object(const nlohmann::json& schema, const nlohmann::json& value, const std::string& where) const;
    std::string check_number(const nlohmann::json& schema, const nlohmann::json& value, const std::string& where) const;
    const nlohmann::json& resolve(const nlohmann::json&) const;
    nlohmann::json document_;
};

} // namespace berth::test
