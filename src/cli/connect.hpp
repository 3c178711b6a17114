// The TCP connection to the server: IPv4 or IPv6 loopback, whichever answers. Shared by HTTP and WebSocket.
#pragma once

#include "cli/address.hpp"
#include "cli/failure.hpp"
#include "core/task.hpp"

#include <boost/beast/core/tcp_stream.hpp>

namespace berth::cli {

/// Within 2 s an address. Fails with exit_code::no_server.
task<outcome<>> connect(boost::beast::tcp_stream&, const server_address&);

} // namespace berth::cli
