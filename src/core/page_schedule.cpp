#include "core/page_schedule.hpp"

#include <algorithm>
#include <utility>

namespace berth {

void page_schedule::online(const std::string& id, std::int64_t run) {
    auto [known, is_new] = apps_.try_emplace(id);
    if (is_new || known->second.run != run) {
        known->second = {};
        known->second.run = run;
    }
}

void page_schedule::gone(const std::string& id) { apps_.erase(id); }

void page_schedule::opened(const std::string& id, time now) {
    auto known = apps_.find(id);
    if (known == apps_.end())
        return;
    known->second.lively = now;
    if (!std::exchange(known->second.is_opened, true))
        wrote(id, now);
}

bool page_schedule::is_opened(const std::string& id) const {
    auto known = apps_.find(id);
    return known != apps_.end() && known->second.is_opened;
}

void page_schedule::wrote(const std::string& id, time now) {
    auto known = apps_.find(id);
    if (known == apps_.end())
        return;
    auto& s = known->second;
    s.lively = now;
    s.last_write = now;
    if (!s.first_write)
        s.first_write = now;
}

void page_schedule::connected(const std::string& id, int connections, time now) {
    auto known = apps_.find(id);
    if (known == apps_.end())
        return;
    if (std::exchange(known->second.connections, connections) < connections)
        known->second.lively = now;
}

std::uint64_t page_schedule::want(const std::string& id) {
    auto known = apps_.find(id);
    if (known == apps_.end())
        return 0;
    auto& s = known->second;
    s.is_opened = true;
    return s.wanted = s.begun + 1;
}

bool page_schedule::is_over(const std::string& id, std::int64_t run, std::uint64_t number) const {
    auto known = apps_.find(id);
    return known == apps_.end() || known->second.run != run || known->second.done >= number;
}

std::optional<page_schedule::time> page_schedule::due(const state& s) const {
    if (s.wanted > s.begun)
        return time{}; // at once
    if (!s.is_opened || s.is_mute)
        return {};
    std::optional<time> at;
    if (s.last_write)
        at = std::min(*s.last_write + settled, *s.first_write + longest_unsettled);
    if (!s.answered)
        return at;
    if (s.connections > 0) {
        bool idle = *s.answered - s.lively > lively;
        auto again = *s.answered + (idle ? while_idle : while_open);
        at = at ? std::min(*at, again) : again;
    }
    if (!at)
        return {};
    std::chrono::seconds rest = pause;
    if (s.failures > 0)
        rest = std::min<std::chrono::seconds>(longest_pause, while_open * (1 << std::min(s.failures, 5)));
    return std::max(*at, *s.answered + rest);
}

std::optional<page_schedule::question> page_schedule::next(time now) {
    if (under_way_.size() >= at_once)
        return {};
    auto first = apps_.end();
    std::optional<time> earliest;
    for (auto it = apps_.begin(); it != apps_.end(); ++it) {
        auto at = under_way_.contains(it->first) ? std::nullopt : due(it->second);
        if (at && *at <= now && (!earliest || *at < *earliest)) {
            earliest = at;
            first = it;
        }
    }
    if (first == apps_.end())
        return {};
    auto& s = first->second;
    ++s.begun;
    s.first_write.reset();
    s.last_write.reset();
    under_way_[first->first] = s.run;
    return question{first->first, s.run};
}

bool page_schedule::ended(const question& q, end how, time now) {
    under_way_.erase(q.id);
    auto known = apps_.find(q.id);
    if (known == apps_.end() || known->second.run != q.run)
        return false;
    auto& s = known->second;
    s.done = s.begun;
    s.answered = now;
    s.is_mute = how == end::no_endpoint;
    s.failures = how == end::failed ? s.failures + 1 : 0;
    if (how == end::failed && !s.last_write)
        s.first_write = s.last_write = now; // asked again, when its pause is over
    return true;
}

std::optional<page_schedule::time> page_schedule::wake() const {
    std::optional<time> earliest;
    if (under_way_.size() >= at_once)
        return {};
    for (auto& [id, s] : apps_) {
        auto at = under_way_.contains(id) ? std::nullopt : due(s);
        if (at && (!earliest || *at < *earliest))
            earliest = at;
    }
    return earliest;
}

} // namespace berth
