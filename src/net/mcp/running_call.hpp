// A request that is being worked on, as its work sees it.
#pragma once

#include <memory>
#include <string>

namespace berth::net::mcp {

class running_call {
public:
    /// How far it is, in words. Goes to the client when it asked for progress; the same words again are left out.
    virtual void tell(std::string message) = 0;
    /// The client does not want it any more: nobody waits for the answer. The news wake who waits when this happens.
    virtual bool cancelled() const = 0;
    /// Keeps something until the answer is sent: the room that it takes.
    virtual void keep(std::shared_ptr<void>) = 0;

protected:
    ~running_call() = default;
};

} // namespace berth::net::mcp
