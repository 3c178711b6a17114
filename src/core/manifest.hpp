// The manifest: requirements section 3. Text in, value out, and back; no files here.
//
// Fields that Berth does not know, at the top or in an app, are kept and written back: the file belongs to the user
// too.
#pragma once

#include "core/app.hpp"
#include "core/task.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace berth {

struct manifest_entry {
    berth::app app;
    nlohmann::json other = nlohmann::json::object(); // fields that are not ours
    bool operator==(const manifest_entry&) const = default;
};

struct manifest {
    std::string version = "1.0.0";
    std::pair<std::uint16_t, std::uint16_t> port_range{3100, 3199}; // inclusive
    std::map<std::string, manifest_entry> apps;                     // by id
    nlohmann::json other = nlohmann::json::object();
    bool operator==(const manifest&) const = default;
};

/// Reads and checks a manifest. errc::manifest_invalid says what is wrong: line and column where the JSON is broken,
/// the path ("apps.abc.port") where a value is.
result<manifest> parse_manifest(std::string_view text);

/// As the document lays it out, two spaces, a newline at the end.
std::string format_manifest(const manifest&);

/// The version of a manifest that a later Berth wrote ("2.0.0"), which is not to be taken for a corrupt one; none: it
/// is of ours, or no manifest at all.
std::optional<std::string> newer_version(std::string_view text);

/// True when they are equal but for the figures that flutter: memory, processor, when it was opened.
bool only_figures_differ(const manifest&, const manifest&);

/// True when the file would hold the same: equal but for what is not stored.
bool same_in_file(const manifest&, const manifest&);

/// True when only runtime fields or the intent differ: such a change needs no backup.
bool same_static_fields(const manifest&, const manifest&);

} // namespace berth
