#include "store/app_folders.hpp"

#include "core/names.hpp"
#include "core/uninterrupted.hpp"
#include "store/file_system.hpp"
#include "store/mounts.hpp"
#include "store/root_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <vector>

namespace berth {
namespace {

namespace fs = std::filesystem;

// More folders of one app than this in the trash at once cannot come from Berth: ids are not used twice.
constexpr int max_same_id = 1000;

error not_an_id(const std::string& id) {
    return {errc::not_removable, "\"" + id + "\" is not an app id; nothing was removed."};
}

error untouched(const fs::path& path, std::string_view why) {
    return {errc::not_removable, fmt::format("{} {}; it was left as it is.", path.native(), why)};
}

error cannot_trash(const fs::path& path, int reason) {
    if (reason == EXDEV || reason == EBUSY)
        return untouched(path, "is a mount point, or on another disk than .berth, and cannot be moved to the trash");
    return storage_error("move to the trash", path, {reason, boost::system::system_category()});
}

/// The folder inside the root, opened without following links; none when there is none.
result<std::optional<unique_fd>> open_inside(const fs::path& root, const char* name) {
    unique_fd top(uninterrupted([&] { return ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!top)
        return storage_error("open", root, last_error());
    auto folder = open_folder(top.get(), name);
    if (folder)
        return std::optional(std::move(folder));
    if (errno == ENOENT)
        return std::optional<unique_fd>();
    if (errno == ENOTDIR || errno == ELOOP)
        return untouched(root / name, "is not a folder, or a symbolic link to one");
    return storage_error("open", root / name, last_error());
}

result<unique_fd> open_trash(const fs::path& root) {
    auto ours = open_inside(root, ".berth");
    if (!ours)
        return ours.error();
    if (!*ours)
        return storage_error("open", root / ".berth", {ENOENT, boost::system::system_category()});
    auto parent = (*ours)->get();
    if (::mkdirat(parent, "trash", 0700) < 0 && errno != EEXIST)
        return storage_error("create", root / ".berth/trash", last_error());
    auto trash = open_folder(parent, "trash");
    if (!trash)
        return storage_error("open", root / ".berth/trash", last_error());
    return trash;
}

/// 0, or the errno. A name that is taken by a full folder is passed over; an empty one is replaced.
int move_into(int trash, int apps, const std::string& id) {
    for (int n = 0; n < max_same_id; ++n) {
        auto name = fmt::format("{}-{}", id, n);
        if (::renameat(apps, id.c_str(), trash, name.c_str()) == 0)
            return 0;
        // ENOTDIR: somebody's file has the name.
        if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
            return errno;
    }
    return EEXIST;
}

/// Names in the folder that begin so. Names first, then the removals: what readdir does across removals is not said.
os_result<std::vector<std::string>> names_with(int folder, const std::vector<std::string>& prefixes) {
    std::vector<std::string> found;
    unique_fd own(uninterrupted([&] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    auto* entries = own ? ::fdopendir(own.get()) : nullptr;
    if (!entries)
        return last_error();
    own.release(); // closedir's now
    errno = 0;
    while (auto* entry = ::readdir(entries)) {
        std::string_view name = entry->d_name;
        for (auto& prefix : prefixes)
            if (name.starts_with(prefix))
                found.emplace_back(name);
        errno = 0;
    }
    auto failure = last_error();
    ::closedir(entries);
    if (failure)
        return failure;
    return found;
}

/// Nothing is mounted in the folder, or at it.
result<> is_unmounted(const fs::path& path) {
    auto mounts = mounts_in(path);
    if (!mounts)
        return mounts.error();
    if (mounts->empty())
        return {};
    return error{errc::not_removable,
                 fmt::format("The folder of the app was left as it is: {} is mounted at {}, and what is there is "
                             "not the app's. Unmount it first (umount \"{}\").",
                             mounts->front().what, mounts->front().at.native(), mounts->front().at.native())};
}

/// True when the folder is there and may go; false when there is none.
result<bool> may_go(const fs::path& path, int apps, const std::string& id) {
    struct stat s;
    if (::fstatat(apps, id.c_str(), &s, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno == ENOENT)
            return false;
        return storage_error("look at", path, last_error());
    }
    if (S_ISLNK(s.st_mode))
        return untouched(path, "is a symbolic link, not an app's folder");
    if (!S_ISDIR(s.st_mode))
        return untouched(path, "is not a folder");
    if (auto unmounted = is_unmounted(path); !unmounted)
        return unmounted.error();
    return true;
}

} // namespace

result<> check_removable(const fs::path& root, const std::string& id) {
    if (!is_id(id))
        return not_an_id(id);
    auto apps = open_inside(root, "created-apps"); // whatever is in its place is left alone, and the entry goes
    if (!apps || !*apps)
        return {};
    struct stat s;
    if (::fstatat((*apps)->get(), id.c_str(), &s, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(s.st_mode))
        return {};
    return is_unmounted(root / "created-apps" / id);
}

result<> trash_app(const fs::path& root, const std::string& id) {
    if (!is_id(id))
        return not_an_id(id);
    auto path = root / "created-apps" / id;
    auto apps = open_inside(root, "created-apps");
    if (!apps)
        return apps.error();
    if (!*apps)
        return {};

    auto on_disk = [&path](const unique_fd& folder) -> result<> {
        if (uninterrupted([&] { return ::fsync(folder.get()); }) < 0)
            return storage_error("sync the removal of", path, last_error());
        return {};
    };
    auto may = may_go(path, (*apps)->get(), id);
    if (!may)
        return may.error();
    if (!*may) // perhaps moved by a call whose sync failed
        return on_disk(**apps);

    auto trash = open_trash(root);
    if (!trash)
        return trash.error();
    // Should somebody put a link in the folder's place right now, then the link is what moves.
    if (auto reason = move_into(trash->get(), (*apps)->get(), id))
        return cannot_trash(path, reason);
    if (auto synced = on_disk(**apps); !synced)
        return synced;
    return on_disk(*trash);
}

result<> remove_logs(const fs::path& root, const std::string& id) {
    if (!is_id(id))
        return not_an_id(id);
    auto logs = open_inside(root, "logs");
    if (!logs)
        return logs.error();
    if (!*logs)
        return {};
    auto folder = (*logs)->get();
    auto names = names_with(folder, {"orch-" + id + "-out", "orch-" + id + "-error"});
    if (!names)
        return storage_error("read", root / "logs", names.error());
    for (auto& name : *names)
        if (::unlinkat(folder, name.c_str(), 0) < 0 && errno != ENOENT)
            return storage_error("remove", root / "logs" / name, last_error());
    return {};
}

} // namespace berth
