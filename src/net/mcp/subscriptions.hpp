// Which resources a client wants to hear of, and when it is told: at most once a second for each (spec section 17),
// and never lost: what changed meanwhile is told when the second is over. Pure.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace berth::net::mcp {

class subscriptions {
public:
    using time = std::chrono::steady_clock::time_point;

    static constexpr std::size_t most = 256;
    static constexpr std::chrono::milliseconds between{1000};

    /// False: there are as many as there may be.
    bool add(const std::string& uri);
    void remove(const std::string& uri) { wanted_.erase(uri); }
    bool has(const std::string& uri) const { return wanted_.contains(uri); }
    bool empty() const { return wanted_.empty(); }

    /// It has changed; nothing to do where nobody wants it.
    void touch(const std::string& uri);
    /// Those to be told of now.
    std::vector<std::string> take_due(time now);

private:
    struct state {
        bool due = false;
        time told{};
    };
    std::map<std::string, state> wanted_;
};

} // namespace berth::net::mcp
