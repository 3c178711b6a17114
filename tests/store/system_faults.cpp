#include "system_faults.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstring>

namespace berth::test {
namespace {

struct plan {
    bool active = false;
    int fail_at = 0;
    int reason = 0;
    int calls = 0;
    std::string failed;
};
thread_local plan now;

} // namespace

system_fault::system_fault(int n, int reason) { now = {true, n, reason, 0, {}}; }
system_fault::~system_fault() { now.active = false; }
int system_fault::calls() const { return now.calls; }
const std::string& system_fault::failed() const { return now.failed; }

/// True when the call must fail: errno is set then.
static bool fails(const char* name) {
    if (!now.active || ++now.calls != now.fail_at)
        return false;
    // POSIX knows no interruption of calls that only touch names; close is gone after one.
    if (now.reason == EINTR && !std::strstr("open openat read pread write pwrite fsync flock", name))
        return false;
    now.failed = name;
    errno = now.reason;
    return true;
}

static std::size_t shortened(std::size_t n) { return now.active ? std::min<std::size_t>(n, 1) : n; }

} // namespace berth::test

using berth::test::fails;
using berth::test::shortened;

static mode_t mode_of(int flags, va_list rest) { return flags & O_CREAT ? va_arg(rest, mode_t) : 0; }

#define WRAPPED(type, name, parameters, failure, arguments)                                                            \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters { return fails(#name) ? failure : __real_##name arguments; }

extern "C" {
int __real_open(const char*, int, ...);
int __wrap_open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    auto mode = mode_of(flags, rest);
    va_end(rest);
    return fails("open") ? -1 : __real_open(path, flags, mode);
}
int __real_openat(int, const char*, int, ...);
int __wrap_openat(int folder, const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    auto mode = mode_of(flags, rest);
    va_end(rest);
    return fails("openat") ? -1 : __real_openat(folder, path, flags, mode);
}
ssize_t __real_read(int, void*, size_t);
ssize_t __wrap_read(int fd, void* to, size_t n) { return fails("read") ? -1 : __real_read(fd, to, shortened(n)); }
ssize_t __real_pread(int, void*, size_t, off_t);
ssize_t __wrap_pread(int fd, void* to, size_t n, off_t at) {
    return fails("pread") ? -1 : __real_pread(fd, to, shortened(n), at);
}
ssize_t __real_write(int, const void*, size_t);
ssize_t __wrap_write(int fd, const void* from, size_t n) {
    return fails("write") ? -1 : __real_write(fd, from, shortened(n));
}
WRAPPED(ssize_t, pwrite, (int fd, const void* from, size_t n, off_t at), -1, (fd, from, n, at))
WRAPPED(int, fsync, (int fd), -1, (fd))
WRAPPED(int, fstat, (int fd, struct stat* s), -1, (fd, s))
WRAPPED(int, stat, (const char* path, struct stat* s), -1, (path, s))
WRAPPED(int, fstatat, (int fd, const char* path, struct stat* s, int flags), -1, (fd, path, s, flags))
WRAPPED(int, rename, (const char* from, const char* to), -1, (from, to))
WRAPPED(int, renameat, (int f, const char* from, int t, const char* to), -1, (f, from, t, to))
WRAPPED(int, linkat, (int f, const char* from, int t, const char* to, int flags), -1, (f, from, t, to, flags))
WRAPPED(int, unlink, (const char* path), -1, (path))
WRAPPED(int, unlinkat, (int fd, const char* path, int flags), -1, (fd, path, flags))
WRAPPED(int, mkdir, (const char* path, mode_t mode), -1, (path, mode))
WRAPPED(int, mkdirat, (int fd, const char* path, mode_t mode), -1, (fd, path, mode))
WRAPPED(ssize_t, readlink, (const char* path, char* to, size_t n), -1, (path, to, n))
WRAPPED(int, fchmod, (int fd, mode_t mode), -1, (fd, mode))
WRAPPED(int, flock, (int fd, int operation), -1, (fd, operation))
WRAPPED(int, ftruncate, (int fd, off_t size), -1, (fd, size))
WRAPPED(int, access, (const char* path, int mode), -1, (path, mode))
WRAPPED(DIR*, opendir, (const char* path), nullptr, (path))
WRAPPED(DIR*, fdopendir, (int fd), nullptr, (fd))
WRAPPED(struct dirent*, readdir, (DIR * folder), nullptr, (folder))
int __real_close(int);
int __wrap_close(int fd) { // gone whatever is said
    auto outcome = __real_close(fd);
    return fails("close") ? -1 : outcome;
}
}
