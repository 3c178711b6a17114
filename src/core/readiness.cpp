#include "core/readiness.hpp"

#include "core/names.hpp"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <map>

namespace berth {

using std::chrono::steady_clock;

namespace {

constexpr auto between_tries = std::chrono::milliseconds(20);

} // namespace

readiness judge_readiness(const app_view* seen) {
    using state = readiness::state;
    if (!seen)
        return {state::down, 0, "The app was deleted."};
    auto& a = seen->app;
    auto name = in_quotes(a.name);
    switch (seen->operation) {
    case activity::starting:
    case activity::restarting:
    case activity::waking:
        return {state::coming, 0, fmt::format("{} is being started.", name)};
    case activity::stopping:
        return {state::down, 0, fmt::format("{} is being stopped.", name)};
    case activity::deleting:
        return {state::down, 0, fmt::format("{} is being deleted.", name)};
    case activity::sleeping:
        return {state::asleep, 0, fmt::format("{} is being put to sleep.", name)};
    case activity::none:
        break;
    }
    if (a.asleep)
        return {state::asleep, 0, fmt::format("{} sleeps. {}", name, a.status_reason.value_or(""))};
    auto because = a.status_reason ? " " + *a.status_reason : std::string();
    switch (a.status) {
    case status::online:
        return {state::ready, a.port, ""};
    case status::launching:
        return {state::coming, 0, fmt::format("{} is starting.{}", name, because)};
    case status::stopped:
        return {state::down, 0, fmt::format("{} is stopped.{}", name, because)};
    case status::errored:
        return {state::down, 0, fmt::format("{} has crashed.{}", name, because)};
    case status::unknown:
        break;
    }
    return {state::down, 0, fmt::format("How {} is cannot be told.{}", name, because)};
}

struct arrivals::state {
    std::multimap<std::string, asio::steady_timer> waiting; // by app id; each expires at the end of its patience
    bool closed = false;
};

arrivals::arrivals(asio::any_io_executor executor,
                   std::function<std::shared_ptr<const app_view>(const std::string&)> find,
                   std::function<task<>()> fresh, std::function<task<result<>>(std::string)> wake,
                   std::function<task<bool>(std::uint16_t)> accepts)
    : executor_(std::move(executor)), find_(std::move(find)), fresh_(std::move(fresh)), wake_(std::move(wake)),
      accepts_(std::move(accepts)),
      state_(std::make_shared<state>()) {}

task<readiness> arrivals::ready(std::string id, std::chrono::milliseconds patience, bool wakes) {
    auto until = steady_clock::now() + patience;
    auto now = judge_readiness(find_(id).get());
    if (now.is == readiness::state::ready)
        co_return now;
    co_await fresh_();
    now = judge_readiness(find_(id).get());
    if (now.is == readiness::state::asleep && wakes) {
        auto woken = co_await wake_(id);
        if (woken.has_error())
            co_return readiness{readiness::state::down, 0, woken.error().detail};
        now = judge_readiness(find_(id).get());
    }
    if (now.is != readiness::state::coming || state_->waiting.count(id) >= most_waiting)
        co_return now;
    /// Left also by a task that is destroyed while it waits.
    struct place {
        std::shared_ptr<state> in;
        std::multimap<std::string, asio::steady_timer>::iterator at;
        ~place() { in->waiting.erase(at); }
    };
    place mine{state_, state_->waiting.emplace(id, asio::steady_timer(executor_))};
    while (now.is == readiness::state::coming && steady_clock::now() < until && !mine.in->closed) {
        bool first = state_->waiting.lower_bound(id) == mine.at;
        mine.at->second.expires_at(first ? std::min(until, steady_clock::now() + between_tries) : until);
        auto [changed] = co_await mine.at->second.async_wait(as_result);
        if (!changed && first && !mine.in->closed)
            co_await look_closer(id);
        if (!mine.in->closed)
            now = judge_readiness(find_(id).get());
    }
    co_return now;
}

/// One of those who wait tries the port: nothing else tells that it was bound, until the next sync.
task<> arrivals::look_closer(const std::string& id) {
    auto seen = find_(id);
    if (!seen || seen->app.status != status::launching)
        co_return;
    bool accepts = co_await accepts_(seen->app.port);
    if (accepts)
        co_await fresh_();
}

void arrivals::changed(const change& c) {
    auto wake = [this](const std::string& id) {
        auto [at, end] = state_->waiting.equal_range(id);
        for (; at != end; ++at)
            at->second.cancel();
    };
    for (auto& app : c.apps)
        wake(app->app.id);
    for (auto& [revision, id] : c.removed)
        wake(id);
}

void arrivals::close() {
    state_->closed = true;
    for (auto& [id, timer] : state_->waiting)
        timer.cancel();
}

} // namespace berth
