// The calls for what is remembered: an app's history, and what happened. Lives on the reactor; waits for nothing, for
// both are in memory.
#pragma once

#include "net/api/api.hpp"

namespace berth::net {

class remembered_calls {
public:
    explicit remembered_calls(orchestrator& o) : orchestrator_(o) {}

    // As api::answer().
    /// GET /api/apps/{id}/history
    task<reply> history(const call&);
    /// GET /api/activity
    task<reply> activity(const call&);

private:
    orchestrator& orchestrator_;
};

/// `app`, `before` and `limit` of a target (check_query() is the caller's). errc::invalid_request names the parameter.
result<activity_query> parse_activity_query(const target&);

} // namespace berth::net
