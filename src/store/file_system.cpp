#include "store/file_system.hpp"

#include "core/uninterrupted.hpp"
#include "core/unique_fd.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr int max_links = 40; // as the kernel

os_result<> done_or_error(int outcome) {
    if (outcome < 0)
        return last_error();
    return {};
}

int sync_to_disk(int fd) {
#ifdef F_FULLFSYNC
    // macOS: fsync alone leaves the data in the drive's cache. Not every file system there knows the stronger call.
    if (::fcntl(fd, F_FULLFSYNC) == 0)
        return 0;
#endif
    return uninterrupted([&] { return ::fsync(fd); });
}

class posix_file_system final : public file_system {
public:
    os_result<int> create(const fs::path& path) override {
        auto fd = uninterrupted([&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644); });
        if (fd < 0)
            return last_error();
        return fd;
    }

    os_result<std::size_t> write(int file, std::string_view bytes) override {
        auto n = uninterrupted([&] { return ::write(file, bytes.data(), bytes.size()); });
        if (n < 0)
            return last_error();
        return static_cast<std::size_t>(n);
    }

    os_result<> set_mode(int file, std::uint32_t mode) override {
        return done_or_error(::fchmod(file, static_cast<mode_t>(mode)));
    }

    os_result<> sync(int file) override { return done_or_error(sync_to_disk(file)); }

    os_result<file_facts> look(int file) override {
        struct stat s;
        if (::fstat(file, &s) < 0)
            return last_error();
        return facts_of(s);
    }

    os_result<> close(int file) override {
        // Never repeated: after EINTR the descriptor is gone on Linux, and may be somebody else's by then.
        if (::close(file) < 0 && errno != EINTR)
            return last_error();
        return {};
    }

    os_result<> rename(const fs::path& from, const fs::path& to) override {
        return done_or_error(std::rename(from.c_str(), to.c_str()));
    }

    os_result<> link(const fs::path& from, const fs::path& to) override {
        return done_or_error(::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW));
    }

    os_result<> unlink(const fs::path& path) override { return done_or_error(::unlink(path.c_str())); }

    os_result<fs::path> follow(const fs::path& path) override {
        auto at = path;
        for (int links = 0; links < max_links; ++links) {
            char text[4096];
            auto n = ::readlink(at.c_str(), text, sizeof text);
            if (n < 0 && (errno == EINVAL || errno == ENOENT))
                return at;
            if (n < 0)
                return last_error();
            at = at.parent_path() / std::string_view(text, static_cast<std::size_t>(n));
        }
        return boost::system::error_code(ELOOP, boost::system::system_category());
    }

    os_result<> sync_folder(const fs::path& path) override {
        unique_fd folder(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
        if (!folder)
            return last_error();
        return done_or_error(sync_to_disk(folder.get()));
    }

    os_result<file_facts> look(const fs::path& path) override {
        struct stat s;
        if (::stat(path.c_str(), &s) < 0)
            return last_error();
        return facts_of(s);
    }

    os_result<std::string> read(const fs::path& path) override {
        // O_NONBLOCK: a FIFO of that name must not hold the worker for ever.
        unique_fd file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
        if (!file)
            return last_error();
        std::string text;
        char block[64 * 1024];
        for (;;) {
            auto n = uninterrupted([&] { return ::read(file.get(), block, sizeof block); });
            if (n < 0)
                return last_error();
            if (n == 0)
                return text;
            text.append(block, static_cast<std::size_t>(n));
            if (text.size() > max_file_size)
                return boost::system::error_code(EFBIG, boost::system::system_category());
        }
    }

    os_result<std::vector<std::string>> list(const fs::path& path) override {
        auto* folder = ::opendir(path.c_str());
        if (!folder)
            return last_error();
        std::vector<std::string> names;
        errno = 0;
        while (auto* entry = ::readdir(folder)) {
            std::string_view name = entry->d_name;
            if (name != "." && name != "..")
                names.emplace_back(name);
            errno = 0;
        }
        auto failure = last_error();
        ::closedir(folder);
        if (failure)
            return failure;
        return names;
    }
};

} // namespace

std::unique_ptr<file_system> create_file_system() { return std::make_unique<posix_file_system>(); }

file_facts facts_of(const struct stat& s) {
#ifdef __APPLE__
    auto modified = s.st_mtimespec;
#else
    auto modified = s.st_mtim;
#endif
    return {.device = static_cast<std::uint64_t>(s.st_dev),
            .inode = static_cast<std::uint64_t>(s.st_ino),
            .size = static_cast<std::uint64_t>(s.st_size),
            .mode = static_cast<std::uint32_t>(s.st_mode & 07777),
            .modified_ns = std::int64_t{modified.tv_sec} * 1'000'000'000 + modified.tv_nsec};
}

error storage_error(std::string_view verb, const fs::path& path, const boost::system::error_code& reason) {
    std::string detail = "Could not ";
    detail.append(verb).append(" ").append(path.native()).append(": ").append(reason.message()).append(".");
    return {errc::storage_failed, std::move(detail)};
}

boost::system::error_code last_error() noexcept { return {errno, boost::system::system_category()}; }

} // namespace berth
