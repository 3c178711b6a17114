#include "core/sleeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

namespace berth {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_pause = 5'000ms;
constexpr auto visits_are_known_for = 30s; // half of what the kernel remembers
constexpr int most_tries = 3;

} // namespace

sleeper::sleeper(asio::any_io_executor executor, parts p, sleep_settings settings, std::function<result<>()> room)
    : executor_(executor), parts_(p), settings_(settings), room_(std::move(room)), next_(executor),
      ended_(executor, clock::time_point::max()) {}

void sleeper::run() {
    watching_ = true;
    asio::co_spawn(executor_, watch(), rethrow);
}

task<> sleeper::close() {
    closed_ = true;
    next_.cancel();
    while (watching_ || !wakes_.empty())
        co_await ended_.async_wait(as_result);
}

task<> sleeper::watch() {
    auto pause = settings_.after ? std::clamp<std::chrono::milliseconds>(*settings_.after / 4, 100ms, longest_pause)
                                 : longest_pause;
    auto look_every = std::min<std::chrono::milliseconds>(visits_are_known_for, settings_.after.value_or(1h) / 4);
    bool told = true; // who is connected
    while (!closed_ && told) {
        note_apps();
        auto load = parts_.machine.load();
        bool urgent = is_short_of_memory(load, settings_);
        if (urgent || clock::now() - looked_at_ >= look_every)
            told = co_await look();
        auto next = next_to_sleep(candidates(), load, settings_, clock::now());
        bool slept = false;
        if (told && next && !closed_)
            slept = co_await put_to_sleep(*next);
        if (slept && next->why == nap::cause::idle)
            continue; // there may be more; memory takes a moment to come back
        if (closed_)
            break;
        next_.expires_after(pause);
        co_await next_.async_wait(as_result);
    }
    if (!told)
        spdlog::info("who is connected to the apps cannot be told here: they sleep only when somebody says so");
    watching_ = false;
    ended_.cancel();
}

/// Which apps are online, and since when.
void sleeper::note_apps() {
    auto& apps = parts_.registry.value().apps;
    std::erase_if(seen_, [&](auto& item) {
        auto known = apps.find(item.first);
        return known == apps.end() || known->second.app.status != status::online ||
               known->second.app.started_at != item.second.run;
    });
    auto now = clock::now();
    for (auto& [id, entry] : apps)
        if (entry.app.status == status::online)
            seen_.try_emplace(id, seen{entry.app.started_at, now, now, false});
}

/// False: it cannot be told who is connected.
task<bool> sleeper::look() {
    std::set<std::uint16_t> ports;
    for (auto& [id, known] : seen_)
        if (auto app = parts_.registry.find(id))
            ports.insert(app->port);
    looked_at_ = clock::now();
    if (ports.empty())
        co_return true;
    auto visits = co_await parts_.machine.visits(std::move(ports));
    if (!visits)
        co_return false;
    auto now = clock::now();
    for (auto& [id, known] : seen_) {
        auto app = parts_.registry.find(id);
        auto visit = app ? visits->find(app->port) : visits->end();
        bool came = visit != visits->end();
        known.connected = came && visit->second.connected > 0;
        if (came)
            known.visited = now;
    }
    co_return true;
}

std::vector<sleep_candidate> sleeper::candidates() const {
    std::vector<sleep_candidate> all;
    for (auto& [id, known] : seen_)
        if (auto app = parts_.registry.find(id))
            all.push_back({id, known.since, known.visited, known.connected,
                           parts_.registry.shown_operation(id) != activity::none, app->keep_awake});
    return all;
}

task<bool> sleeper::put_to_sleep(bedtime who) {
    auto done = co_await parts_.operations.run(operations::kind::sleep, who.id, who.why);
    auto known = seen_.find(who.id);
    if (done.error && known != seen_.end())
        known->second.visited = clock::now(); // the others' turn first
    if (done.app && done.app->app.asleep)
        spdlog::info("{} sleeps now ({})", done.app->app.name, to_string(who.why));
    co_return !done.error;
}

task<operations::outcome> sleeper::wake(std::string id) {
    auto& slot = wakes_[id];
    if (!slot) {
        slot = std::make_shared<waking>(executor_);
        asio::co_spawn(executor_, wake_up(id, slot), rethrow);
    }
    auto mine = slot;
    while (!mine->result)
        co_await mine->ended.async_wait(as_result);
    co_return *mine->result;
}

task<> sleeper::wake_up(std::string id, std::shared_ptr<waking> mine) {
    operations::outcome done;
    for (int tries = 1;; ++tries) {
        done = co_await parts_.operations.run(operations::kind::wake, id);
        auto& failed = done.error;
        bool full = failed && failed->code == errc::limit_reached && room_().has_error();
        if (!full || tries > most_tries || closed_)
            break;
        bool made = co_await make_room();
        if (!made) {
            failed->detail += " None of those that run may be put to sleep for it: each is in use, was started less "
                              "than a minute ago, or is kept awake.";
            break;
        }
    }
    mine->result = std::move(done);
    wakes_.erase(id);
    mine->ended.cancel();
    ended_.cancel();
}

task<bool> sleeper::make_room() {
    note_apps();
    bool told = co_await look();
    auto all = candidates();
    auto first = longest_idle(all, settings_, clock::now());
    if (!told || !first)
        co_return false;
    bedtime who{first->id, nap::cause::room};
    co_return co_await put_to_sleep(std::move(who));
}

} // namespace berth
