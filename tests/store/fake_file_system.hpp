// A disk that remembers only what was synced. Files and names live in memory, each with what a power cut would leave of
// it; any call can be made to fail: alone, as the first of many, or as the moment when the power goes. Writes are short
// even when all is well: half of what was given.
#pragma once

#include "store/file_system.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace berth::test {

/// What a power cut does to names (created, renamed, unlinked) whose folder was not synced.
enum class names { kept, lost };

class fake_file_system final : public file_system {
public:
    /// From now on it is one of the file systems without hard links.
    void have_no_links() { links_ = false; }
    /// From now on all contents together take this many bytes at most, and a new file needs one: ENOSPC beyond it.
    void hold(std::size_t bytes) { capacity_ = bytes; }
    std::size_t free_bytes() const;

    /// Calls are counted from 1, from the last of these four. `reason` is an errno.
    void fail_call(int n, int reason);
    /// From call n on, all those that this reason stops: of a full disk (ENOSPC, EDQUOT) what needs room, of a
    /// read-only one (EROFS) what changes it, else every one.
    void fail_from(int n, int reason);
    void cut_power_at(int n);
    void never_fail();
    /// How many calls since then: when it is less than n, nothing has failed.
    int calls() const { return calls_; }

    /// The machine comes back: contents as last synced, open files gone. With names kept, a file whose content was
    /// never synced is there and empty: what ext4 without auto_da_alloc and XFS leave.
    void restart(names);

    /// Somebody else's write, in place and synced.
    void put(const std::filesystem::path&, std::string text);
    std::optional<std::string> text(const std::filesystem::path&) const;
    std::vector<std::string> paths() const;

    os_result<int> create(const std::filesystem::path&) override;
    os_result<std::size_t> write(int file, std::string_view) override;
    os_result<> set_mode(int file, std::uint32_t mode) override;
    os_result<> sync(int file) override;
    os_result<file_facts> look(int file) override;
    os_result<> close(int file) override;
    os_result<> rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
    os_result<> link(const std::filesystem::path& from, const std::filesystem::path& to) override;
    os_result<> unlink(const std::filesystem::path&) override;
    os_result<std::filesystem::path> follow(const std::filesystem::path&) override; // it has no symbolic links
    os_result<> sync_folder(const std::filesystem::path&) override;
    os_result<file_facts> look(const std::filesystem::path&) override;
    os_result<std::string> read(const std::filesystem::path&) override;
    os_result<std::vector<std::string>> list(const std::filesystem::path&) override;

private:
    struct node {
        std::uint64_t inode;
        std::int64_t modified_ns;
        std::string text;
        std::string synced;
        std::uint32_t mode = 0644;
    };
    using tree = std::map<std::filesystem::path, std::shared_ptr<node>>;

    enum class need { room, change, nothing };
    /// Counts the call; the errno with which it fails.
    std::optional<int> fault(need);
    std::shared_ptr<node> make_node();
    static file_facts facts(const node&);

    tree now_;
    tree synced_;
    std::map<int, std::shared_ptr<node>> open_;
    int next_file_ = 100;
    std::uint64_t next_inode_ = 1;
    std::int64_t clock_ = 0;
    bool links_ = true;
    std::optional<std::size_t> capacity_; // bytes
    int calls_ = 0;
    int fail_at_ = 0;
    int reason_ = 0;
    bool lasting_ = false;
    int cut_at_ = 0;
};

} // namespace berth::test
