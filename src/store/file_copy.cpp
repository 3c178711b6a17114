#include "store/file_copy.hpp"

#include "core/uninterrupted.hpp"

#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

#include <cerrno>

namespace berth {

bool clone_file(int from, int to) noexcept {
#ifdef FICLONE
    return uninterrupted([&] { return ::ioctl(to, FICLONE, from); }) == 0;
#else
    (void)from, (void)to; // macOS clones by name (clonefileat), and never into a file that is there already
    return false;
#endif
}

bool copy_bytes(int from, int to, const std::atomic<bool>& stop) noexcept {
    std::array<char, 128 * 1024> block;
    while (!stop) {
        auto have = uninterrupted([&] { return ::read(from, block.data(), block.size()); });
        if (have <= 0)
            return have == 0;
        for (ssize_t done = 0; done < have;) {
            auto n =
                uninterrupted([&] { return ::write(to, block.data() + done, static_cast<std::size_t>(have - done)); });
            if (n < 0)
                return false;
            done += n;
        }
    }
    errno = ECANCELED;
    return false;
}

std::array<timespec, 2> times_of(const struct stat& s) noexcept {
#ifdef __APPLE__
    return {s.st_atimespec, s.st_mtimespec};
#else
    return {s.st_atim, s.st_mtim};
#endif
}

bool keep_mode_and_times(int file, const struct stat& s) noexcept {
    auto times = times_of(s);
    return ::fchmod(file, s.st_mode & 01777) == 0 && ::futimens(file, times.data()) == 0;
}

} // namespace berth
