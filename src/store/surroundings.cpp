#include "store/surroundings.hpp"

#include <fmt/format.h>

namespace berth {
namespace {

// The lock files that Next looks for, and git's own mark: a folder, or in a worktree a file.
constexpr const char* marks[] = {".git", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"};

} // namespace

std::optional<problem> check_surroundings(const std::filesystem::path& root) {
    for (auto folder = root;; folder = folder.parent_path()) {
        for (auto mark : marks) {
            std::error_code not_there;
            if (!std::filesystem::exists(folder / mark, not_there))
                continue;
            return problem{"root_inside_project",
                           fmt::format("The apps are in {}, inside another project: {} is there. Next may take {} for "
                                       "their workspace. Choose another folder with --root, or move that file away.",
                                       root.native(), (folder / mark).native(), folder.native())};
        }
        if (folder == folder.parent_path())
            return {};
    }
}

} // namespace berth
