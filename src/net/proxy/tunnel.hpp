// A connection to an app, and the bytes that go both ways once they are nobody's to read: WebSockets by an app's name,
// and whatever a client of a port that was held has to say.
#pragma once

#include "net/http/timed_socket.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace berth::net {

/// On 127.0.0.1, else on ::1: an app may listen on one of them alone.
task<bool> connect_to_app(std::optional<timed_socket>&, asio::any_io_executor, std::uint16_t port,
                          std::chrono::milliseconds deadline);

/// Until both ends have said their last word, which each is told of the other; from the first one's on, `silence` is
/// the longest that the other may pass no byte on. `from_a` and `from_b` came before.
task<> tunnel(timed_socket& a, timed_socket& b, std::string from_a, std::string from_b,
              std::chrono::milliseconds silence);

} // namespace berth::net
