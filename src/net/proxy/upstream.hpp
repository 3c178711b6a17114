// One connection to an app, and the answers that come on it.
//
// Belongs to the client's connection it serves. Between two requests it waits for the next for a short while (`parked`,
// relay.hpp), less than the 5 s after which Node closes it; whether it is still good is looked at before it is used.
#pragma once

#include "net/http/message_parser.hpp"
#include "net/http/timed_socket.hpp"

#include <cstdint>
#include <optional>

namespace berth::net {

class upstream {
public:
    upstream(asio::any_io_executor, std::uint16_t port, std::shared_ptr<void> slot);

    std::uint16_t port() const { return port_; }
    task<bool> connect(std::chrono::milliseconds deadline);

    /// Waits for the head of the next answer. After anything but `complete` the connection is of no use.
    task<read_end> read_head(bool to_head_request);
    /// What came of the body with it: as read_piece().
    std::optional<read_end> take_piece() { return parser_.feed(false); }
    /// Waits for more of the body: complete when that is the last of it; none: more follows.
    task<std::optional<read_end>> read_piece();

    /// Some of the answer has come.
    bool started() const { return parser_.started(); }
    answer_parser& answer() { return parser_; }
    timed_socket& socket() { return *socket_; }

    /// Whether a further request may be sent: none is under way, and the app has neither closed it nor said anything
    /// that nobody asked.
    bool is_free();

private:
    task<std::optional<read_end>> fill();

    asio::any_io_executor executor_;
    std::uint16_t port_;
    std::optional<timed_socket> socket_;
    answer_parser parser_;
    std::shared_ptr<void> slot_;
};

} // namespace berth::net
