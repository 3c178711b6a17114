#include "store/disk_meter.hpp"

#include "core/uninterrupted.hpp"
#include "store/mounts.hpp"
#include "store/root_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr auto fresh_for = std::chrono::minutes(5);
constexpr int max_depth = 64; // a descriptor each; nothing that lies deeper is worth one

std::uint64_t share_of(const struct stat& s) {
    return static_cast<std::uint64_t>(s.st_blocks) * 512 / (S_ISDIR(s.st_mode) || s.st_nlink == 0 ? 1 : s.st_nlink);
}

class walk {
public:
    walk(std::uint64_t mount, const std::atomic<bool>& stop) : mount_(mount), stop_(stop) {}

    /// False: the folder cannot be read.
    bool add(int folder, int depth) {
        unique_fd own(uninterrupted([&] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
        std::unique_ptr<DIR, int (*)(DIR*)> listing(own ? ::fdopendir(own.get()) : nullptr, ::closedir);
        if (!listing)
            return false;
        own.release(); // closedir's now
        while (auto* each = stop_ ? nullptr : ::readdir(listing.get())) {
            std::string_view name = each->d_name;
            struct stat s;
            if (name == "." || name == ".." || ::fstatat(folder, each->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0)
                continue;
            if (!S_ISDIR(s.st_mode)) {
                bytes += share_of(s);
            } else if (depth < max_depth) {
                auto inner = open_on_mount(folder, each->d_name, mount_);
                bytes += inner || errno != EXDEV ? share_of(s) : 0;
                if (inner)
                    add(inner.get(), depth + 1);
            }
        }
        return true;
    }

    std::uint64_t bytes = 0;

private:
    std::uint64_t mount_;
    const std::atomic<bool>& stop_;
};

std::optional<std::uint64_t> bytes_at(const fs::path& path, const std::atomic<bool>& stop) {
    auto folder = open_folder(AT_FDCWD, path.c_str());
    if (!folder)
        return {};
    return bytes_in(folder.get(), stop);
}

} // namespace

std::optional<std::uint64_t> bytes_in(int folder, const std::atomic<bool>& stop) {
    auto mount = mount_of(folder);
    if (!mount)
        return {};
    walk all(*mount, stop);
    if (!all.add(folder, 0) || stop)
        return {};
    return all.bytes;
}

disk_meter::disk_meter(fs::path root)
    : shared_(std::make_shared<shared>()), job_([root = std::move(root), to = shared_](const std::atomic<bool>& stop) {
          for (auto [name, slot] : {std::pair{"logs", &disk_usage::logs},
                                    {".berth/trash", &disk_usage::trash},
                                    {".berth/templates", &disk_usage::templates},
                                    {"created-apps", &disk_usage::apps}}) {
              auto bytes = bytes_at(root / name, stop);
              std::lock_guard guard(to->lock);
              if (!stop)
                  to->found.*slot = bytes;
          }
      }) {}

disk_usage disk_meter::last() {
    if (auto now = steady_clock::now(); asked_ == steady_clock::time_point() || now - asked_ >= fresh_for) {
        asked_ = now;
        job_.request();
    }
    std::lock_guard guard(shared_->lock);
    return shared_->found;
}

} // namespace berth
