// The connections that Berth itself has open to apps, by their local ports: a question that it asks is no visit, so
// whoever counts an app's connections leaves them out. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>

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
    }
    std::multiset<std::uint16_t> ports() const {
        std::lock_guard hold(lock_);
        return ports_;
    }

private:
    mutable std::mutex lock_;
    std::multiset<std::uint16_t> ports_; // 127.0.0.1 and ::1 count their ports apart
};

} // namespace berth
