// Whether what is sent to an app can be passed on to it now, and the wait until it can: spec section 16.
//
// Judged by what clients are shown; an app that is not online there is looked at anew before anybody is turned away.
// Lives on the reactor.
#pragma once

#include "core/task.hpp"
#include "core/view.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace berth {

struct readiness {
    enum class state {
        ready,
        coming, // it is on its way: asking again soon is worth it
        asleep, // it would come if it were woken
        down,   // nothing of what is under way will bring it
    };
    state is = state::down;
    std::uint16_t port = 0; // on the loopback; where it is ready
    std::string reason;     // a sentence for people; where it is not
};

/// Pure. Null: there is no such app.
readiness judge_readiness(const app_view*);

class arrivals {
    struct state;

public:
    static constexpr std::size_t most_waiting = 64; // for one app; who comes then is told at once how it is

    /// `find`: as clients are shown it, or null. `fresh`: returns when what they are shown was looked at since. `wake`:
    /// returns when one that slept is started. `accepts`: whether anybody accepts on a port of the loopback.
    arrivals(asio::any_io_executor, std::function<std::shared_ptr<const app_view>(const std::string&)> find,
             std::function<task<>()> fresh, std::function<task<result<>>(std::string)> wake,
             std::function<task<bool>(std::uint16_t port)> accepts);

    /// At once for an app that is ready or down; else when it is either, at the end of the patience at the latest.
    /// `wakes`: one that sleeps is woken first; where that fails, it is down, and why.
    task<readiness> ready(std::string id, std::chrono::milliseconds patience, bool wakes);

    /// Something of these apps is shown differently.
    void changed(const change&);

    /// Every wait ends.
    void close();

private:
    task<> look_closer(const std::string& id);

    asio::any_io_executor executor_;
    std::function<std::shared_ptr<const app_view>(const std::string&)> find_;
    std::function<task<>()> fresh_;
    std::function<task<result<>>(std::string)> wake_;
    std::function<task<bool>(std::uint16_t)> accepts_;
    std::shared_ptr<state> state_; // a task that waits may outlive this
};

} // namespace berth
