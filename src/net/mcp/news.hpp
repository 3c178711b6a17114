// What the orchestrator tells, for those who wait: tools that wait for an app, and sessions that subscribed.
//
// Lives on the reactor. Nothing of the orchestrator may be asked while it tells something, so this only notes what it
// was and wakes who waits.
#pragma once

#include "core/orchestrator.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace berth::net::mcp {

class news final : public watcher {
public:
    explicit news(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// Called when there is something to take.
    std::function<void()> on_news;

    /// Returns when an app or an operation has changed, somebody called wake(), or the time is over.
    task<> moved(std::chrono::milliseconds);
    void wake();
    /// Berth is ending: who waits for an app gives up. Wakes everybody.
    void close();
    bool closed() const { return closed_; }

    /// Why the create of this id, or of whoever called the request by this word, came to nothing; none: it did not, or
    /// too many have ended since.
    std::optional<error> failure_of(std::string_view id_or_request) const;

    struct changes {
        bool apps = false;
        std::set<std::string> wrote; // ids
    };
    /// What has changed since the last call.
    changes take() { return std::exchange(changes_, {}); }

    void on_change(const change&) override;
    void on_operation(const operation&) override;
    void on_wrote(const std::string& id) override;
    void on_event(const std::string&, const std::string&, std::int64_t) override {}
    void on_problems() override {}
    void on_activity(const activity_entry&) override {}

private:
    asio::any_io_executor executor_;
    std::set<asio::steady_timer*> waiting_; // of each who waits
    std::deque<operation> failed_;
    changes changes_;
    bool closed_ = false;
};

} // namespace berth::net::mcp
