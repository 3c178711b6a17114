// Who listens and who is connected: the TCP sockets of this machine (of this network namespace), asked of the kernel.
//
// Through netlink (sock_diag(7)), as it walks the listening sockets alone; /proc/net/tcp walks every connection, which
// costs milliseconds on a machine with many. It is read only where netlink is refused (some containers). Connections
// are walked only when they are asked for.
// Linux only. Not thread-safe: one caller at a time.
#pragma once

#include "machine/kernel.hpp"

#include <cstdint>
#include <functional>
#include <vector>

struct inet_diag_msg;

namespace berth {

class socket_table {
public:
    socket_table();
    ~socket_table();
    socket_table(const socket_table&) = delete;
    socket_table& operator=(const socket_table&) = delete;

    std::vector<kernel::listener> listeners();
    /// Those whose local port is in first..last: what was accepted there, where these are the ports of servers.
    std::vector<kernel::connection> connections(std::uint16_t first, std::uint16_t last);
    /// Those to the ports first..last that have ended within the last minute, as far as one end is still in TIME_WAIT;
    /// `local` is the server's port, whichever end that was. Nothing where netlink is refused.
    std::vector<kernel::connection> ended(std::uint16_t first, std::uint16_t last);
    /// False once netlink was refused.
    bool uses_netlink() const { return socket_ >= 0; }

private:
    using taker = std::function<void(const inet_diag_msg&)>;
    struct question {
        unsigned state;
        std::uint16_t first, last;
        bool remote = false; // whether these are the ports of the other end
    };
    /// Of both families. False: netlink is refused, or out of step.
    bool dump(const question&, const taker&);
    bool dump(const question&, int family, const taker&);
    void give_up();

    int socket_ = -1;
    unsigned sequence_ = 0;
};

} // namespace berth
