#include "store/tree_copy.hpp"

#include "core/projects.hpp"
#include "core/uninterrupted.hpp"
#include "store/file_copy.hpp"
#include "store/file_system.hpp"
#include "store/folder_entries.hpp"
#include "store/mounts.hpp"
#include "store/root_folder.hpp"
#include "store/shared_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

namespace berth {
namespace {

constexpr int max_depth = 200; // two descriptors each; nothing that was made on purpose is nested like this

unsigned char kind_of(const struct stat& s) {
    return S_ISREG(s.st_mode) ? DT_REG : S_ISDIR(s.st_mode) ? DT_DIR : S_ISLNK(s.st_mode) ? DT_LNK : DT_UNKNOWN;
}

/// Whether installing the package in the open folder runs something.
bool runs_install_script(int package) {
    struct stat s;
    if (::fstatat(package, "binding.gyp", &s, AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    unique_fd file(uninterrupted(
        [&] { return ::openat(package, "package.json", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
    if (!file)
        return errno != ENOENT;
    if (::fstat(file.get(), &s) < 0 || !S_ISREG(s.st_mode) || static_cast<std::size_t>(s.st_size) > max_package_json)
        return true;
    std::string text(static_cast<std::size_t>(s.st_size), '\0');
    auto n = uninterrupted([&] { return ::pread(file.get(), text.data(), text.size(), 0); });
    return n != static_cast<ssize_t>(text.size()) || has_install_script(text);
}

class copier {
public:
    copier(const tree_copy_options& options, std::uint64_t mount, const std::atomic<bool>& stop)
        : options_(options), mount_(mount), stop_(stop), may_link_(options.may_link) {}

    result<tree_copy_figures> run(int from, int to) {
        if (may_link_)
            may_link_ = !runs_install_script(from);
        fill(from, to, tree_region::project, 0);
        if (stop_)
            return error{errc::cancelled, "The copy was cancelled."};
        if (failure_)
            return std::move(*failure_);
        return figures_;
    }

private:
    bool over() const { return failure_ || stop_; }

    void fail(std::string_view what) {
        auto reason = last_error();
        if (!failure_)
            failure_ = error{errc::storage_failed, fmt::format("Could not {} {}: {}.", what, path_, reason.message())};
    }

    void fill(int from, int to, tree_region region, int depth) {
        auto entries = entries_of(from);
        if (!entries)
            return fail("read");
        for (auto& each : *entries) {
            if (over())
                return;
            auto& out = options_.leave_out;
            if (depth == 0 && std::find(out.begin(), out.end(), each.name) != out.end())
                continue;
            auto length = path_.size();
            path_ += (path_.empty() ? "" : "/") + each.name;
            copy(from, to, each, region, depth);
            path_.resize(length);
        }
    }

    void copy(int from, int to, const folder_entry& each, tree_region region, int depth) {
        auto name = each.name.c_str();
        auto kind = each.kind;
        if (kind == DT_UNKNOWN) { // some file systems do not say
            struct stat s;
            if (::fstatat(from, name, &s, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT ? void() : fail("look at");
            kind = kind_of(s);
        }
        if (kind == DT_DIR)
            copy_folder(from, to, name, region, depth);
        else if (kind == DT_LNK)
            copy_link(from, to, name);
        else if (kind == DT_REG)
            copy_file(from, to, name, region == tree_region::package);
    }

    void copy_folder(int from, int to, const char* name, tree_region region, int depth) {
        if (depth >= max_depth) {
            errno = ENAMETOOLONG;
            return fail("copy");
        }
        auto source = open_on_mount(from, name, mount_);
        struct stat s;
        if (!source || ::fstat(source.get(), &s) < 0)
            return errno == ENOENT ? void() : fail("open");
        auto inner = region_of(region, name, [&] { return runs_install_script(source.get()); });
        if (::mkdirat(to, name, 0700) < 0)
            return fail("create");
        auto copy = open_folder(to, name);
        if (!copy)
            return fail("open the copy of");
        ++figures_.entries;
        fill(source.get(), copy.get(), inner, depth + 1);
        // In the end: whoever may not write into it could not be filled, and filling it changes its time.
        if (!over() && !keep_mode_and_times(copy.get(), s))
            fail("set the mode of the copy of");
    }

    void copy_link(int from, int to, const char* name) {
        std::array<char, 4097> target; // longer ones there are none
        auto n = ::readlinkat(from, name, target.data(), target.size() - 1);
        struct stat s;
        if (n < 0 || ::fstatat(from, name, &s, AT_SYMLINK_NOFOLLOW) < 0)
            return errno == ENOENT ? void() : fail("read");
        target[static_cast<std::size_t>(n)] = '\0';
        if (::symlinkat(target.data(), to, name) < 0)
            return fail("create the copy of");
        auto times = times_of(s);
        ::utimensat(to, name, times.data(), AT_SYMLINK_NOFOLLOW); // a link's own time harms nobody
        ++figures_.entries;
    }

    void copy_file(int from, int to, const char* name, bool may_be_shared) {
        bool may_link = may_be_shared && may_link_;
        if (may_link && cloning_ == cloning::impossible && link(from, to, name))
            return;
        unique_fd source(
            uninterrupted([&] { return ::openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
        struct stat s;
        if (!source || ::fstat(source.get(), &s) < 0)
            return errno == ENOENT ? void() : fail("open");
        if (!S_ISREG(s.st_mode))
            return; // is something else by now
        unique_fd copy(uninterrupted(
            [&] { return ::openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600); }));
        if (!copy)
            return fail("create the copy of");
        bool cloned = cloning_ != cloning::impossible && s.st_size > 0 && clone_file(source.get(), copy.get());
        if (s.st_size > 0)
            cloning_ = cloned ? cloning::possible : cloning_ == cloning::unknown ? cloning::impossible : cloning_;
        if (!cloned && may_link && cloning_ == cloning::impossible) { // the first file that was tried
            if (::unlinkat(to, name, 0) == 0 && link(from, to, name))
                return;
            return copy_file(from, to, name, false);
        }
        if (!cloned && !copy_bytes(source.get(), copy.get(), stop_))
            return stop_ ? void() : fail("copy");
        if (!keep_mode_and_times(copy.get(), s))
            return fail("set the mode of the copy of");
        ++(cloned ? figures_.cloned : figures_.copied);
        ++figures_.entries;
    }

    /// False: it has to be copied.
    bool link(int from, int to, const char* name) {
        if (::linkat(from, name, to, name, 0) < 0) {
            may_link_ = errno != EXDEV && errno != ENOTSUP && errno != ENOSYS; // the next will be refused too
            return false;
        }
        ++figures_.linked;
        ++figures_.entries;
        return true;
    }

    const tree_copy_options& options_;
    std::uint64_t mount_;
    const std::atomic<bool>& stop_;
    enum class cloning { unknown, possible, impossible };
    cloning cloning_ = cloning::unknown;
    bool may_link_;
    std::string path_; // of what is copied, from the top
    std::optional<error> failure_;
    tree_copy_figures figures_;
};

class measurer {
public:
    measurer(std::uint64_t mount, const std::atomic<bool>& stop) : mount_(mount), stop_(stop) {}

    result<tree_size> run(int folder) {
        add(folder, 0);
        if (failed_)
            return storage_error("look at", failed_path_, failed_);
        return size_;
    }

private:
    void add(int folder, int depth) {
        errno = ENAMETOOLONG;
        auto entries = depth < max_depth ? entries_of(folder) : std::nullopt;
        if (!entries)
            return fail();
        for (auto& each : *entries) {
            if (failed_ || stop_)
                return;
            auto length = path_.native().size();
            path_ /= each.name;
            struct stat s;
            if (::fstatat(folder, each.name.c_str(), &s, AT_SYMLINK_NOFOLLOW) < 0) {
                fail();
            } else if (S_ISREG(s.st_mode) || S_ISDIR(s.st_mode) || S_ISLNK(s.st_mode)) {
                ++size_.entries;
                size_.bytes += static_cast<std::uint64_t>(s.st_blocks) * 512;
            }
            if (S_ISDIR(s.st_mode)) {
                auto inner = open_on_mount(folder, each.name.c_str(), mount_);
                inner ? add(inner.get(), depth + 1) : fail();
            }
            path_ = path_.native().substr(0, length);
        }
    }

    void fail() {
        if (!failed_) {
            failed_ = last_error();
            failed_path_ = path_;
        }
    }

    std::uint64_t mount_;
    const std::atomic<bool>& stop_;
    std::filesystem::path path_, failed_path_;
    boost::system::error_code failed_;
    tree_size size_;
};

} // namespace

result<tree_size> measure_tree(int folder, const std::atomic<bool>& stop) {
    auto mount = mount_of(folder);
    return mount ? measurer(*mount, stop).run(folder) : result<tree_size>(tree_size());
}

result<tree_copy_figures> copy_tree(int from, int to, const tree_copy_options& options, const std::atomic<bool>& stop) {
    auto mount = mount_of(from);
    if (!mount)
        return error{errc::storage_failed, "This system does not say which mount a folder is on; nothing was copied."};
    return copier(options, *mount, stop).run(from, to);
}

} // namespace berth
