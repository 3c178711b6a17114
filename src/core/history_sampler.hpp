// Fills the history: every 5 s from what clients are shown. It looks at nothing itself: where no dashboard is open a
// sync runs every 30 s, and a sample says again what that one saw (history.hpp: sample_of).
//
// Lives on the reactor, as one coroutine that ends soon after close() and touches nothing of the owner any more.
#pragma once

#include "core/history.hpp"
#include "core/registry.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace berth {

class history_sampler {
public:
    /// `seen_at`: when the apps were looked at last, ms since 1970; none: never.
    history_sampler(asio::any_io_executor, const registry&, history&,
                    std::function<std::optional<std::int64_t>()> seen_at,
                    std::chrono::milliseconds every = history::every);
    ~history_sampler() { close(); }

    void close();

private:
    struct shared;
    static task<> run(std::shared_ptr<shared>);

    std::shared_ptr<shared> shared_;
};

} // namespace berth
