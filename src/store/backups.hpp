// The manifests that were replaced: .berth/backups/<number>-<UTC time>.json, the last 20.
//
// The number orders them (it counts up for ever), because the clock may be set back; the time is for people. A backup
// is a hard link where that is possible: making one costs no copy, and if somebody saved the manifest in the instant
// before it was replaced, his text is what the backup holds.
//
// Blocks: worker threads only.
#pragma once

#include "store/file_system.hpp"

namespace berth {

class backups {
public:
    static constexpr std::size_t kept = 20;

    backups(file_system& files, std::filesystem::path folder) : files_(files), folder_(std::move(folder)) {}

    /// Keeps `current`, whose text is `text`, under a new number, and returns its path. It is on the disk when this
    /// returns.
    result<std::filesystem::path> keep(const std::filesystem::path& current, std::string_view text);
    /// Removes all but the newest 20.
    void prune();

    /// Fails when the folder cannot be read: then nobody knows, and none must not be taken for the answer.
    result<std::vector<std::filesystem::path>> newest_first();

    /// Removes what is still the same file as the manifest: a crash came between the link and the rename. An editor
    /// that writes in place would otherwise change both.
    void drop_twins(const file_facts& manifest);

private:
    file_system& files_;
    std::filesystem::path folder_;
};

/// Now, as part of a file's name: 20260131T143000.000Z.
std::string time_stamp();

} // namespace berth
