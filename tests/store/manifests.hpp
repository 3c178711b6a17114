// Manifests for tests to write.
#pragma once

#include "core/storage.hpp"

#include <string>

namespace berth::test {

inline manifest_entry make_entry(std::string name, std::uint16_t port) {
    manifest_entry entry;
    entry.app.id = name;
    entry.app.name = "app-" + name;
    entry.app.port = port;
    entry.app.created_at = "2026-01-31T14:30:00.000Z";
    return entry;
}

/// With so many apps: a000000000 on 3100, a000000001 on 3101 ... at most ten.
inline manifest make_manifest(int apps) {
    manifest m;
    for (int i = 0; i < apps; ++i) {
        auto name = "a00000000" + std::to_string(i);
        m.apps[name] = make_entry(name, static_cast<std::uint16_t>(3100 + i));
    }
    return m;
}

/// The same with a changed runtime field.
inline manifest with_memory(manifest m, int mb) {
    for (auto& [name, entry] : m.apps)
        entry.app.memory_mb = mb;
    return m;
}

inline constexpr save_options with_backup{.backup = true};
inline constexpr save_options without_backup{.backup = false};

} // namespace berth::test
