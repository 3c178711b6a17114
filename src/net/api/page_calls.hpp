// The calls about whether an app works: check and why. Lives on the reactor.
#pragma once

#include "net/api/api.hpp"

namespace berth::net {

class page_calls {
public:
    explicit page_calls(orchestrator& o) : orchestrator_(o) {}

    // As api::answer().
    task<reply> check(const call&);
    task<reply> why(const call&);

private:
    orchestrator& orchestrator_;
};

} // namespace berth::net
