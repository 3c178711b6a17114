// The manifests that were replaced: .berth/backups/<number>-<UTC time>.json, the last 20.
//
// The number orders them (it counts up for ever), because the clock may be set back; the time is for people. A backup
// is a hard link where that is possible: making one costs no copy, and if somebody saved the manifest in the instant
// before it was replaced, his text is what the backup holds.
//
// Beside them, last-durable.json is the last manifest that was synced, as long as a later one
// was written without a sync (runtime fields are). After a power cut that later file may be empty on some file systems;
// without the copy, an app whose creation was already confirmed would be lost with it.
//
// Blocks: worker threads only.
#pragma once

#include "store/file_system.hpp"

namespace berth {

class backups {
public:
    static constexpr std::size_t kept = 20;

    backups(file_system& files, std::filesystem::path folder) : files_(files), folder_(std::move(folder)) {}

    /// Keeps `current`, whose text is `text`, under a new number, and returns its path. sync: its name is on the disk
    /// before this returns.
    result<std::filesystem::path> keep(const std::filesystem::path& current, std::string_view text, bool sync);
    /// Removes all but the newest 20.
    void prune();

    /// Keeps `current` as last-durable.json, in place of an older one.
    result<> keep_durable(const std::filesystem::path& current, std::string_view text);
    void drop_durable();
    /// Also when that cannot be told.
    bool has_durable();

    /// last-durable.json, if there is one (it is newer than every backup), then the backups, newest first. Fails when
    /// the folder cannot be read: then nobody knows, and none must not be taken for the answer.
    result<std::vector<std::filesystem::path>> newest_first();

    /// Removes what is still the same file as the manifest: a crash came between the link and the rename. An editor
    /// that writes in place would otherwise change both.
    void drop_twins(const file_facts& manifest);

private:
    std::filesystem::path durable() const { return folder_ / "last-durable.json"; }

    file_system& files_;
    std::filesystem::path folder_;
};

/// Now, as part of a file's name: 20260131T143000.000Z.
std::string time_stamp();

} // namespace berth
