// An app as JSON: one order of fields, for the manifest, the API and the WebSocket.
#pragma once

#include "core/app.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace berth {

/// The value, or null.
template <class T>
nlohmann::ordered_json or_null(const std::optional<T>& value) {
    if (!value)
        return nullptr;
    return *value;
}

/// The manifest's form: every field of spec section 2 but `operation`.
nlohmann::ordered_json to_json(const app&);

/// The API's form: with `operation` (null when none).
nlohmann::ordered_json to_json(const app&, activity);

/// As text. Text that is not UTF-8 (it cannot come through the API) is replaced by U+FFFD, never an exception.
std::string dump(const nlohmann::ordered_json&, int indent = -1);

} // namespace berth
