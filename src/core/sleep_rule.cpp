#include "core/sleep_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace berth {
namespace {

bool may_sleep(const sleep_candidate& a, const sleep_settings& how, sleep_candidate::time now) {
    return !a.connected && !a.busy && !a.keep_awake && now - a.since >= how.young;
}

std::string_view words(nap::cause why) {
    switch (why) {
    case nap::cause::asked:
        return "somebody put it to sleep";
    case nap::cause::idle:
        return "nobody was connected to it for long";
    case nap::cause::memory:
        return "the machine was short of memory, and it was idle the longest";
    case nap::cause::room:
        break;
    }
    return "another app was opened and all places were taken (--max-running), and it was idle the longest";
}

} // namespace

const sleep_candidate* longest_idle(const std::vector<sleep_candidate>& all, const sleep_settings& how,
                                    sleep_candidate::time now) {
    const sleep_candidate* found = nullptr;
    for (auto& each : all)
        if (may_sleep(each, how, now) && (!found || each.visited < found->visited))
            found = &each;
    return found;
}

bool is_short_of_memory(const machine_load& load, const sleep_settings& how) {
    if (load.memory_total_mb == 0)
        return false;
    auto available = load.memory_total_mb - std::min(load.memory_total_mb, load.memory_used_mb);
    return available * 100 < load.memory_total_mb * static_cast<std::uint64_t>(how.memory_floor);
}

std::optional<bedtime> next_to_sleep(const std::vector<sleep_candidate>& all, const machine_load& load,
                                     const sleep_settings& how, sleep_candidate::time now) {
    auto first = longest_idle(all, how, now);
    if (!first)
        return {};
    if (how.after && now - first->visited >= *how.after)
        return bedtime{first->id, nap::cause::idle};
    if (is_short_of_memory(load, how))
        return bedtime{first->id, nap::cause::memory};
    return {};
}

std::string nap_reason(const nap& n) {
    auto seconds = static_cast<std::time_t>(n.since / 1000);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char when[32];
    std::strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local);
    return fmt::format("Asleep since {}: {}. It wakes when it is opened.", when, words(n.why));
}

} // namespace berth
