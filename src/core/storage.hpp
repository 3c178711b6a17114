// The disk, as core sees it: the manifest, app folders and the journal. Implemented by src/store.
//
// Called on the reactor; the work is done on the worker pool, one job at a time and in order. Failures are
// errc::storage_failed with the path and the system's reason.
#pragma once

#include "core/manifest.hpp"
#include "core/task.hpp"

#include <filesystem>
#include <optional>
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

class storage {
public:
    virtual ~storage() = default;

    virtual const std::filesystem::path& root() const = 0;
    std::filesystem::path app_directory(const std::string& id) const { return root() / "created-apps" / id; }
    std::filesystem::path log_file(const std::string& id, bool error) const {
        return root() / "logs" / ("orch-" + id + (error ? "-error.log" : "-out.log"));
    }

    /// At start. A manifest that does not parse is set aside and the newest valid backup restored, and said so.
    /// None at all is an empty manifest.
    virtual task<result<stored_manifest>> load() = 0;

    /// errc::manifest_changed: somebody else wrote the file since load(), save() or reload(); nothing was written.
    virtual task<result<>> save(manifest, save_options) = 0;

    /// none: the file is as we left it. Else what it holds now, or errc::manifest_invalid (line, column); as long as it
    /// stays invalid every call says so again, and save() refuses with errc::manifest_invalid.
    /// A file that was deleted counts as changed and reads as errc::manifest_invalid ("was deleted ...").
    virtual task<std::optional<result<manifest>>> reload() = 0;

    /// Renames the folder into .berth/trash/ and lets a background process remove it. Only a real directory directly in
    /// created-apps/, named by the id, is touched. A folder that is not there is a success.
    virtual task<result<>> trash_app(std::string id) = 0;
    virtual task<result<>> remove_logs(std::string id) = 0;

    virtual task<result<>> journal_put(std::string id) = 0;
    virtual task<result<>> journal_erase(std::string id) = 0;
    virtual task<std::vector<std::string>> journal() = 0;

    virtual task<result<>> check_removable(std::string id) = 0;
    virtual task<result<bool>> has_package(std::string id) = 0;
    virtual task<bool> has_folder(std::string id) = 0;
    virtual task<std::optional<std::string>> dev_script(std::string id) = 0;
    virtual task<std::string> last_output(std::string id, bool error, std::int64_t since_ms) = 0;
    virtual task<result<>> prepare_logs() = 0;
};

} // namespace berth
