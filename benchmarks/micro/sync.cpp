// What the reactor does for each sync: pm2's table is decoded, matched and judged, what changed becomes JSON.

#include "core/app_json.hpp"
#include "core/registry.hpp"
#include "core/status.hpp"
#include "pm2/protocol.hpp"
#include "sample.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace berth;
using namespace berth::micro;

void decode_table(benchmark::State& state) {
    protocol::decoder decoder;
    auto line = sample_line();
    for (auto _ : state)
        benchmark::DoNotOptimize(decoder.decode(line));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * line.size()));
}
BENCHMARK(decode_table);

/// One sync's merge; `memory` is what the app's trees hold.
void merge(registry& into, const pm2_table& table, int memory) {
    auto found = match(into.value(), table, "/r");
    for (auto& [id, process] : found.by_id) {
        sighting seen;
        seen.process = process;
        seen.sight.accepting = true;
        seen.sight.memory_mb = memory;
        seen.now = 1'769'869'900'000;
        into.edit(id, [&](app& a) { a = judge(a, seen); });
    }
    into.commit();
}

void merge_unchanged(benchmark::State& state) {
    registry all;
    all.load(sample_manifest());
    auto table = sample_table();
    for (auto _ : state)
        merge(all, table, 600);
}
BENCHMARK(merge_unchanged);

void merge_all_changed(benchmark::State& state) {
    registry all;
    all.load(sample_manifest());
    auto table = sample_table();
    int memory = 600;
    for (auto _ : state)
        merge(all, table, 600 + (++memory % 100));
}
BENCHMARK(merge_all_changed);

void serialise_app(benchmark::State& state) {
    auto m = sample_manifest();
    auto& a = m.apps.begin()->second.app;
    for (auto _ : state)
        benchmark::DoNotOptimize(dump(to_json(a, activity::none)));
}
BENCHMARK(serialise_app);

void serialise_manifest(benchmark::State& state) {
    auto m = sample_manifest();
    for (auto _ : state)
        benchmark::DoNotOptimize(format_manifest(m));
}
BENCHMARK(serialise_manifest);

void compare_manifests(benchmark::State& state) {
    auto one = sample_manifest(), other = one;
    for (auto _ : state)
        benchmark::DoNotOptimize(one == other);
}
BENCHMARK(compare_manifests);

} // namespace
