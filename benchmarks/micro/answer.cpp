// What one read costs besides the socket: its target is taken apart and routed, the head of the answer is written, and
// a log's text becomes a message.

#include "net/api/router.hpp"
#include "net/http/reply.hpp"
#include "net/live/messages.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace berth::net;

void route_read(benchmark::State& state) {
    for (auto _ : state) {
        auto target = parse_target("/api/apps");
        benchmark::DoNotOptimize(find_route("GET", *target));
    }
}
BENCHMARK(route_read);

void write_head(benchmark::State& state) {
    auto r = json_reply(200, std::string(10'000, 'x'));
    std::string head;
    for (auto _ : state) {
        head.clear();
        append_head(head, r, {false, true, "Sat, 31 Jan 2026 14:30:00 GMT"});
        benchmark::DoNotOptimize(head.data());
    }
}
BENCHMARK(write_head);

void log_text(benchmark::State& state) {
    const follow_key of{"k3v9x2m100", {}};
    std::string text;
    while (text.size() < 32 * 1024)
        text += " GET /pricing \x1b[32m200\x1b[0m in 83ms (compile: 12ms, render: 27ms)\n";
    for (auto _ : state)
        benchmark::DoNotOptimize(log_message(of, berth::log_stream::out, 0, text.size(), text));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(log_text);

} // namespace

BENCHMARK_MAIN();
