// /mcp: the Model Context Protocol over Streamable HTTP (revision 2025-11-25, "Transports"), spec section 17. A request
// that passed the guard comes in, an answer goes out: one message, a stream of events, or a refusal.
//
// What a request set in motion belongs to its session, not to its connection: a client that goes away finds the answer
// by its Last-Event-ID, and the work is done whether it comes back or not. Lives on the reactor.
#pragma once

#include "core/logs.hpp"
#include "core/orchestrator.hpp"
#include "net/api/api.hpp"
#include "net/http/request_head.hpp"
#include "net/live/watchers.hpp"
#include "net/mcp/options.hpp"

#include <memory>
#include <string>

namespace berth::net::mcp {

class endpoint {
public:
    virtual ~endpoint() = default;

    /// Every failure is an answer. The call must outlive the task.
    virtual task<reply> answer(const call&, const request_head&) = 0;

    /// Ends every session, and so every stream.
    virtual void close() = 0;
};

/// Adds itself to the watchers until close(). What is said of the orchestrator and the log files in server.hpp holds
/// here; the watchers must outlive it.
std::shared_ptr<endpoint> create_endpoint(asio::any_io_executor, asio::any_io_executor workers, orchestrator&,
                                          watchers&, log_files&, std::string version, mcp_options);

} // namespace berth::net::mcp
