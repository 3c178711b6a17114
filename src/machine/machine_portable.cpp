// Where there is no /proc (macOS): a TCP connect says whether somebody accepts, not who. What outlives pm2's tree kill
// is then not found, strangers are not named, and figures for the whole tree are missing (core falls back to pm2's
// own).
#ifndef __linux__
#include "machine/machine.hpp"

#include "core/worker.hpp"
#include "machine/loopback.hpp"

#include <cerrno>
#include <thread>

#include <signal.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach/mach.h>
#include <sys/sysctl.h>
#endif

namespace berth {
namespace {

class portable_machine final : public machine {
public:
    portable_machine(asio::any_io_executor home, asio::thread_pool& workers)
        : home_(std::move(home)), workers_(workers) {}

    task<std::vector<app_sight>> look(std::vector<app_ref> apps) override {
        auto job = [apps = std::move(apps)] {
            std::vector<app_sight> sights;
            for (auto& app : apps) {
                app_sight sight;
                sight.alive = app.root_pid <= 0 || ::kill(app.root_pid, 0) == 0 || errno == EPERM;
                sight.lives = app.root_pid > 0 && sight.alive;
                sight.accepting = app.root_pid > 0 && is_taken(app.port);
                sights.push_back(sight);
            }
            return sights;
        };
        auto pool = workers_.get_executor();
        co_return co_await run_on(pool, home_, std::move(job));
    }

    task<std::vector<process_name>> leftovers(app_ref) override { co_return std::vector<process_name>(); }

    task<remains> end_processes(app_ref app) override {
        auto job = [port = app.port] { return is_taken(port); };
        auto pool = workers_.get_executor();
        bool taken = co_await run_on(pool, home_, std::move(job));
        remains what;
        if (taken)
            what.stranger = process_name{0, "another process"};
        co_return what;
    }

    task<> end_scaffold(std::filesystem::path) override { co_return; }

    task<std::vector<dev_server>> servers_in(std::filesystem::path, std::set<std::string>) override {
        co_return std::vector<dev_server>();
    }

    task<std::vector<dev_server>> end_servers_in(std::filesystem::path, std::set<std::string>) override {
        co_return std::vector<dev_server>();
    }

    task<std::set<std::uint16_t>> listening() override { co_return std::set<std::uint16_t>(); }

    machine_load load() override {
        machine_load now;
        now.cores = static_cast<int>(std::thread::hardware_concurrency());
#ifdef __APPLE__
        std::uint64_t bytes = 0;
        std::size_t size = sizeof bytes;
        ::sysctlbyname("hw.memsize", &bytes, &size, nullptr, 0);
        now.memory_total_mb = bytes >> 20;
        vm_statistics64_data_t pages{};
        mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
        if (::host_statistics64(::mach_host_self(), HOST_VM_INFO64, reinterpret_cast<host_info64_t>(&pages), &count) ==
            0) {
            auto page = static_cast<std::uint64_t>(::getpagesize());
            auto available = (pages.free_count + pages.inactive_count) * page >> 20;
            now.memory_used_mb = now.memory_total_mb - std::min(now.memory_total_mb, available);
        }
#endif
        return now;
    }

private:
    static bool is_taken(std::uint16_t port) {
        return connects_to_loopback(port, false) || connects_to_loopback(port, true);
    }

    asio::any_io_executor home_;
    asio::thread_pool& workers_;
};

} // namespace

std::unique_ptr<machine> create_machine(asio::any_io_executor home, asio::thread_pool& workers,
                                        std::shared_ptr<const own_connections>) {
    return std::make_unique<portable_machine>(std::move(home), workers);
}

} // namespace berth
#endif
