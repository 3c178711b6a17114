// A socket whose waits end: each read or write is under the deadline that was set last, and an expired one stays
// expired. The deadline is a stored time; somebody else's sweep compares it (connection.hpp tells why).
//
// Belongs to one coroutine; sweep() and close() may be called by others on the reactor.
#pragma once

#include "core/task.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace berth::net {

class timed_socket {
public:
    using clock = std::chrono::steady_clock;

    /// Makes the socket non-blocking and turns Nagle's delay off.
    explicit timed_socket(asio::ip::tcp::socket);

    void expire_after(std::chrono::milliseconds d) { deadline_ = clock::now() + d; }
    void expire_never() { deadline_ = clock::time_point::max(); }
    bool expired() const { return expired_; }
    /// After a deadline: there is still an answer to write.
    void revive() { expired_ = false; }
    void sweep(clock::time_point now);
    /// Every wait ends at once, as if the client had gone.
    void close();

    /// How many bytes came; 0: the client is gone, the socket failed, or the deadline passed (expired()).
    task<std::size_t> read_some(asio::mutable_buffer);
    /// Both, in order; false when not all could be sent. The memory must stay until then.
    task<bool> write(asio::const_buffer first, asio::const_buffer second = {});
    /// Before closing a connection whose request was not read to its end: says that nothing more comes and reads on for
    /// a short while. Closing at once would make the system reset the connection, and the client lose the answer.
    task<> linger();

    /// The socket itself, for another owner.
    asio::ip::tcp::socket release() { return std::move(socket_); }

private:
    asio::ip::tcp::socket socket_;
    clock::time_point deadline_ = clock::time_point::max();
    bool expired_ = false;
};

} // namespace berth::net
