// Puts apps to sleep when the rule says so (core/sleep_rule.hpp), and wakes them, making room where all places are
// taken: spec section 15.
//
// Looks every 5 s at the machine's memory, and twice a minute at who is connected: the kernel knows of a connection for
// a minute after its end. Where that cannot be told, nobody is put to sleep but by those who ask. Lives on the reactor.
#pragma once

#include "core/operations.hpp"
#include "core/sleep_rule.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace berth {

class sleeper {
public:
    struct parts {
        berth::registry& registry;
        berth::operations& operations;
        berth::machine& machine;
    };

    /// `room`: whether one more app may run now.
    sleeper(asio::any_io_executor, parts, sleep_settings, std::function<result<>()> room);

    void run();

    /// As orchestrator::wake(). Who asks for the same app meanwhile gets the same answer.
    task<operations::outcome> wake(std::string id);

    /// Nobody is put to sleep any more; returns when what is under way has ended.
    task<> close();

    const sleep_settings& settings() const { return settings_; }

private:
    using clock = std::chrono::steady_clock;
    struct seen {
        std::optional<std::int64_t> run; // started_at
        clock::time_point since, visited;
        bool connected = false;
    };
    struct waking {
        explicit waking(asio::any_io_executor executor) : ended(executor, clock::time_point::max()) {}
        asio::steady_timer ended; // cancelled when done
        std::optional<operations::outcome> result;
    };

    task<> watch();
    task<bool> look();
    void note_apps();
    std::vector<sleep_candidate> candidates() const;
    task<bool> put_to_sleep(bedtime);
    task<> wake_up(std::string id, std::shared_ptr<waking>);
    task<bool> make_room();

    asio::any_io_executor executor_;
    parts parts_;
    sleep_settings settings_;
    std::function<result<>()> room_;
    std::map<std::string, seen> seen_; // by app id, of those online
    std::map<std::string, std::shared_ptr<waking>> wakes_;
    clock::time_point looked_at_{};
    asio::steady_timer next_;
    asio::steady_timer ended_;
    bool watching_ = false;
    bool closed_ = false;
};

} // namespace berth
