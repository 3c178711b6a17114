#include "net/http/room.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <list>

namespace berth::net {

struct room::state {
    struct waiter {
        std::size_t bytes;
        asio::steady_timer timer;
        bool served = false;
    };

    std::size_t free;
    std::list<waiter> line;

    void give_back(std::size_t bytes) {
        free += bytes;
        serve();
    }
    void serve() {
        for (auto& w : line) {
            if (w.served)
                continue;
            if (w.bytes > free) // nobody overtakes: small ones would keep a large one waiting for ever
                return;
            free -= w.bytes;
            w.served = true;
            w.timer.cancel();
        }
    }
};

room::share::share(std::shared_ptr<state> s, std::size_t bytes) : state_(std::move(s)), bytes_(bytes) {}

room::share::~share() { state_->give_back(bytes_); }

void room::share::shrink(std::size_t bytes) {
    auto given_back = bytes_ - std::min(bytes, bytes_);
    bytes_ -= given_back;
    state_->give_back(given_back);
}

room::room(asio::any_io_executor executor, std::size_t bytes)
    : executor_(std::move(executor)), state_(std::make_shared<state>(state{bytes, {}})) {}

task<std::shared_ptr<room::share>> room::take(std::size_t bytes, std::chrono::milliseconds patience) {
    /// Its place in the line; a task that is destroyed while it waits leaves the line too.
    struct place {
        std::shared_ptr<state> in;
        std::list<state::waiter>::iterator at;
        ~place() {
            bool left = !at->served;
            in->line.erase(at);
            if (left) // who stands behind it may need less
                in->serve();
        }
    };
    place mine{state_, state_->line.insert(state_->line.end(), {bytes, asio::steady_timer(executor_, patience)})};
    state_->serve();
    if (!mine.at->served)
        co_await mine.at->timer.async_wait(as_result);
    if (!mine.at->served)
        co_return nullptr;
    auto taken = std::make_shared<share>(state_, bytes);
    co_return taken;
}

} // namespace berth::net
