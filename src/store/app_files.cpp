#include "store/app_files.hpp"

#include "core/names.hpp"
#include "core/uninterrupted.hpp"
#include "store/file_system.hpp"
#include "store/log_file.hpp"
#include "store/root_folder.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t last_words = 8 * 1024; // bytes

/// The folder `name` inside `inside` of the root.
unique_fd open_below(const fs::path& root, const char* inside, const char* name = ".") {
    auto top = open_folder(AT_FDCWD, root.c_str());
    auto folder = top ? open_folder(top.get(), inside) : unique_fd();
    return folder ? open_folder(folder.get(), name) : unique_fd();
}

bool is_missing() { return errno == ENOENT || errno == ENOTDIR || errno == ELOOP; }

/// A regular file, with what it is now; else a reason in errno.
unique_fd open_file(int folder, const char* name, struct stat& s) {
    unique_fd file(
        uninterrupted([&] { return ::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
    if (file && ::fstat(file.get(), &s) < 0)
        return {};
    if (file && !S_ISREG(s.st_mode)) {
        errno = ENOENT;
        return {};
    }
    return file;
}

/// Up to `most` bytes from there on; what is missing could not be read.
std::string read_from(int file, off_t from, std::size_t most) {
    std::string bytes(most, '\0');
    std::size_t have = 0;
    while (have < most) {
        auto n = uninterrupted(
            [&] { return ::pread(file, bytes.data() + have, most - have, from + static_cast<off_t>(have)); });
        if (n <= 0)
            break;
        have += static_cast<std::size_t>(n);
    }
    bytes.resize(have);
    return bytes;
}

} // namespace

result<bool> has_package(const fs::path& root, const std::string& id) {
    if (!is_id(id))
        return false;
    auto folder = open_below(root, "created-apps", id.c_str());
    struct stat s;
    if (folder && ::fstatat(folder.get(), "package.json", &s, AT_SYMLINK_NOFOLLOW) == 0)
        return S_ISREG(s.st_mode);
    if (is_missing())
        return false;
    return storage_error("look at", root / "created-apps" / id / "package.json", last_error());
}

bool has_folder(const fs::path& root, const std::string& id) {
    return is_id(id) && (open_below(root, "created-apps", id.c_str()) || !is_missing());
}

std::string last_output(const fs::path& root, const std::string& id, bool error, std::int64_t since_ms) {
    if (!is_id(id))
        return {};
    struct stat s;
    auto folder = open_below(root, "logs");
    auto name = fmt::format("orch-{}-{}.log", id, error ? "error" : "out");
    auto file = folder ? open_file(folder.get(), name.c_str(), s) : unique_fd();
    if (!file || modified_ms(s) < since_ms)
        return {};
    auto from = std::max<off_t>(0, s.st_size - static_cast<off_t>(last_words));
    return read_from(file.get(), from, static_cast<std::size_t>(s.st_size - from));
}

result<> prepare_logs(const fs::path& root) {
    auto path = root / "logs";
    if (::mkdir(path.c_str(), 0755) < 0 && errno != EEXIST)
        return storage_error("create", path, last_error());
    if (!open_folder(AT_FDCWD, path.c_str()))
        return storage_error("use", path, last_error());
    return {};
}

std::vector<std::string> strays(const fs::path& root, const std::set<std::string>& known) {
    std::vector<std::string> found;
    auto apps = open_below(root, "created-apps");
    auto names = apps ? create_file_system()->list(root / "created-apps") : os_result<std::vector<std::string>>();
    if (!apps || !names)
        return found;
    for (auto& name : *names) {
        struct stat s;
        if (!known.contains(name) && ::fstatat(apps.get(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(s.st_mode))
            found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::string> stray_logs(const fs::path& root, const std::set<std::string>& known) {
    auto logs = open_below(root, "logs");
    auto names = logs ? create_file_system()->list(root / "logs") : os_result<std::vector<std::string>>();
    std::set<std::string> found;
    if (!logs || !names)
        return {};
    for (std::string_view name : *names) {
        if (!name.starts_with("orch-"))
            continue;
        name.remove_prefix(5);
        std::string owner(name.substr(0, name.find('-')));
        auto rest = name.substr(owner.size());
        if (is_id(owner) && (rest.starts_with("-out") || rest.starts_with("-error")) && !known.contains(owner))
            found.insert(std::move(owner));
    }
    std::erase_if(found, [&](auto& owner) { return has_folder(root, owner); });
    return {found.begin(), found.end()};
}

} // namespace berth
