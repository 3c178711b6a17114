// The calls of spec section 7: a route in, an answer out. One short function for each row; what a call means is the
// orchestrator's.
//
// Lives on the reactor. An answer may take minutes (create): nobody has to stay for it, the orchestrator owns the work.
#pragma once

#include "core/orchestrator.hpp"
#include "net/api/metrics.hpp"
#include "net/api/router.hpp"
#include "net/http/reply.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace berth::net {

/// A request that passed the guard and has a route. The route's id may be an app's name as well. Its target must
/// outlive the answer: the route points into it.
struct call {
    net::route route;
    const net::target& target;
    std::string body;
    std::string accept_encoding;
    std::string if_none_match;
    std::string range;
};

/// What a call without a body must be: these parameters at most, and nothing, or an empty object.
result<> check_plain(const call&, std::initializer_list<std::string_view> parameters = {});

struct api_parts {
    berth::orchestrator& orchestrator;
    log_files& logs;
    const request_counters& counters;
    asio::any_io_executor home;               // the reactor
    asio::any_io_executor workers;            // what would hold the reactor up is done there
    std::chrono::milliseconds patience;       // with clients that hold the room of others
    std::function<std::size_t()> clients;     // connected WebSocket clients
    std::function<std::size_t()> connections; // open connections
    std::filesystem::path web_root;
    std::string version;
};

class api {
public:
    virtual ~api() = default;

    /// Every failure is an answer. Throws only for a bug. Not for endpoint::events. The call must outlive the task.
    virtual task<reply> answer(const call&) = 0;
};

std::unique_ptr<api> create_api(api_parts);

} // namespace berth::net
