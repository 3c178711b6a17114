#include "machine/server_log.hpp"

#include "core/uninterrupted.hpp"
#include "core/unique_fd.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

namespace berth {

server_log::server_log(std::vector<int> descriptors, std::uintmax_t limit)
    : descriptors_(std::move(descriptors)), limit_(limit) {}

result<> server_log::open(const std::filesystem::path& file) {
    std::lock_guard lock(mutex_);
    if (!lead_to(file))
        return error{errc::storage_failed,
                     fmt::format("{} cannot be written: {}", file.native(), std::strerror(errno))};
    file_ = file;
    return {};
}

void server_log::make_room(std::size_t bytes) {
    std::lock_guard lock(mutex_);
    struct stat now {};
    if (file_.empty() || ::fstat(descriptors_.front(), &now) != 0)
        return;
    auto size = static_cast<std::uintmax_t>(now.st_size);
    if (size == 0 || size + bytes <= limit_)
        return;
    bool moved = ::rename(file_.c_str(), (file_.native() + ".1").c_str()) == 0 || errno == ENOENT;
    if (!moved || !lead_to(file_))
        (void)!::ftruncate(descriptors_.front(), 0);
}

bool server_log::lead_to(const std::filesystem::path& file) {
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK; // a FIFO has no reader
    unique_fd opened(uninterrupted([&] { return ::open(file.c_str(), flags, 0600); }));
    if (!opened)
        return false;
    struct stat what {};
    if (::fstat(opened.get(), &what) != 0)
        return false;
    if (!S_ISREG(what.st_mode)) {
        errno = EEXIST;
        return false;
    }
    for (int each : descriptors_)
        if (uninterrupted([&] { return ::dup2(opened.get(), each); }) < 0)
            return false;
    return true;
}

} // namespace berth
