// All sessions: found by id, bounded, ended when nobody uses them any more, and told of what they subscribed to.
//
// Lives on the reactor. While there are sessions one coroutine looks at all of them once a second, and whenever there
// is news.
#pragma once

#include "core/orchestrator.hpp"
#include "net/mcp/news.hpp"
#include "net/mcp/options.hpp"
#include "net/mcp/session.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace berth::net::mcp {

class sessions : public std::enable_shared_from_this<sessions> {
public:
    /// `listeners` is told how many clients want to hear of apps, when that changes.
    sessions(asio::any_io_executor, orchestrator&, news&, std::function<void(std::size_t)> listeners, mcp_options);

    std::shared_ptr<session> open(std::string revision);
    std::shared_ptr<session> find(std::string_view id) const;
    bool end(std::string_view id);
    /// Ends all, and no further one begins.
    void close();

private:
    void drop(std::map<std::string, std::shared_ptr<session>, std::less<>>::iterator);
    static task<> watch(std::shared_ptr<sessions>);
    void look(clock::time_point now);
    void take_news();
    void count_listeners();

    asio::any_io_executor executor_;
    orchestrator& orch_;
    mcp::news& news_;
    std::function<void(std::size_t)> listeners_;
    mcp_options options_;
    std::map<std::string, std::shared_ptr<session>, std::less<>> all_;
    asio::steady_timer look_;
    bool watching_ = false;
    bool closed_ = false;
    std::size_t listening_ = 0;
    std::string apps_;  // what berth://apps was when it was last looked at
    std::string names_; // and which resources there were
};

} // namespace berth::net::mcp
