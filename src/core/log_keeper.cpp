#include "core/log_keeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <spdlog/spdlog.h>

namespace berth {

using clock = std::chrono::steady_clock;

struct log_keeper::shared {
    log_files& logs;
    const log_bounds bounds;
    std::function<std::vector<std::string>()> all; // empty: closed
    asio::steady_timer wake;
    std::set<std::string> wrote;   // since they were looked at
    std::set<std::string> failing; // said once
    clock::time_point looked_at{}; // at those that wrote
    clock::time_point all_at{};    // to be looked at next
};

log_keeper::log_keeper(asio::any_io_executor executor, log_files& logs, log_bounds bounds,
                       std::function<std::vector<std::string>()> all)
    : shared_(new shared{logs, bounds, std::move(all), asio::steady_timer(executor), {}, {}, {}, {}}) {
    asio::co_spawn(executor, run(shared_), asio::detached);
}

void log_keeper::wrote(const std::string& id) {
    if (shared_->wrote.insert(id).second)
        shared_->wake.cancel();
}

void log_keeper::close() {
    if (std::exchange(shared_->all, nullptr))
        shared_->logs.stop_rotating();
    shared_->wake.cancel();
}

task<> log_keeper::run(std::shared_ptr<shared> s) {
    while (s->all) {
        auto now = clock::now();
        auto due = s->wrote.empty() ? s->all_at : std::min(s->all_at, s->looked_at + s->bounds.look_after);
        if (now < due) {
            s->wake.expires_at(due);
            co_await s->wake.async_wait(as_result);
            continue;
        }
        auto ids = std::exchange(s->wrote, {});
        s->looked_at = now;
        if (now >= s->all_at) {
            s->all_at = now + s->bounds.look_at_all;
            for (auto& id : s->all())
                ids.insert(std::move(id));
        }
        for (auto& id : ids)
            for (auto stream : {log_stream::out, log_stream::error}) {
                if (!s->all)
                    co_return;
                auto rotated = co_await s->logs.rotate(id, stream, s->bounds.limit);
                if (rotated)
                    s->failing.erase(id);
                else if (s->all && s->failing.insert(id).second)
                    spdlog::warn("A log of {} could not be rotated, and grows: {}", id, rotated.error().detail);
                if (rotated && *rotated)
                    spdlog::info("A log of {} has reached {} MiB and was rotated", id, s->bounds.limit >> 20);
            }
    }
}

} // namespace berth
