#ifdef __linux__
#include "machine/sock_diag.hpp"

#include <array>
#include <cstring>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace berth {
namespace {

constexpr unsigned listen_state = 10; // TCP_LISTEN

procfs::listener read_socket(const inet_diag_msg& socket) {
    using procfs::bound_to;
    auto* address = socket.id.idiag_src;
    in6_addr six;
    std::memcpy(&six, address, sizeof six);
    procfs::listener l;
    l.port = ntohs(socket.id.idiag_sport);
    l.inode = socket.idiag_inode;
    l.v6 = socket.idiag_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&six);
    auto four = ntohl(address[socket.idiag_family == AF_INET6 ? 3 : 0]);
    if (l.v6 ? IN6_IS_ADDR_UNSPECIFIED(&six) : four == INADDR_ANY)
        l.where = bound_to::any;
    else if (l.v6 ? IN6_IS_ADDR_LOOPBACK(&six) : (four >> 24) == 127)
        l.where = bound_to::loopback;
    return l;
}

} // namespace

listener_table::listener_table() : socket_(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
    timeval limit{0, 500'000}; // the kernel answers at once; no wait is without an end
    if (socket_ >= 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

listener_table::~listener_table() { give_up(); }

void listener_table::give_up() {
    if (socket_ >= 0)
        ::close(socket_);
    socket_ = -1;
}

std::vector<procfs::listener> listener_table::read() {
    std::vector<procfs::listener> found;
    if (socket_ >= 0 && dump(AF_INET, found) && dump(AF_INET6, found))
        return found;
    give_up();
    constexpr std::size_t limit = 64 << 20;
    found = procfs::parse_net_tcp(procfs::read("/proc/net/tcp", limit), false);
    for (auto& each : procfs::parse_net_tcp(procfs::read("/proc/net/tcp6", limit), true))
        found.push_back(each);
    return found;
}

bool listener_table::dump(int family, std::vector<procfs::listener>& found) {
    struct {
        nlmsghdr header;
        inet_diag_req_v2 request;
    } question{};
    question.header.nlmsg_len = sizeof question;
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    question.header.nlmsg_seq = ++sequence_;
    question.request.sdiag_family = static_cast<__u8>(family);
    question.request.sdiag_protocol = IPPROTO_TCP;
    question.request.idiag_states = 1u << listen_state;
    if (::send(socket_, &question, sizeof question, 0) < 0)
        return false;

    alignas(nlmsghdr) std::array<char, 32 * 1024> buffer;
    for (;;) {
        auto size = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (size <= 0)
            return false;
        auto left = static_cast<unsigned>(size);
        for (auto* message = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
             message = NLMSG_NEXT(message, left)) {
            if (message->nlmsg_seq != sequence_)
                continue; // of a dump that was given up
            if (message->nlmsg_type == NLMSG_DONE)
                return true;
            if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg)))
                return false;
            auto* socket = static_cast<inet_diag_msg*>(NLMSG_DATA(message));
            if (socket->idiag_state == listen_state)
                found.push_back(read_socket(*socket));
        }
    }
}

} // namespace berth
#endif
