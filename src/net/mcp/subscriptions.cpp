#include "net/mcp/subscriptions.hpp"

namespace berth::net::mcp {

bool subscriptions::add(const std::string& uri) {
    if (wanted_.size() >= most && !has(uri))
        return false;
    wanted_.try_emplace(uri);
    return true;
}

void subscriptions::touch(const std::string& uri) {
    if (auto found = wanted_.find(uri); found != wanted_.end())
        found->second.due = true;
}

std::vector<std::string> subscriptions::take_due(time now) {
    std::vector<std::string> due;
    for (auto& [uri, one] : wanted_) {
        if (!one.due || (one.told != time{} && now - one.told < between))
            continue;
        one = {false, now};
        due.push_back(uri);
    }
    return due;
}

} // namespace berth::net::mcp
