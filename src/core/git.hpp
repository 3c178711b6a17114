// How core asks where folders are in git. Implemented by src/store.
#pragma once

#include "core/app.hpp"
#include "core/task.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace berth {

struct git_place {
    std::filesystem::path folder; // absolute
    /// Look into the folders above as well, as git does: of a project that is somebody's own. Not of an app's own
    /// folder: what lies around Berth's root is not the app's.
    bool above = false;
    bool operator==(const git_place&) const = default;
};

class git_reader {
public:
    virtual ~git_reader() = default;

    /// In their order; none: in no repository, or in one that cannot be read without git. One call at a time.
    virtual task<std::vector<std::optional<git_head>>> read(std::vector<git_place>) = 0;
};

} // namespace berth
