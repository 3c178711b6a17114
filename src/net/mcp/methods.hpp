// The requests that a session may send, one short function each: protocol in, result or fault out.
//
// Lives on the reactor.
#pragma once

#include "net/mcp/json_rpc.hpp"
#include "net/mcp/session.hpp"
#include "net/mcp/tools.hpp"

namespace berth::net::mcp {

using method_result = boost::system::result<nlohmann::ordered_json, rpc_error>;

class methods {
public:
    explicit methods(tool_parts parts) : parts_(parts), tools_(parts) {}

    /// Everything but initialize. Throws only for a bug.
    task<method_result> run(session&, session_call&);

private:
    task<method_result> call_tool(session_call&);
    task<method_result> read(session_call&);
    method_result subscribe(session&, const nlohmann::json& params);

    tool_parts parts_;
    tools tools_;
};

} // namespace berth::net::mcp
