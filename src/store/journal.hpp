// Creates that must be undone after a crash: one small file for each, .berth/journal/<id>.json: {"kind": "create"}. A
// delete was written here too, {"kind": "remove", "filesToo": true}, before its mark was kept in the app's entry: what
// is remembered in two places is true in one.
//
// One file each, not one list: entries come and go on their own, a damaged one costs no other, and each put is one
// durable write of some forty bytes.
//
// Blocks: worker threads only, one call at a time.
#pragma once

#include "core/storage.hpp"
#include "store/file_system.hpp"

namespace berth {

class journal_folder {
public:
    /// The folder exists. `files` must outlive it.
    journal_folder(file_system& files, std::filesystem::path folder) : files_(files), folder_(std::move(folder)) {}

    /// On the disk when it returns; replaces the entry of this id.
    result<> put(const std::string& id);
    /// On the disk when it returns. An entry that is not there is a success.
    result<> erase(const std::string& id);
    struct content {
        std::vector<std::string> creates;                      // in order of their ids, as the next
        std::vector<std::pair<std::string, removal>> removals; // of an earlier Berth
        std::vector<std::string> complaints; // a sentence for each entry that could not be read or understood
    };
    /// What cannot be understood is renamed to <name>.unreadable, so that it is said once; what cannot be read stays,
    /// for the next start. What a crash has left of a put() is removed.
    content read();

private:
    file_system& files_;
    std::filesystem::path folder_;
};

} // namespace berth
