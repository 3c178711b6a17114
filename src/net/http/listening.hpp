// Sockets that listen on the loopback: Berth's own, and those in the place of apps that sleep.
#pragma once

#include "core/task.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace berth::net {

/// Opens, binds and listens; the error of the first step that failed.
boost::system::error_code listen(asio::ip::tcp::acceptor&, const asio::ip::tcp::endpoint&);

/// The machine has no IPv6 loopback: not an error.
bool is_absent(const boost::system::error_code&);

/// Answers 503 whatever is asked, and closes: one try to say why. What has come already is read, as closing a socket
/// with unread bytes resets it.
void turn_away(asio::ip::tcp::socket&);

} // namespace berth::net
