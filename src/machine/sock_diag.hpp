// Who listens: the TCP listeners of this machine (of this network namespace), asked of the kernel.
//
// Through netlink (sock_diag(7)), as it walks the listening sockets alone; /proc/net/tcp walks every connection, which
// costs milliseconds on a machine with many. It is read only where netlink is refused (some containers).
// Linux only. Not thread-safe: one caller at a time.
#pragma once

#include "machine/procfs.hpp"

#include <vector>

namespace berth {

class listener_table {
public:
    listener_table();
    ~listener_table();
    listener_table(const listener_table&) = delete;
    listener_table& operator=(const listener_table&) = delete;

    std::vector<procfs::listener> read();
    /// False once netlink was refused.
    bool uses_netlink() const { return socket_ >= 0; }

private:
    bool dump(int family, std::vector<procfs::listener>&);
    void give_up();

    int socket_ = -1;
    unsigned sequence_ = 0;
};

} // namespace berth
