#include "net/live/log_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <map>

namespace berth::net {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_step{5};

struct watched {
    std::size_t followers = 0;
    clock::time_point due;
    milliseconds step; // until the look after the next
    log_piece last[2];
};

/// What the coroutine and the watch share; the coroutine keeps it alive.
struct watch_state {
    log_files& logs;
    milliseconds look_every;
    log_watch::told told; // empty: the watch is gone
    std::map<std::string, watched> apps;
    asio::steady_timer wake;
    bool running = false;
};

std::map<std::string, watched>::iterator soonest(watch_state& s) {
    return std::min_element(s.apps.begin(), s.apps.end(), [](auto& a, auto& b) { return a.second.due < b.second.due; });
}

/// One look at both files of an app. True when one of them changed.
task<bool> look(std::shared_ptr<watch_state> s, std::string id) {
    bool changed = false;
    for (auto stream : {log_stream::out, log_stream::error}) {
        auto piece = co_await s->logs.look(id, stream);
        auto found = s->apps.find(id);
        if (!s->told || found == s->apps.end())
            break;
        if (!piece) {
            spdlog::debug("A log of {} could not be looked at: {}", id, piece.error().detail);
            continue;
        }
        auto& last = found->second.last[stream == log_stream::out ? 0 : 1];
        changed = changed || last.file != piece->file || last.size != piece->size;
        last = *piece;
        s->told(id, stream, *piece);
    }
    co_return changed;
}

task<> watch_all(std::shared_ptr<watch_state> s) {
    while (s->told && !s->apps.empty()) {
        auto next = soonest(*s);
        auto now = clock::now();
        if (next->second.due > now) {
            s->wake.expires_at(next->second.due);
            co_await s->wake.async_wait(as_result);
            continue;
        }
        auto id = next->first;
        // Set before the look: a hint that comes meanwhile is not lost.
        next->second.due = now + next->second.step;
        bool changed = co_await look(s, id);
        auto found = s->apps.find(id);
        if (found == s->apps.end())
            continue;
        auto& step = found->second.step;
        step = changed ? first_step : std::min(step * 2, s->look_every);
    }
    s->running = false;
}

class polling_watch final : public log_watch {
public:
    polling_watch(asio::any_io_executor executor, log_files& logs, milliseconds look_every, told t)
        : executor_(executor),
          shared_(new watch_state{logs, look_every, std::move(t), {}, asio::steady_timer(executor)}) {}
    ~polling_watch() override {
        shared_->told = nullptr;
        shared_->wake.cancel();
    }

    void add(const std::string& id) override {
        auto [found, is_new] = shared_->apps.try_emplace(id);
        ++found->second.followers;
        if (!is_new)
            return;
        found->second.step = shared_->look_every;
        found->second.due = clock::now() + shared_->look_every;
        shared_->wake.cancel();
        if (!shared_->running) {
            shared_->running = true;
            asio::co_spawn(executor_, watch_all(shared_), asio::detached);
        }
    }

    void remove(const std::string& id) override {
        auto found = shared_->apps.find(id);
        if (found != shared_->apps.end() && --found->second.followers == 0)
            shared_->apps.erase(found);
    }

    void hint(const std::string& id) override {
        auto found = shared_->apps.find(id);
        if (found == shared_->apps.end())
            return;
        found->second.due = clock::now();
        found->second.step = first_step;
        shared_->wake.cancel();
    }

private:
    asio::any_io_executor executor_;
    std::shared_ptr<watch_state> shared_;
};

} // namespace

std::unique_ptr<log_watch> create_log_watch(asio::any_io_executor executor, log_files& logs,
                                            std::chrono::milliseconds look_every, log_watch::told t) {
    return std::make_unique<polling_watch>(std::move(executor), logs, look_every, std::move(t));
}

} // namespace berth::net
