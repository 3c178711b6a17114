// The disk, as core sees it: the manifest, app folders and the journal. Implemented by src/store.
//
// Called on the reactor; the work is done on a pool of its own. What writes is done one job at a time and in order;
// what only looks waits for nobody. Failures are errc::storage_failed with the path and the system's reason.
#pragma once

#include "core/manifest.hpp"
#include "core/task.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace berth {

/// Something that is wrong and stays so until somebody does something: shown in health and on the dashboard.
struct problem {
    std::string code;   // manifest_invalid, manifest_restored, pm2_unavailable ...
    std::string detail; // for people
    bool operator==(const problem&) const = default;
};

struct stored_manifest {
    manifest value;
    std::vector<problem> problems; // for example: was corrupt, set aside, restored from a backup
};

struct save_options {
    bool backup = false; // keep the manifest that is replaced, under .berth/backups/
};

/// Bytes on the disk; none until it was first measured. A file with several names (hard links) is counted once in all.
struct disk_usage {
    std::optional<std::uint64_t> apps, logs, templates, trash;
};

class storage {
public:
    virtual ~storage() = default;

    virtual const std::filesystem::path& root() const = 0;
    /// Of an app; of one that has no entry yet, by its id.
    std::filesystem::path app_directory(const app& a) const { return a.folder(root()); }
    std::filesystem::path app_directory(const std::string& id) const {
        app a;
        a.id = id;
        return a.folder(root());
    }
    std::filesystem::path log_file(const std::string& id, bool error) const {
        app a;
        a.id = id;
        return a.log_file(root(), error);
    }
    /// What tells its rows and processes from another Berth's, where its folder does not: the copy of a root has the
    /// same adopted projects. Empty where the folder is ours alone.
    std::string log_of_adopted(const app& a) const {
        return a.owned() ? std::string() : a.log_file(root(), false).string();
    }

    /// At start. Fails, in words and with nothing written, for a manifest of a newer major version. A manifest that
    /// does not parse is set aside and the newest valid backup restored, and said so. None at all is an empty manifest.
    virtual task<result<stored_manifest>> load() = 0;

    /// On the disk when it returns. errc::manifest_changed: somebody else wrote the file since load(), save() or
    /// reload(); nothing was written.
    virtual task<result<>> save(manifest, save_options) = 0;

    /// none: the file is as we left it. Else what it holds now, or errc::manifest_invalid (line, column); as long as it
    /// stays invalid every call says so again, and save() refuses with errc::manifest_invalid.
    /// A file that was deleted counts as changed and reads as errc::manifest_invalid ("was deleted ...").
    virtual task<std::optional<result<manifest>>> reload() = 0;

    /// Whether trash_app() would do it. errc::not_removable, naming what is in the way: something is mounted in the
    /// folder or at it, and would be emptied with it. No folder at all, or something else in its place, is fine here:
    /// trash_app() leaves that alone, and the entry goes without it.
    virtual task<result<>> check_removable(std::string id) = 0;
    /// Renames the folder into .berth/trash/, from where it is removed in the background. Looks for itself what
    /// check_removable() looks for, right before the rename. A folder that is not there is a success.
    virtual task<result<>> trash_app(std::string id) = 0;
    virtual task<result<>> remove_logs(std::string id) = 0;

    /// What could not be removed from the trash, and why: a line for each ("/…/trash/x-0/public (is a mount point:
    /// unmount it)"), as it was found last; it is tried again every few minutes. Cheap.
    virtual std::vector<std::string> stuck() const = 0;
    /// The folders in created-apps/ whose names are not among `known`: the ids of all entries and of all creates under
    /// way. Sorted.
    virtual task<std::vector<std::string>> strays(std::set<std::string> known) = 0;
    /// The ids that have log files, are not among `known` and have no folder. Sorted.
    virtual task<std::vector<std::string>> stray_logs(std::set<std::string> known) = 0;
    /// As last measured. Cheap: where that is some minutes old, it is measured anew in the background.
    virtual disk_usage usage() const = 0;

    /// Whether the app's folder has a package.json that is a regular file.
    virtual task<result<bool>> has_package(std::string id) = 0;
    /// Whether the app has a folder; true also when that cannot be told.
    virtual task<bool> has_folder(std::string id) = 0;
    /// The last 8 KiB of its log file, possibly not UTF-8 and beginning anywhere; empty when that was last written
    /// before since_ms (ms since 1970), or cannot be read.
    virtual task<std::string> last_output(std::string id, bool error, std::int64_t since_ms) = 0;
    /// Makes logs/ where somebody removed it.
    virtual task<result<>> prepare_logs() = 0;

    /// Creates that must be undone when the server comes back after a crash. On the disk when they return.
    virtual task<result<>> journal_put(std::string id) = 0;
    virtual task<result<>> journal_erase(std::string id) = 0;
    virtual task<std::vector<std::string>> journal() = 0;
};

} // namespace berth
