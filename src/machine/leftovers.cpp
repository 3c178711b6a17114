#include "machine/leftovers.hpp"

#include "core/unique_fd.hpp"
#include "core/worker.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cerrno>
#include <set>

#include <poll.h>
#include <signal.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace berth {
namespace {

using namespace std::chrono_literals;

/// A process that a signal was sent to. Without a pidfd where the system refuses them (an old kernel, a container).
struct held_process {
    unique_fd fd;
    found_process who;
};

#ifdef __linux__
int open_pidfd(int pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }
void send_signal(int pidfd, int signal) { ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0); }
#else
int open_pidfd(int) {
    errno = ENOSYS;
    return -1;
}
void send_signal(int, int) {}
#endif

/// Sends the signal to each that still is who it was.
std::vector<held_process> signal_each(const std::vector<found_process>& found, int signal, kernel::tables& kernel) {
    std::vector<held_process> held;
    for (auto& each : found) {
        unique_fd fd(open_pidfd(each.pid));
        bool refused = !fd && errno != ESRCH;
        // Looked at after the open: what the descriptor holds is what we look at. Without one, a pid would have to be
        // given to another between this line and the next.
        if ((!fd && !refused) || !still_is(each, kernel))
            continue;
        if (refused)
            ::kill(each.pid, signal);
        else
            send_signal(fd.get(), signal);
        held.push_back({std::move(fd), each});
    }
    return held;
}

bool all_ended(const std::vector<held_process>& held, kernel::tables& kernel) {
    return std::all_of(held.begin(), held.end(), [&](auto& each) {
        if (!each.fd)
            return !still_is(each.who, kernel);
        pollfd one{each.fd.get(), POLLIN, 0};
        return ::poll(&one, 1, 0) == 1;
    });
}

} // namespace

bool still_is(const found_process& who, kernel::tables& kernel) {
    auto now = kernel.one_process(who.pid);
    if (!now || now->started != who.started)
        return false;
    return who.works_in.empty() ||
           (kernel.is_ours(who.pid) && kernel::is_inside(kernel.working_directory(who.pid), who.works_in));
}

task<ended_processes> end_all(asio::any_io_executor home, asio::strand<asio::thread_pool::executor_type> strand,
                              std::shared_ptr<kernel::tables> kernel, finder find) {
    auto begin = std::chrono::steady_clock::now();
    auto patience = begin + 3s, end = patience + 2s;
    std::set<std::pair<int, std::uint64_t>> signalled;
    asio::steady_timer timer(home);
    for (;;) {
        auto asked = std::chrono::steady_clock::now();
        auto look = [find, asked] { return find(asked); };
        auto found = co_await run_on(strand, home, look);
        auto now = std::chrono::steady_clock::now();
        if (found.empty() || now >= end) {
            ended_processes result;
            result.ended = static_cast<int>(signalled.size() - std::min(signalled.size(), found.size()));
            result.survivors = std::move(found);
            co_return result;
        }
        for (auto& each : found)
            signalled.emplace(each.pid, each.started);
        bool hard = now >= patience;
        auto job = [found, hard, kernel] { return signal_each(found, hard ? SIGKILL : SIGTERM, *kernel); };
        auto held = co_await run_on(strand, home, job);
        auto until = hard ? end : patience;
        auto pause = 2ms;
        while (!all_ended(held, *kernel) && std::chrono::steady_clock::now() < until) {
            timer.expires_after(pause);
            co_await timer.async_wait(as_result);
            pause = std::min(pause * 2, 50ms);
        }
    }
}

} // namespace berth
