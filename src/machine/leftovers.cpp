#ifdef __linux__
#include "machine/leftovers.hpp"

#include "core/unique_fd.hpp"
#include "core/worker.hpp"
#include "machine/process_view.hpp"
#include "machine/procfs.hpp"
#include "machine/sock_diag.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <unordered_set>

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace berth {
namespace {

using namespace std::chrono_literals;

std::string environment_of(int pid) { return procfs::read("/proc/" + std::to_string(pid) + "/environ"); }

std::string resolved(const std::filesystem::path& directory) {
    std::error_code failed; // a folder that is gone keeps its name: its processes' links still show it
    auto path = std::filesystem::weakly_canonical(directory, failed);
    return failed ? directory.string() : path.string();
}

bool listens_on(int pid, const std::vector<std::uint64_t>& inodes) {
    for (auto inode : procfs::socket_inodes(pid))
        if (std::find(inodes.begin(), inodes.end(), inode) != inodes.end())
            return true;
    return false;
}

// Sends the signal to each that still is who it was, and returns a pidfd for each.
std::vector<unique_fd> signal_each(const std::vector<found_process>& found, int signal) {
    std::vector<unique_fd> held;
    for (auto& each : found) {
        unique_fd fd(static_cast<int>(::syscall(SYS_pidfd_open, each.pid, 0)));
        if (fd.get() < 0)
            continue;
        auto now = procfs::one_process(each.pid); // after the open: what the descriptor holds is what we look at
        if (!now || now->started != each.started)
            continue;
        ::syscall(SYS_pidfd_send_signal, fd.get(), signal, nullptr, 0);
        held.push_back(std::move(fd));
    }
    return held;
}

bool all_ended(const std::vector<unique_fd>& held) {
    return std::all_of(held.begin(), held.end(), [](auto& fd) {
        pollfd one{fd.get(), POLLIN, 0};
        return ::poll(&one, 1, 0) == 1;
    });
}

} // namespace

std::vector<found_process> find_leftovers(const app_ref& app) {
    auto directory = resolved(app.directory);
    auto marker = "name=orch-" + app.id;
    process_view view(procfs::all_processes(), process_view::clock::now());
    std::unordered_set<int> running;
    for (auto* member : view.tree(app.root_pid))
        running.insert(member->pid);

    std::vector<std::uint64_t> inodes;
    listener_table listeners;
    for (auto& each : listeners.read())
        if (each.port == app.port)
            inodes.push_back(each.inode);

    std::vector<found_process> found;
    for (auto& p : view.all()) {
        if (p.pid == ::getpid() || running.contains(p.pid) ||
            !procfs::is_inside(procfs::working_directory(p.pid), directory))
            continue;
        if (procfs::has_variable(environment_of(p.pid), marker) || listens_on(p.pid, inodes))
            found.push_back({p.pid, p.started, p.name});
    }
    return found;
}

std::vector<found_process> find_scaffold(const std::filesystem::path& directory) {
    auto marker = "BERTH_SCAFFOLD=" + directory.string();
    std::vector<found_process> found;
    for (auto& p : procfs::all_processes())
        if (p.pid != ::getpid() && procfs::has_variable(environment_of(p.pid), marker))
            found.push_back({p.pid, p.started, p.name});
    return found;
}

task<ended_processes> end_all(asio::any_io_executor home, asio::thread_pool& workers,
                              std::function<std::vector<found_process>()> find) {
    auto begin = std::chrono::steady_clock::now();
    auto patience = begin + 3s, end = patience + 2s;
    std::set<std::pair<int, std::uint64_t>> signalled;
    asio::steady_timer timer(home);
    auto pool = workers.get_executor();
    for (;;) {
        auto found = co_await run_on(pool, home, find);
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
        auto job = [found, hard] { return signal_each(found, hard ? SIGKILL : SIGTERM); };
        auto held = co_await run_on(pool, home, job);
        auto until = hard ? end : patience;
        auto pause = 2ms;
        while (!all_ended(held) && std::chrono::steady_clock::now() < until) {
            timer.expires_after(pause);
            co_await timer.async_wait(as_result);
            pause = std::min(pause * 2, 50ms);
        }
    }
}

} // namespace berth
#endif
