#include "core/descriptors.hpp"

#include <charconv>
#include <cstring>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace berth {
namespace {

#ifdef __linux__
constexpr auto open_descriptors = "/proc/self/fd";
#else
constexpr auto open_descriptors = "/dev/fd";
#endif

} // namespace

void keep_from_children(int lowest) {
#ifdef SYS_close_range
    constexpr unsigned close_on_exec = 4; // CLOSE_RANGE_CLOEXEC, which older headers do not have
    if (::syscall(SYS_close_range, static_cast<unsigned>(lowest), ~0u, close_on_exec) == 0)
        return;
#endif
    keep_from_children_by_walking(lowest);
}

void keep_from_children_by_walking(int lowest) {
    auto* directory = ::opendir(open_descriptors);
    if (!directory)
        return;
    std::vector<int> open;
    while (auto* entry = ::readdir(directory)) {
        int fd = -1;
        auto* end = entry->d_name + std::strlen(entry->d_name);
        if (std::from_chars(entry->d_name, end, fd).ptr == end && fd >= lowest)
            open.push_back(fd);
    }
    ::closedir(directory);
    for (int fd : open)
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

} // namespace berth
