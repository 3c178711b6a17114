#include "store/tree_remover.hpp"

#include "core/uninterrupted.hpp"
#include "store/file_system.hpp"
#include "store/folder_entries.hpp"
#include "store/mounts.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <utility>

namespace berth {
namespace {

// Each level holds a descriptor. What lies deeper is moved up and removed from there.
constexpr int max_held_levels = 64;

class remover {
public:
    remover(int top, std::uint64_t mount, const std::atomic<bool>& stop) : top_(top), mount_(mount), stop_(stop) {}

    std::vector<kept_file> run() {
        bool further = true; // what was deep lies in the top folder now
        while (further && !stop_) {
            all_kept_.clear();
            auto before = moved_;
            empty(top_, 0);
            further = moved_ > before;
        }
        if (kept_) // the top folder itself cannot be read
            all_kept_.push_back({".", kept_->reason});
        return std::move(all_kept_);
    }

private:
    void empty(int folder, int depth) {
        auto entries = entries_of(folder);
        if (!entries)
            return keep(errno);
        for (auto& each : *entries) {
            if (stop_)
                return;
            auto length = path_.size();
            path_ += (path_.empty() ? "" : "/") + each.name;
            remove(folder, each, depth);
            path_.resize(length);
            if (depth == 0 && kept_)
                all_kept_.push_back(std::move(*std::exchange(kept_, std::nullopt)));
        }
    }

    void remove(int parent, const folder_entry& each, int depth) {
        auto name = each.name.c_str();
        if (each.kind != DT_DIR && each.kind != DT_UNKNOWN) {
            if (unlink(parent, name, 0))
                return;
            if (errno != EISDIR) // a folder by now
                return keep(errno);
        }
        auto folder = open_on_mount(parent, name, mount_);
        if (!folder) {
            // Where readdir does not tell the kind, or it has changed: a link or a file goes, and is not followed.
            bool is_file = errno == ENOTDIR || errno == ELOOP;
            if (!(is_file && unlink(parent, name, 0)) && errno != ENOENT)
                keep(errno);
            return;
        }
        if (depth >= max_held_levels)
            return move_up(parent, name);
        empty(folder.get(), depth + 1);
        if (!stop_ && !unlink(parent, name, AT_REMOVEDIR))
            keep(errno);
    }

    static bool unlink(int parent, const char* name, int flags) {
        auto gone = [&] { return ::unlinkat(parent, name, flags) == 0 || errno == ENOENT; };
        // What lies in a folder that its owner may not write to goes with it.
        return gone() || (errno == EACCES && ::fchmod(parent, 0700) == 0 && gone());
    }

    void move_up(int parent, const char* name) {
        int reason = EEXIST;
        while (reason == EEXIST || reason == ENOTEMPTY || reason == ENOTDIR) {
            auto there = "deep-" + std::to_string(moved_++);
            reason = ::renameat(parent, name, top_, there.c_str()) == 0 ? 0 : errno;
        }
        if (reason != 0)
            keep(reason);
    }

    /// The first is the cause: that the folders above it are not empty is no news.
    void keep(int reason) {
        if (!kept_)
            kept_ = kept_file{path_, reason};
    }

    int top_;
    std::uint64_t mount_;
    const std::atomic<bool>& stop_;
    std::string path_;              // of what is looked at, from the top
    std::optional<kept_file> kept_; // of the present entry of the top
    std::vector<kept_file> all_kept_;
    int moved_ = 0;
};

} // namespace

std::vector<kept_file> empty_folder(int folder, const std::atomic<bool>& stop) {
    auto mount = mount_of(folder);
    if (!mount)
        return {{".", ENOSYS}};
    return remover(folder, *mount, stop).run();
}

std::string why_kept(const kept_file& kept) {
    if (kept.reason == EXDEV || kept.reason == EBUSY)
        return "is a mount point: unmount it";
    return boost::system::error_code(kept.reason, boost::system::system_category()).message();
}

} // namespace berth
