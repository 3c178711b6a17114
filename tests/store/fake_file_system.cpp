#include "fake_file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <set>

namespace berth::test {
namespace {

namespace fs = std::filesystem;

boost::system::error_code os_error(int number) { return {number, boost::system::system_category()}; }

} // namespace

void fake_file_system::fail_call(int n, int reason) {
    never_fail();
    fail_at_ = n;
    reason_ = reason;
}

void fake_file_system::fail_from(int n, int reason) {
    fail_call(n, reason);
    lasting_ = true;
}

void fake_file_system::cut_power_at(int n) {
    never_fail();
    cut_at_ = n;
}

void fake_file_system::never_fail() {
    calls_ = fail_at_ = cut_at_ = 0;
    lasting_ = false;
}

std::optional<int> fake_file_system::fault(need n) {
    ++calls_;
    if (cut_at_ != 0 && calls_ >= cut_at_)
        return EIO;
    if (fail_at_ == 0 || calls_ < fail_at_ || (calls_ > fail_at_ && !lasting_))
        return {};
    bool full = reason_ == ENOSPC || reason_ == EDQUOT, read_only = reason_ == EROFS;
    if (lasting_ && ((full && n != need::room) || (read_only && n == need::nothing)))
        return {};
    return reason_;
}

void fake_file_system::restart(names unsynced) {
    never_fail();
    open_.clear();
    if (unsynced == names::lost)
        now_ = synced_;
    for (auto& [path, file] : now_)
        file->text = file->synced;
    synced_ = now_;
}

std::shared_ptr<fake_file_system::node> fake_file_system::make_node() {
    return std::make_shared<node>(node{next_inode_++, ++clock_, {}, {}, 0644});
}

std::size_t fake_file_system::free_bytes() const {
    if (!capacity_)
        return std::numeric_limits<std::size_t>::max();
    std::set<std::shared_ptr<node>> files; // one may have several names
    for (auto& [path, file] : now_)
        files.insert(file);
    std::size_t used = 0;
    for (auto& file : files)
        used += file->text.size();
    return *capacity_ - std::min(*capacity_, used);
}

void fake_file_system::put(const fs::path& path, std::string text) {
    auto& file = now_[path];
    if (!file)
        file = make_node();
    file->modified_ns = ++clock_;
    file->text = file->synced = std::move(text);
    synced_[path] = file;
}

std::optional<std::string> fake_file_system::text(const fs::path& path) const {
    auto found = now_.find(path);
    if (found == now_.end())
        return {};
    return found->second->text;
}

std::vector<std::string> fake_file_system::paths() const {
    std::vector<std::string> all;
    for (auto& [path, file] : now_)
        all.push_back(path.native());
    return all;
}

file_facts fake_file_system::facts(const node& n) {
    return {.device = 1, .inode = n.inode, .size = n.text.size(), .mode = n.mode, .modified_ns = n.modified_ns};
}

os_result<int> fake_file_system::create(const fs::path& path) {
    if (auto reason = fault(need::room))
        return os_error(*reason);
    if (now_.contains(path))
        return os_error(EEXIST);
    if (free_bytes() == 0)
        return os_error(ENOSPC);
    open_[next_file_] = now_[path] = make_node();
    return next_file_++;
}

os_result<std::size_t> fake_file_system::write(int file, std::string_view bytes) {
    auto reason = fault(need::room);
    if (reason && cut_at_ != 0)
        return os_error(*reason);
    // Half of it, whether it fails then or not: short writes are always to be reckoned with.
    auto n = std::min(bytes.size() > 1 ? bytes.size() / 2 : bytes.size(), free_bytes());
    if (n == 0 && !bytes.empty())
        return os_error(ENOSPC);
    auto& target = *open_.at(file);
    target.text.append(bytes.substr(0, n));
    target.modified_ns = ++clock_;
    if (reason)
        return os_error(*reason);
    return n;
}

os_result<> fake_file_system::set_mode(int file, std::uint32_t mode) {
    if (auto reason = fault(need::change))
        return os_error(*reason);
    open_.at(file)->mode = mode;
    return {};
}

os_result<> fake_file_system::sync(int file) {
    if (auto reason = fault(need::room))
        return os_error(*reason);
    auto& target = *open_.at(file);
    target.synced = target.text;
    return {};
}

os_result<file_facts> fake_file_system::look(int file) {
    if (auto reason = fault(need::nothing))
        return os_error(*reason);
    return facts(*open_.at(file));
}

os_result<> fake_file_system::close(int file) {
    auto reason = fault(need::nothing);
    open_.erase(file);
    if (reason)
        return os_error(*reason);
    return {};
}

os_result<> fake_file_system::rename(const fs::path& from, const fs::path& to) {
    if (auto reason = fault(need::room))
        return os_error(*reason);
    auto found = now_.find(from);
    if (found == now_.end())
        return os_error(ENOENT);
    auto moved = found->second;
    if (now_.contains(to) && now_[to] == moved) // POSIX: two names of one file, nothing happens
        return {};
    now_.erase(found);
    now_[to] = moved;
    return {};
}

os_result<> fake_file_system::link(const fs::path& from, const fs::path& to) {
    if (auto reason = fault(need::room))
        return os_error(*reason);
    if (!links_)
        return os_error(EPERM);
    if (!now_.contains(from))
        return os_error(ENOENT);
    if (now_.contains(to))
        return os_error(EEXIST);
    now_[to] = now_[from];
    return {};
}

os_result<> fake_file_system::unlink(const fs::path& path) {
    if (auto reason = fault(need::change))
        return os_error(*reason);
    if (now_.erase(path) == 0)
        return os_error(ENOENT);
    return {};
}

os_result<fs::path> fake_file_system::follow(const fs::path& path) {
    if (auto reason = fault(need::nothing))
        return os_error(*reason);
    return path;
}

os_result<> fake_file_system::sync_folder(const fs::path& folder) {
    if (auto reason = fault(need::room))
        return os_error(*reason);
    std::erase_if(synced_, [&](auto& entry) { return entry.first.parent_path() == folder; });
    for (auto& entry : now_)
        if (entry.first.parent_path() == folder)
            synced_.insert(entry);
    return {};
}

os_result<file_facts> fake_file_system::look(const fs::path& path) {
    if (auto reason = fault(need::nothing))
        return os_error(*reason);
    auto found = now_.find(path);
    if (found == now_.end())
        return os_error(ENOENT);
    return facts(*found->second);
}

os_result<std::string> fake_file_system::read(const fs::path& path) {
    if (auto reason = fault(need::nothing))
        return os_error(*reason);
    auto found = now_.find(path);
    if (found == now_.end())
        return os_error(ENOENT);
    return found->second->text;
}

os_result<std::vector<std::string>> fake_file_system::list(const fs::path& folder) {
    if (auto reason = fault(need::nothing))
        return os_error(*reason);
    std::vector<std::string> found;
    for (auto& [path, file] : now_)
        if (path.parent_path() == folder)
            found.push_back(path.filename().native());
    return found;
}

} // namespace berth::test
