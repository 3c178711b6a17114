// The calls of spec section 7: a route in, an answer out. One short function for each row; what a call means is the
// orchestrator's.
//
// Lives on the reactor. An answer may take minutes (create): nobody has to stay for it, the orchestrator owns the work.
#pragma once

#include "core/orchestrator.hpp"
#include "net/api/metrics.hpp"
#include "net/api/router.hpp"
#include "net/http/reply.hpp"

#include <functional>
#include <memory>
#include <string>

namespace berth::net {

/// A request that passed the guard and has a route. Its target must outlive the answer: the route points into it.
struct call {
    net::route route;
    const net::target& target;
    std::string body;
    std::string accept_encoding;
    std::string if_none_match;
};

struct api_parts {
    berth::orchestrator& orchestrator;
    log_files& logs;
    const request_counters& counters;
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
