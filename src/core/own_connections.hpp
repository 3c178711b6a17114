// The connections that Berth itself has open to apps, by their local ports: a question that it asks is no visit, so
// whoever counts an app's connections leaves them out. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <utility>

namespace berth {

class own_connections {
public:
    /// Before the connect, so that no look sees the connection and does not know it.
    void add(std::uint16_t local_port) {
        std::lock_guard hold(lock_);
        ports_.insert(local_port);
    }
    /// After the close.
    void remove(std::uint16_t local_port) {
        std::lock_guard hold(lock_);
        if (auto found = ports_.find(local_port); found != ports_.end())
            ports_.erase(found);
        forget_old();
        ended_.emplace_back(clock::now(), local_port);
    }
    /// Those of now, and those that have ended in the last minutes: the kernel knows of them for one.
    std::set<std::uint16_t> lately() const {
        std::lock_guard hold(lock_);
        forget_old();
        std::set<std::uint16_t> all(ports_.begin(), ports_.end());
        for (auto& [at, port] : ended_)
            all.insert(port);
        return all;
    }
    std::multiset<std::uint16_t> ports() const {
        std::lock_guard hold(lock_);
        return ports_;
    }

private:
    using clock = std::chrono::steady_clock;

    void forget_old() const {
        while (!ended_.empty() && clock::now() - ended_.front().first > std::chrono::minutes(2))
            ended_.pop_front();
    }

    mutable std::mutex lock_;
    mutable std::deque<std::pair<clock::time_point, std::uint16_t>> ended_; // oldest first
    std::multiset<std::uint16_t> ports_; // 127.0.0.1 and ::1 count their ports apart
};

} // namespace berth
