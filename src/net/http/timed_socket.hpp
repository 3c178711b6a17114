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
    /// One that is to be connected.
    explicit timed_socket(asio::any_io_executor executor) : socket_(std::move(executor)) {}

    /// False: nobody accepts there, or not within the deadline.
    task<bool> connect(asio::ip::tcp::endpoint);

    void expire_after(std::chrono::milliseconds d) { deadline_ = clock::now() + d; }
    void expire_never() { deadline_ = clock::time_point::max(); }
    bool expired() const { return expired_; }
    /// After a deadline: there is still an answer to write.
    void revive() { expired_ = false; }
    void sweep(clock::time_point now);
    /// Every wait ends at once, as if the client had gone.
    void close();
    /// The same for the waits under way: as if their deadline had passed.
    void interrupt();
    /// Tells the other end that nothing more comes.
    void end();

    enum class other_end { there, ended, gone };
    /// Whether the other end still sends, has said that it does no more, or is gone. A look, not a wait: what it has
    /// sent stays unread, and hides what came behind it.
    other_end look() noexcept;
    /// The same behind what it has sent and nobody has read, where the system tells.
    other_end look_behind();
    /// "127.0.0.1" or "::1"; empty: it is gone.
    std::string address() const;

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
    void prepare();

    asio::ip::tcp::socket socket_;
    clock::time_point deadline_ = clock::time_point::max();
    bool expired_ = false;
};

} // namespace berth::net
