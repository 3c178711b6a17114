// How a file of ours gets a new content: written beside it under another name, synced, renamed over it, and the folder
// synced. At every instant the name holds the whole old text or the whole new one. Rejected: writing in place with a
// journal (an editor or `cat` would see half a file), and a new temporary name for each write (a crash would leave them
// to pile up; the lock on the root makes us the only writer, so one fixed name is enough).
//
// Blocks: worker threads only.
#pragma once

#include "store/file_system.hpp"

namespace berth {

/// A new text that is complete beside its target, and not yet in its place. Goes away with this object if it never gets
/// there. The two steps are apart so that the owner can look, between them, at what is about to be replaced: a sync may
/// take tens of milliseconds.
class staged_file {
public:
    /// The text is on the disk when this returns, and has the mode of what it is to replace. `target` is no symbolic
    /// link: the link would be replaced.
    static result<staged_file> stage(file_system&, std::filesystem::path target, std::string_view text);

    staged_file(staged_file&& other) noexcept;
    ~staged_file();

    /// Renames it over the target; that is on the disk when this returns. May fail after the rename (the folder could
    /// not be synced): see in_place().
    result<> commit();
    /// True once the target's name holds the new text, whatever commit() returned.
    bool in_place() const noexcept { return in_place_; }
    /// Of the new file; they stay true after the rename.
    const file_facts& facts() const noexcept { return facts_; }

    /// Where the text waits: ".<name>.tmp" in the target's folder.
    static std::filesystem::path temporary(const std::filesystem::path& target);

private:
    staged_file(file_system& files, std::filesystem::path target) : files_(&files), target_(std::move(target)) {}
    boost::system::error_code keep_mode(int file);
    result<> write(std::string_view text);

    file_system* files_; // null: moved from
    std::filesystem::path target_;
    bool in_place_ = false;
    file_facts facts_;
};

/// Both steps.
result<> durable_write(file_system&, const std::filesystem::path& target, std::string_view text);

/// Gives the file `from`, whose text is `text`, the further name `to`: by hard link, or as a durable copy where the
/// file system has no links. Its folder is not synced.
result<> link_or_copy(file_system&, const std::filesystem::path& from, const std::filesystem::path& to,
                      std::string_view text);

/// Removes what writes that a crash, or a disk that refused, cut short have left in a folder that is Berth's own.
void remove_unfinished(file_system&, const std::filesystem::path& folder);

} // namespace berth
