#include "net/live/watchers.hpp"

namespace berth::net {

watchers::watchers(orchestrator& orch) : orch_(orch) { orch_.watch(this); }

watchers::~watchers() { orch_.watch(nullptr); }

void watchers::add(watcher& w) { all_.emplace(&w, 0); }

void watchers::remove(watcher& w) {
    if (all_.erase(&w) > 0)
        tell_audience();
}

void watchers::set_audience(watcher& of, std::size_t clients) {
    auto found = all_.find(&of);
    if (found == all_.end() || found->second == clients)
        return;
    found->second = clients;
    tell_audience();
}

void watchers::tell_audience() {
    std::size_t sum = 0;
    for (auto& [w, clients] : all_)
        sum += clients;
    orch_.set_audience(sum);
}

void watchers::on_change(const change& c) {
    for (auto& [w, clients] : all_)
        w->on_change(c);
}

void watchers::on_event(const std::string& id, const std::string& event, std::int64_t at_ms) {
    for (auto& [w, clients] : all_)
        w->on_event(id, event, at_ms);
}

void watchers::on_operation(const operation& o) {
    for (auto& [w, clients] : all_)
        w->on_operation(o);
}

void watchers::on_wrote(const std::string& id) {
    for (auto& [w, clients] : all_)
        w->on_wrote(id);
}

void watchers::on_problems() {
    for (auto& [w, clients] : all_)
        w->on_problems();
}

void watchers::on_activity(const activity_entry& e) {
    for (auto& [w, clients] : all_)
        w->on_activity(e);
}

} // namespace berth::net
