// One app in manifest.json: its fields, read and written. Part of manifest.cpp.
#pragma once

#include "core/manifest.hpp"

namespace berth {

/// Throws invalid_field (core/json_fields.hpp).
manifest_entry read_entry(const std::string& id, const nlohmann::json&);

nlohmann::ordered_json write_entry(const manifest_entry&);

} // namespace berth
