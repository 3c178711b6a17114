// A manifest in a root of its own, on the real disk.
#pragma once

#include "manifests.hpp"
#include "temp_root.hpp"

#include "store/manifest_file.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace berth::test {

struct manifest_fixture {
    temp_folder folder;
    fs::path root = folder.path();
    fs::path path = root / "manifest.json";
    fs::path kept = root / ".berth/backups";
    std::unique_ptr<file_system> files = create_file_system();
    manifest_file file{*files, root};

    manifest_fixture() {
        fs::create_directories(kept);
        fs::create_directories(root / "created-apps");
    }

    void save(const manifest& m, save_options options = with_backup) {
        auto saved = file.save(m, options);
        BOOST_REQUIRE_MESSAGE(saved.has_value(), saved.error().detail);
    }
    /// As an editor that writes in place.
    void edit(const manifest& m) { write_text(path, format_manifest(m)); }
};

inline bool contains(const std::string& text, std::string_view piece) { return text.find(piece) != std::string::npos; }

} // namespace berth::test
