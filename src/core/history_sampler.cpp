#include "core/history_sampler.hpp"

#include "core/clock.hpp"

#include <boost/asio/co_spawn.hpp>

namespace berth {

struct history_sampler::shared {
    const registry& from;
    history& into;
    std::function<std::optional<std::int64_t>()> seen_at; // empty: closed
    std::chrono::milliseconds every;
    asio::steady_timer wake;
};

history_sampler::history_sampler(asio::any_io_executor executor, const registry& from, history& into,
                                 std::function<std::optional<std::int64_t>()> seen_at, std::chrono::milliseconds every)
    : shared_(new shared{from, into, std::move(seen_at), every, asio::steady_timer(executor)}) {
    asio::co_spawn(executor, run(shared_), rethrow);
}

void history_sampler::close() {
    shared_->seen_at = nullptr;
    shared_->wake.cancel();
}

task<> history_sampler::run(std::shared_ptr<shared> s) {
    for (;;) {
        s->wake.expires_after(s->every);
        co_await s->wake.async_wait(as_result);
        if (!s->seen_at)
            co_return;
        auto now = wall_ms();
        auto seen_at = s->seen_at();
        auto view = s->from.view();
        s->into.keep([&](const std::string& id) { return view->find(id) != nullptr; });
        for (auto& each : view->apps)
            if (auto taken = seen_at ? sample_of(each->app, *seen_at, now) : std::nullopt)
                s->into.add(each->app.id, *taken);
    }
}

} // namespace berth
