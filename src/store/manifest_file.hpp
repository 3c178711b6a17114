// manifest.json: how it is read, written, and kept from being overwritten by mistake. Implements the manifest's part of
// core/storage.hpp, without its threads.
//
// The file belongs to the user too, so each write first looks whether it is still as we left it (device, inode, size,
// mtime; and the text, where those differ or are too young to tell). What it does not notice: an edit in the
// microseconds between that look and the rename. Its text is then in the newest backup, if the write made one.
//
// Rejected: watching with inotify (not on macOS, and blind over network shares; one stat at each sync costs nothing),
// and a lock on the file (editors do not honour one).
//
// Blocks: worker threads only, one call at a time.
#pragma once

#include "core/storage.hpp"
#include "store/backups.hpp"

#include <optional>
#include <string>

namespace berth {

class manifest_file {
public:
    /// The root and its folders .berth/backups and created-apps exist. `files` must outlive it.
    manifest_file(file_system& files, std::filesystem::path root);

    /// See berth::storage, for all three. load() comes first.
    result<stored_manifest> load();
    result<> save(const manifest&, save_options);
    std::optional<result<manifest>> reload();

private:
    struct content {
        file_facts facts; // taken before the text was read: an edit in between shows as a further change
        std::string text;
    };

    /// The file itself, where manifest.json is a symbolic link: that stays one.
    result<std::filesystem::path> target();
    void remove_leftovers();
    /// None: the file is as we left it. Else what somebody left there, or why it cannot be had.
    std::optional<result<content>> foreign();
    /// The error with which a write must be refused, if somebody else wrote.
    result<> still_ours();
    result<stored_manifest> restore(const std::string& corrupt, const std::string& why);
    result<std::filesystem::path> set_aside(const std::string& text);
    std::vector<std::string> folders_without_entry(const manifest&);
    void remember(file_facts, std::string text, bool on_disk);

    file_system& files_;
    std::filesystem::path root_;
    std::filesystem::path path_;
    backups backups_;
    std::optional<file_facts> facts_; // of the file as we left or read it; none: there was none
    std::string text_;                // what it held then
    bool on_disk_ = false;            // and it outlives a power cut
};

} // namespace berth
