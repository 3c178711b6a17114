#ifdef __linux__
#include "machine/machine.hpp"

#include "core/worker.hpp"
#include "machine/leftovers.hpp"
#include "machine/loopback.hpp"
#include "machine/port_watch.hpp"
#include "machine/process_view.hpp"
#include "machine/procfs.hpp"
#include "machine/sock_diag.hpp"

#include <boost/asio/strand.hpp>

#include <chrono>
#include <cmath>
#include <thread>
#include <unordered_map>

#include <unistd.h>

namespace berth {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto view_age = 900ms; // core promises figures that are at most 1 s old

/// Everything that is remembered from look to look. Lives on a strand of the worker pool.
class observer final : public evidence {
public:
    void prepare() {
        if (clock::now() - view_.taken() >= view_age)
            refresh();
    }

    std::vector<app_sight> look(const std::vector<app_ref>& apps) {
        begun_ = clock::now();
        if (begun_ - view_.taken() >= view_age)
            refresh();
        std::unordered_multimap<std::uint16_t, procfs::listener> by_port;
        for (auto& each : listeners_.read())
            by_port.emplace(each.port, each);

        std::vector<app_sight> sights;
        for (auto& app : apps) {
            std::vector<procfs::listener> here;
            for (auto [at, end] = by_port.equal_range(app.port); at != end; ++at)
                here.push_back(at->second);
            auto verdict = ports_.look(app.port, app.root_pid, here, *this, begun_);
            app_sight sight;
            sight.alive = app.root_pid <= 0 || procfs::one_process(app.root_pid).has_value();
            sight.accepting = verdict.accepting;
            sight.stranger = verdict.stranger;
            sight.outlived = sight.stranger && sight.stranger->pid > 0 &&
                             procfs::is_inside(procfs::working_directory(sight.stranger->pid), app.directory.native());
            measure(app.root_pid, sight);
            sights.push_back(std::move(sight));
        }
        return sights;
    }

    /// Whoever listens on the port and is not in the tree of root_pid.
    std::optional<process_name> stranger(const app_ref& app) {
        begun_ = clock::now();
        port_watch forgetful;
        std::vector<procfs::listener> here;
        for (auto& each : listeners_.read())
            if (each.port == app.port)
                here.push_back(each);
        return forgetful.look(app.port, app.root_pid, here, *this, begun_).stranger;
    }

private:
    const process_view& processes_now() override {
        if (view_.taken() < begun_)
            refresh();
        return view_;
    }
    std::vector<std::uint64_t> sockets_of(int pid, bool& readable) override {
        return procfs::socket_inodes(pid, &readable);
    }
    bool connects(std::uint16_t port, bool v6) override { return connects_to_loopback(port, v6); }

    void refresh() {
        view_ = process_view(procfs::all_processes(), clock::now());
        cpu_.add(view_);
        usage_.clear();
    }

    void measure(int root_pid, app_sight& sight) {
        if (root_pid > 0 && !view_.find(root_pid) && begun_ - view_.taken() > 100ms)
            refresh(); // an app that has just been started
        auto [known, is_new] = usage_.try_emplace(root_pid);
        auto& use = known->second;
        if (is_new)
            for (auto* member : view_.tree(root_pid)) {
                use.pages += member->resident;
                use.cpu_percent += cpu_.percent(member->pid);
            }
        sight.cpu_percent = use.cpu_percent;
        sight.memory_mb = static_cast<int>(use.pages * page_size_ / (1024 * 1024));
    }

    struct usage {
        std::uint64_t pages = 0;
        double cpu_percent = 0;
    };
    clock::time_point begun_{};
    listener_table listeners_;
    port_watch ports_;
    process_view view_;
    std::unordered_map<int, usage> usage_; // of the trees in view_, by their root
    cpu_meter cpu_{::sysconf(_SC_CLK_TCK)};
    std::uint64_t page_size_ = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
};

class linux_machine final : public machine {
public:
    linux_machine(asio::any_io_executor home, asio::thread_pool& workers)
        : home_(std::move(home)), workers_(workers), strand_(workers.get_executor()) {
        load();
    }

    void prepare() override {
        asio::post(strand_, [eyes = observer_] { eyes->prepare(); });
    }

    task<std::vector<app_sight>> look(std::vector<app_ref> apps) override {
        auto job = [eyes = observer_, apps = std::move(apps)] { return eyes->look(apps); };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<std::vector<process_name>> leftovers(app_ref app) override {
        auto job = [app = std::move(app)] { return names(find_leftovers(app)); };
        auto pool = workers_.get_executor();
        co_return co_await run_on(pool, home_, std::move(job));
    }

    task<remains> end_processes(app_ref app) override {
        std::function<std::vector<found_process>()> find = [app] { return find_leftovers(app); };
        auto gone = co_await end_all(home_, workers_, std::move(find));
        auto look_again = [eyes = observer_, app = std::move(app)] { return eyes->stranger(app); };
        remains what;
        what.stranger = co_await run_on(strand_, home_, std::move(look_again));
        what.survivors = names(gone.survivors);
        what.ended = gone.ended;
        co_return what;
    }

    task<> end_scaffold(std::filesystem::path directory) override {
        std::function<std::vector<found_process>()> find = [where = std::move(directory)] {
            return find_scaffold(where);
        };
        co_await end_all(home_, workers_, std::move(find));
    }

    machine_load load() override {
        auto now = clock::now();
        if (now - measured_ < 1s)
            return load_;
        if (auto cpu = procfs::parse_cpu(procfs::read("/proc/stat", 4096))) {
            if (cpu->total > cpu_.total && cpu->busy >= cpu_.busy && cpu_.total > 0)
                load_.cpu_percent =
                    100.0 * static_cast<double>(cpu->busy - cpu_.busy) / static_cast<double>(cpu->total - cpu_.total);
            cpu_ = *cpu;
        }
        auto memory = procfs::parse_meminfo(procfs::read("/proc/meminfo", 4096));
        load_.cores = static_cast<int>(std::thread::hardware_concurrency());
        load_.memory_total_mb = memory.total_kb / 1024;
        load_.memory_used_mb = (memory.total_kb - std::min(memory.total_kb, memory.available_kb)) / 1024;
        measured_ = now;
        return load_;
    }

    std::optional<std::chrono::nanoseconds> processor_time(int pid) override {
        auto seen = procfs::parse_stat(procfs::read("/proc/" + std::to_string(pid) + "/stat", 4096));
        if (!seen)
            return std::nullopt;
        return std::chrono::nanoseconds(seen->ticks * (1'000'000'000 / ticks_per_second_));
    }

private:
    static std::vector<process_name> names(const std::vector<found_process>& found) {
        std::vector<process_name> all;
        for (auto& each : found)
            all.push_back({each.pid, each.name});
        return all;
    }

    asio::any_io_executor home_;
    asio::thread_pool& workers_;
    asio::strand<asio::thread_pool::executor_type> strand_;
    std::shared_ptr<observer> observer_ = std::make_shared<observer>();
    machine_load load_;
    std::uint64_t ticks_per_second_ = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    procfs::cpu_time cpu_;
    clock::time_point measured_{};
};

} // namespace

std::unique_ptr<machine> create_machine(asio::any_io_executor home, asio::thread_pool& workers) {
    return std::make_unique<linux_machine>(std::move(home), workers);
}

} // namespace berth
#endif
