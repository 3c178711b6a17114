// Listens on the ports of the apps that sleep, in their place: spec section 15.
//
// A port is held exactly while its app sleeps and nothing of it lives any more. It is let go inside the very change
// that says that the app is being woken, before anything of it is started: who waits in the backlog is taken first, and
// nobody is sent away. Where a port cannot be had, it is tried again, and the orchestrator is told.
//
// An app that sleeps costs two descriptors and no time; one timer serves all that could not be held. Lives on the
// reactor; belongs to the server.
#pragma once

#include "net/live/watchers.hpp"
#include "net/proxy/relay.hpp"

#include <functional>
#include <memory>

namespace berth::net {

class holder {
public:
    virtual ~holder() = default;
    /// Holds from now on; the orchestrator must be open.
    virtual void open() = 0;
    /// At every sweep of connections.
    virtual void sweep(timed_socket::clock::time_point now) = 0;
    /// Lets go of everything, connections too.
    virtual void close() = 0;
};

/// Both must outlive it. `admit`: the right to one more connection, for as long as it is kept, which keeps the holder
/// too; null: there are as many as may be.
std::unique_ptr<holder> create_holder(relay_host&, watchers&, std::function<std::shared_ptr<void>()> admit);

} // namespace berth::net
