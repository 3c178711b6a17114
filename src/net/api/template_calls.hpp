// The calls of /api/templates. Lives on the reactor. Making one takes minutes: nobody has to stay for the answer.
#pragma once

#include "net/api/api.hpp"

namespace berth::net {

class template_calls {
public:
    explicit template_calls(orchestrator& o) : orchestrator_(o) {}

    // As api::answer().
    task<reply> list(const call&);
    task<reply> add(const call&);
    task<reply> refresh(const call&);
    task<reply> remove(const call&);

private:
    orchestrator& orchestrator_;
};

} // namespace berth::net
