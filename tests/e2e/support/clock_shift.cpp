// A wall clock that a test can set, for one program: loaded into it by LD_PRELOAD. BERTH_CLOCK_SHIFT names a file of 8
// bytes, the shift in seconds, which is mapped, so that a change counts from the next question on. Children inherit the
// variables but keep the true time: the shift is for the program called BERTH_CLOCK_SHIFT_FOR. Monotonic clocks are
// left alone, as when a real clock is set. (Debian's libfaketime shifts timerfd too, whatever its clock: Asio's timers
// then stand still.)
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

const volatile std::int64_t* map_shift() {
    auto* file = std::getenv("BERTH_CLOCK_SHIFT");
    auto* program = std::getenv("BERTH_CLOCK_SHIFT_FOR");
    if (!file || !program || std::strcmp(program, program_invocation_short_name) != 0)
        return nullptr;
    int fd = ::open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        std::abort(); // a test that shifts nothing proves nothing
    auto* at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
    if (at == MAP_FAILED)
        std::abort();
    return static_cast<const volatile std::int64_t*>(at);
}

std::int64_t shift() {
    static auto* mapped = map_shift();
    return mapped ? *mapped : 0;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* at) noexcept {
    static auto* real = reinterpret_cast<int (*)(clockid_t, timespec*)>(::dlsym(RTLD_NEXT, "clock_gettime"));
    int failed = real(clock, at);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += shift();
    return failed;
}

int gettimeofday(timeval* __restrict at, void* __restrict) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t* at) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}
}
