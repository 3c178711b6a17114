// What a sync asks of the machine, on the worker pool: the listening sockets at each look, all processes once a second.
// The figures grow with the machine's processes; their number is printed.
#ifdef __linux__
#include "machine/process_view.hpp"
#include "machine/procfs.hpp"
#include "machine/sock_diag.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace berth;

void list_listeners(benchmark::State& state) {
    socket_table table;
    std::size_t count = 0;
    for (auto _ : state)
        count = table.listeners().size();
    state.counters["listeners"] = static_cast<double>(count);
}
BENCHMARK(list_listeners)->Unit(benchmark::kMicrosecond);

void scan_processes(benchmark::State& state) {
    std::size_t count = 0;
    for (auto _ : state)
        count = procfs::all_processes().size();
    state.counters["processes"] = static_cast<double>(count);
}
BENCHMARK(scan_processes)->Unit(benchmark::kMicrosecond);

void index_processes(benchmark::State& state) {
    auto all = procfs::all_processes();
    for (auto _ : state)
        benchmark::DoNotOptimize(process_view(all, process_view::clock::now()));
}
BENCHMARK(index_processes)->Unit(benchmark::kMicrosecond);

} // namespace
#endif
