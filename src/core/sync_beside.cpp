// What the sync has read of the disk, which it never waits for: an edited manifest, the last words of a crash, what an
// app's folder says of it. Each comes in when it is read.
#include "core/sync.hpp"

namespace berth {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

void sync::look_for_edits() {
    if (looking_for_edits_ || begun_ - edits_looked_at_ <= 500ms)
        return;
    looking_for_edits_ = true;
    edits_looked_at_ = begun_;
    auto look = [](sync& self) -> task<> {
        co_await self.keeper_.look_for_edits();
        self.looking_for_edits_ = false;
    };
    aside(look(*this));
}

task<> sync::ask_last_words(std::string id) {
    co_await add_last_words(id);
    if (listener_)
        listener_->on_crash_told(id);
}

/// pm2 writes the log after it told of the exit: looked for a few times.
task<> sync::add_last_words(std::string id) {
    asio::steady_timer later(executor_);
    for (auto pause : {10ms, 100ms, 500ms}) {
        later.expires_after(pause);
        co_await later.async_wait(as_result);
        auto crashed = registry_.find(id);
        if (closed_ || !crashed || crashed->status != status::errored || !crashed->status_reason)
            co_return;
        auto before = *crashed;
        std::optional<std::string> told;
        for (bool error : {true, false}) {
            auto output = co_await storage_.last_output(id, error, before.started_at.value_or(0));
            told = with_last_words(*before.status_reason, output);
            if (told)
                break;
        }
        if (!told)
            continue;
        registry_.edit(id, [&](app& a) {
            if (a.started_at == before.started_at && a.status_reason == before.status_reason)
                a.status_reason = told;
        });
        registry_.commit();
        keeper_.save_soon();
        co_return;
    }
}

task<> sync::read_dev_script(std::string id) {
    auto known = registry_.find(id);
    if (!known)
        co_return;
    auto wish = launch_of(*known);
    auto planned = co_await projects_.plan(std::move(wish));
    auto waits = dev_scripts_.find(id);
    if (waits == dev_scripts_.end() || planned.has_error())
        co_return;
    waits->second = planned->script;
    hint();
}

launch_wish sync::launch_of(const app& a) const { return {storage_.app_directory(a), !a.owned(), a.script, a.lan}; }

/// Of adopted projects at rest, every few seconds: somebody moves them, deletes them, puts them back.
void sync::look_at_folders() {
    std::erase_if(obstacles_, [&](auto& item) {
        auto known = registry_.find(item.first);
        return !known || known->running();
    });
    if (begun_ - folders_looked_at_ < 2s)
        return;
    folders_looked_at_ = begun_;
    for (auto& [id, entry] : registry_.value().apps)
        if (!entry.app.owned() && !entry.app.running() && looking_at_.insert(id).second)
            aside(look_at_folder(id));
}

task<> sync::look_at_folder(std::string id) {
    auto subject = registry_.find(id);
    if (!subject) {
        looking_at_.erase(id);
        co_return;
    }
    auto wish = launch_of(*subject);
    auto planned = co_await projects_.plan(std::move(wish));
    looking_at_.erase(id);
    std::optional<std::string> now;
    if (planned.has_error())
        now = planned.error().detail;
    auto known = registry_.find(id);
    if (closed_ || !known || known->running() || obstacles_[id] == now)
        co_return;
    auto before = std::exchange(obstacles_[id], now);
    registry_.edit(id, [&](app& a) {
        if (before && a.status_reason == before)
            a.status_reason.reset(); // it is back; what else there is to say, the next sync says
    });
    hint();
}

} // namespace berth
