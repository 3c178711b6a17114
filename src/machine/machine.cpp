#include "machine/machine.hpp"

#include "core/worker.hpp"
#include "machine/kernel.hpp"
#include "machine/leftovers.hpp"
#include "machine/loopback.hpp"
#include "machine/observer.hpp"

#include <boost/asio/strand.hpp>

#include <chrono>
#include <thread>

namespace berth {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

class this_machine final : public machine {
public:
    this_machine(asio::any_io_executor home, asio::thread_pool& workers, std::shared_ptr<const own_connections> own)
        : home_(std::move(home)), strand_(workers.get_executor()),
          observer_(std::make_shared<observer>(kernel_, std::move(own))) {
        load();
    }

    void prepare() override {
        asio::post(strand_, [eyes = observer_] { eyes->prepare(); });
    }

    task<std::vector<app_sight>> look(std::vector<app_ref> apps) override {
        auto job = [eyes = observer_, apps = std::move(apps)] { return eyes->look(apps); };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<std::map<std::uint16_t, int>> connections(std::set<std::uint16_t> ports) override {
        auto job = [eyes = observer_, ports = std::move(ports)] { return eyes->connections(ports); };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<std::optional<std::map<std::uint16_t, visit>>> visits(std::set<std::uint16_t> ports) override {
        auto job = [eyes = observer_, ports = std::move(ports)] { return eyes->visits(ports); };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<bool> accepts(std::uint16_t port) override {
        auto job = [port] { return connects_to_loopback(port, false) || connects_to_loopback(port, true); };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<std::set<std::uint16_t>> listening() override {
        auto job = [eyes = observer_] { return eyes->listening(); };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<std::vector<process_name>> leftovers(app_ref app) override {
        auto job = [eyes = observer_, app = std::move(app), asked = clock::now()] {
            return names(eyes->leftovers(app, asked));
        };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<remains> end_processes(app_ref app) override {
        finder find = [eyes = observer_, app](clock::time_point asked) { return eyes->leftovers(app, asked); };
        auto gone = co_await end_all(home_, strand_, kernel_, std::move(find));
        auto look_again = [eyes = observer_, app = std::move(app)] { return eyes->stranger(app); };
        remains what;
        what.stranger = co_await run_on(strand_, home_, std::move(look_again));
        what.survivors = names(gone.survivors);
        what.ended = gone.ended;
        co_return what;
    }

    task<> end_scaffold(std::filesystem::path directory) override {
        finder find = [eyes = observer_, where = std::move(directory)](clock::time_point asked) {
            return eyes->of_scaffold(where, asked);
        };
        co_await end_all(home_, strand_, kernel_, std::move(find));
    }

    task<std::vector<dev_server>> servers_in(std::filesystem::path folder, std::set<std::string> but) override {
        auto job = [eyes = observer_, folder = std::move(folder), but = std::move(but), asked = clock::now()] {
            std::vector<dev_server> all;
            for (auto& each : eyes->servers_in(folder, but, asked))
                all.push_back({{each.who.pid, each.who.name}, each.port});
            return all;
        };
        co_return co_await run_on(strand_, home_, std::move(job));
    }

    task<std::vector<dev_server>> end_servers_in(std::filesystem::path folder, std::set<std::string> but) override {
        // A server may close its socket long before it ends: whoever was met once is waited for.
        auto met = std::make_shared<std::vector<found_process>>();
        finder find = [eyes = observer_, kernel = kernel_, met, folder, but](clock::time_point asked) {
            std::erase_if(*met, [&](auto& each) { return !still_is(each, *kernel); });
            for (auto& each : eyes->servers_in(folder, but, asked)) {
                auto same = [&](auto& other) { return other.pid == each.who.pid && other.started == each.who.started; };
                if (std::none_of(met->begin(), met->end(), same))
                    met->push_back(each.who);
            }
            return *met;
        };
        auto gone = co_await end_all(home_, strand_, kernel_, std::move(find));
        std::vector<dev_server> left;
        for (auto& each : gone.survivors)
            left.push_back({{each.pid, each.name}, 0});
        if (left.empty())
            left = co_await servers_in(std::move(folder), std::move(but));
        co_return left;
    }

    machine_load load() override {
        auto now = clock::now();
        if (now - measured_ < 1s)
            return load_;
        if (auto cpu = kernel_->processors()) {
            if (cpu->total > cpu_.total && cpu->busy >= cpu_.busy && cpu_.total > 0)
                load_.cpu_percent =
                    100.0 * static_cast<double>(cpu->busy - cpu_.busy) / static_cast<double>(cpu->total - cpu_.total);
            cpu_ = *cpu;
        }
        auto memory = kernel_->machine_memory();
        load_.cores = static_cast<int>(std::thread::hardware_concurrency());
        load_.memory_total_mb = memory.total_kb / 1024;
        load_.memory_used_mb = (memory.total_kb - std::min(memory.total_kb, memory.available_kb)) / 1024;
        measured_ = now;
        return load_;
    }

    std::optional<std::chrono::nanoseconds> processor_time(int pid) override {
        auto seen = kernel_->one_process(pid);
        if (!seen)
            return std::nullopt;
        return std::chrono::nanoseconds(seen->ticks * (1'000'000'000 / kernel_->ticks_per_second()));
    }

private:
    static std::vector<process_name> names(const std::vector<found_process>& found) {
        std::vector<process_name> all;
        for (auto& each : found)
            all.push_back({each.pid, each.name});
        return all;
    }

    asio::any_io_executor home_;
    asio::strand<asio::thread_pool::executor_type> strand_;
    std::shared_ptr<kernel::tables> kernel_ = kernel::open_tables();
    std::shared_ptr<observer> observer_;
    machine_load load_;
    kernel::cpu_time cpu_;
    clock::time_point measured_{};
};

} // namespace

std::unique_ptr<machine> create_machine(asio::any_io_executor home, asio::thread_pool& workers,
                                        std::shared_ptr<const own_connections> own) {
    return std::make_unique<this_machine>(std::move(home), workers, std::move(own));
}

} // namespace berth
