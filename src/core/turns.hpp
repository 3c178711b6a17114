// So many at a time, in the order in which they asked. Lives on the reactor.
#pragma once

#include "core/task.hpp"

#include <boost/asio/steady_timer.hpp>

#include <list>

namespace berth {

class turns {
public:
    turns(asio::any_io_executor executor, int most) : most_(most), moved_(executor) {
        moved_.expires_at(std::chrono::steady_clock::time_point::max());
    }
    turns(const turns&) = delete;
    turns& operator=(const turns&) = delete;

    /// True when it is the caller's turn, which it ends by leave(). False, without a turn, once `given_up` is true:
    /// whoever sets it calls look_again(). It must outlive the call.
    task<bool> enter(const bool& given_up) {
        auto mine = waiting_.insert(waiting_.end(), &given_up);
        while (!given_up && (inside_ >= most_ || waiting_.front() != &given_up))
            co_await moved_.async_wait(as_result);
        waiting_.erase(mine);
        if (!given_up)
            ++inside_;
        look_again();
        co_return !given_up;
    }
    void leave() {
        --inside_;
        look_again();
    }
    void look_again() { moved_.cancel(); }

private:
    int most_;
    int inside_ = 0;
    std::list<const bool*> waiting_; // in order
    asio::steady_timer moved_;       // cancelled when a turn has ended, or somebody left the line
};

} // namespace berth
