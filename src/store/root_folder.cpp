#include "store/root_folder.hpp"

#include "core/lock_text.hpp"
#include "core/uninterrupted.hpp"
#include "store/file_system.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr mode_t for_all = 0755;
constexpr mode_t ours_alone = 0700;

struct folder {
    const char* name;
    mode_t mode;
};
// In order: a folder before those inside it.
constexpr folder folders[] = {
    {".berth", ours_alone},
    {".berth/backups", ours_alone},
    {".berth/journal", ours_alone},
    {".berth/trash", ours_alone},
    {".berth/templates", ours_alone},
    {"created-apps", for_all},
    {"logs", for_all},
};

/// The root as people write it: with ~ for their own folder.
std::string short_form(const fs::path& path) {
    auto* home = std::getenv("HOME");
    std::string_view text = path.native(), prefix = home ? home : "";
    if (prefix.size() > 1 && text.starts_with(prefix) && (text.size() == prefix.size() || text[prefix.size()] == '/'))
        return "~" + std::string(text.substr(prefix.size()));
    return std::string(text);
}

error cannot_use(const fs::path& root, std::string_view why) {
    return {errc::storage_failed,
            fmt::format("Berth cannot use {} as its folder: {} Mend that, or choose another with --root.",
                        root.native(), why)};
}

result<> make_folder(const fs::path& root, const folder& f) {
    auto path = root / f.name;
    if (::mkdir(path.c_str(), f.mode) == 0)
        return {};
    if (errno != EEXIST)
        return cannot_use(root, storage_error("create", path, last_error()).detail);
    if (!open_folder(AT_FDCWD, path.c_str()))
        return cannot_use(root, fmt::format("{} must be a folder, not a file or a symbolic link ({}).", path.native(),
                                            last_error().message()));
    return {};
}

error already_served(const fs::path& root, int lock) {
    char text[512];
    auto n = ::pread(lock, text, sizeof text, 0);
    auto holder = parse_lock_text({text, n > 0 ? static_cast<std::size_t>(n) : 0});
    std::string who = "another berth";
    if (holder)
        who += fmt::format(" (pid {}{}{})", holder->pid, holder->url.empty() ? "" : ", ", holder->url);
    return {errc::storage_failed,
            fmt::format("{} already serves {}. Stop it first, or choose another folder with --root.", who,
                        short_form(root))};
}

void write_lock(int lock, std::string_view url) {
    auto text = to_text({::getpid(), std::string(url)});
    // Nothing that a server does depends on this text, so neither does anything on its failure.
    if (::pwrite(lock, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()))
        (void)!::ftruncate(lock, static_cast<off_t>(text.size()));
}

result<unique_fd> take_lock(const fs::path& root) {
    auto path = root / ".berth/lock";
    // O_CLOEXEC: an app that is started by us must not go on holding it after we are gone.
    unique_fd lock(
        uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600); }));
    if (!lock)
        return cannot_use(root, storage_error("open", path, last_error()).detail);
    if (uninterrupted([&] { return ::flock(lock.get(), LOCK_EX | LOCK_NB); }) < 0) {
        if (errno == EWOULDBLOCK)
            return already_served(root, lock.get());
        return cannot_use(root, storage_error("lock", path, last_error()).detail);
    }
    write_lock(lock.get(), "");
    return lock;
}

} // namespace

unique_fd open_folder(int parent, const char* name) noexcept {
    return unique_fd(
        uninterrupted([&] { return ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
}

result<root_folder> root_folder::open(const fs::path& given) {
    std::error_code failure;
    fs::create_directories(given, failure);
    auto root = failure ? fs::path() : fs::canonical(given, failure);
    if (failure)
        return cannot_use(given, failure.message() + ".");
    if (::access(root.c_str(), W_OK | X_OK) < 0)
        return cannot_use(root, last_error().message() + ".");

    auto& ours = folders[0];
    if (auto made = make_folder(root, ours); !made)
        return made.error();
    // Before anything else is touched: it may be another server's.
    auto lock = take_lock(root);
    if (!lock)
        return lock.error();
    for (auto& f : folders)
        if (auto made = make_folder(root, f); !made)
            return made.error();
    return root_folder(std::move(root), std::move(*lock));
}

void root_folder::announce(std::string_view url) { write_lock(lock_.get(), url); }

} // namespace berth
