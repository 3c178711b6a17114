#include "store/mounts.hpp"

#include "store/file_system.hpp"
#include "store/root_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#ifdef __APPLE__
#include <sys/mount.h>
#endif

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>

namespace berth {
namespace {

namespace fs = std::filesystem;

/// The next field, up to a space.
std::string_view take_field(std::string_view& line) {
    auto field = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), field.size() + 1));
    return field;
}

/// Without the octal escapes of space, tab, newline and backslash.
std::string unescaped(std::string_view text) {
    auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 3 < text.size() && is_octal(text[at + 1]) && is_octal(text[at + 2]) &&
            is_octal(text[at + 3])) {
            out += static_cast<char>((text[at + 1] - '0') << 6 | (text[at + 2] - '0') << 3 | (text[at + 3] - '0'));
            at += 3;
        } else {
            out += text[at];
        }
    }
    return out;
}

bool is_in(const fs::path& path, const fs::path& folder) {
    auto &p = path.native(), &f = folder.native();
    return p.starts_with(f) && (p.size() == f.size() || p[f.size()] == '/');
}

#ifndef __APPLE__
/// A file of /proc, of any length; a mount table may be longer than what may be read of files of ours.
os_result<std::string> read_proc(const std::string& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
    if (!file)
        return last_error();
    std::string text;
    char block[4096];
    while (auto n = std::fread(block, 1, sizeof block, file.get()))
        text.append(block, n);
    if (std::ferror(file.get()))
        return last_error();
    return text;
}
#endif

} // namespace

std::optional<std::uint64_t> mount_of(int fd) {
#ifdef __APPLE__
    struct stat s;
    if (::fstat(fd, &s) < 0)
        return {};
    return static_cast<std::uint64_t>(s.st_dev);
#else
#ifdef STATX_MNT_ID
    struct statx s;
    if (::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &s) == 0 && (s.stx_mask & STATX_MNT_ID))
        return s.stx_mnt_id;
#endif
    // Before Linux 5.8.
    auto text = read_proc("/proc/self/fdinfo/" + std::to_string(fd));
    constexpr std::string_view label = "mnt_id:";
    auto at = text ? text->find(label) : std::string::npos;
    if (at == std::string::npos)
        return {};
    at = text->find_first_not_of(" \t", at + label.size());
    std::uint64_t id = 0;
    if (at == std::string::npos ||
        std::from_chars(text->data() + at, text->data() + text->size(), id).ec != std::errc{})
        return {};
    return id;
#endif
}

unique_fd open_on_mount(int parent, const char* name, std::uint64_t mount) {
    auto folder = open_folder(parent, name);
    if (folder && mount_of(folder.get()) != mount) { // whatever it is, it is not known to be the app's
        folder = unique_fd();
        errno = EXDEV;
    }
    return folder;
}

std::vector<mount_point> parse_mountinfo(std::string_view text) {
    std::vector<mount_point> found;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        // "36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw": how many fields there are before
        // the dash differs.
        for (int i = 0; i < 3; ++i)
            take_field(line);
        auto shown = unescaped(take_field(line));
        auto at = unescaped(take_field(line));
        while (!line.empty() && take_field(line) != "-") {
        }
        take_field(line);
        auto what = unescaped(take_field(line));
        if (at.empty())
            continue;
        if (shown != "/")
            what += " (" + shown + ")";
        found.push_back({std::move(at), std::move(what)});
    }
    return found;
}

result<std::vector<mount_point>> mounts_in(const fs::path& folder) {
#ifdef __APPLE__
    struct statfs* table = nullptr;
    auto n = ::getmntinfo(&table, MNT_NOWAIT);
    if (n <= 0)
        return storage_error("see what is mounted in", folder, last_error());
    std::vector<mount_point> all;
    for (int i = 0; i < n; ++i)
        all.push_back({table[i].f_mntonname, table[i].f_mntfromname});
#else
    auto text = read_proc("/proc/self/mountinfo");
    if (!text)
        return storage_error("see what is mounted in", folder, text.error());
    auto all = parse_mountinfo(*text);
#endif
    std::erase_if(all, [&](auto& mount) { return !is_in(mount.at, folder); });
    return all;
}

} // namespace berth
