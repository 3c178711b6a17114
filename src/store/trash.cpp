#include "store/trash.hpp"

#include "store/mounts.hpp"
#include "store/root_folder.hpp"
#include "store/tree_remover.hpp"

#include <fcntl.h>

#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr auto try_again = std::chrono::minutes(5);

/// Of what is in the trash, a line for each entry that could not be removed.
std::vector<std::string> empty_trash(const fs::path& root, const std::atomic<bool>& stop) {
    auto top = open_folder(AT_FDCWD, root.c_str());
    auto mount = top ? mount_of(top.get()) : std::nullopt;
    // Neither through a link nor into a mount: the trash would be somebody's folder then.
    auto ours = mount ? open_on_mount(top.get(), ".berth", *mount) : unique_fd();
    auto bin = ours ? open_on_mount(ours.get(), "trash", *mount) : unique_fd();
    if (!bin)
        return errno == ENOENT ? std::vector<std::string>()
                               : std::vector{(root / ".berth/trash").native() + " (" + why_kept({"", errno}) + ")"};
    std::vector<std::string> lines;
    for (auto& kept : empty_folder(bin.get(), stop))
        lines.push_back((root / ".berth/trash" / kept.path).native() + " (" + why_kept(kept) + ")");
    return lines;
}

} // namespace

trash::trash(fs::path root) : stuck_(std::make_shared<list>()), job_(sweeper(std::move(root), stuck_), try_again) {}

background_job::work trash::sweeper(fs::path root, std::shared_ptr<list> stuck) {
    return [root = std::move(root), stuck = std::move(stuck)](const std::atomic<bool>& stop) {
        auto lines = empty_trash(root, stop);
        std::lock_guard guard(stuck->lock);
        if (!stop)
            stuck->lines = std::move(lines);
    };
}

std::vector<std::string> trash::stuck() const {
    std::lock_guard guard(stuck_->lock);
    return stuck_->lines;
}

} // namespace berth
