#ifdef __linux__
#include "machine/sock_diag.hpp"

#include "machine/procfs.hpp"

#include <array>
#include <cstddef>
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

constexpr unsigned established_state = 1, time_wait_state = 6, listen_state = 10; // of TCP (tcp_states.h)
constexpr std::size_t proc_limit = 64 << 20;                 // bytes of /proc/net/tcp

kernel::listener read_socket(const inet_diag_msg& socket) {
    using kernel::bound_to;
    auto* address = socket.id.idiag_src;
    in6_addr six;
    std::memcpy(&six, address, sizeof six);
    kernel::listener l;
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

socket_table::socket_table() : socket_(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
    timeval limit{0, 500'000}; // the kernel answers at once; no wait is without an end
    if (socket_ >= 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

socket_table::~socket_table() { give_up(); }

void socket_table::give_up() {
    if (socket_ >= 0)
        ::close(socket_);
    socket_ = -1;
}

std::vector<kernel::listener> socket_table::listeners() {
    std::vector<kernel::listener> found;
    if (dump({listen_state, 0, 65535}, [&](auto& socket) { found.push_back(read_socket(socket)); }))
        return found;
    found = procfs::parse_net_tcp(procfs::read("/proc/net/tcp", proc_limit), false);
    for (auto& each : procfs::parse_net_tcp(procfs::read("/proc/net/tcp6", proc_limit), true))
        found.push_back(each);
    return found;
}

std::vector<kernel::connection> socket_table::connections(std::uint16_t first, std::uint16_t last) {
    std::vector<kernel::connection> found;
    bool told = dump({established_state, first, last}, [&](auto& socket) {
        if (socket.idiag_inode != 0) // else it waits to be accepted
            found.push_back({ntohs(socket.id.idiag_sport), ntohs(socket.id.idiag_dport)});
    });
    if (told)
        return found;
    found = procfs::parse_connections(procfs::read("/proc/net/tcp", proc_limit));
    for (auto& each : procfs::parse_connections(procfs::read("/proc/net/tcp6", proc_limit)))
        found.push_back(each);
    std::erase_if(found, [&](auto& each) { return each.local < first || each.local > last; });
    return found;
}

std::vector<kernel::connection> socket_table::ended(std::uint16_t first, std::uint16_t last) {
    std::vector<kernel::connection> found;
    // The end that closed it first is the one that waits.
    dump({time_wait_state, first, last, false},
         [&](auto& socket) { found.push_back({ntohs(socket.id.idiag_sport), ntohs(socket.id.idiag_dport)}); });
    dump({time_wait_state, first, last, true},
         [&](auto& socket) { found.push_back({ntohs(socket.id.idiag_dport), ntohs(socket.id.idiag_sport)}); });
    return found;
}

bool socket_table::dump(const question& what, const taker& take) {
    if (socket_ >= 0 && dump(what, AF_INET, take) && dump(what, AF_INET6, take))
        return true;
    give_up();
    return false;
}

bool socket_table::dump(const question& what, int family, const taker& take) {
    // The kernel leaves out the other ports itself: a program of two steps, each an operation and its operand, which
    // goes on by `yes` bytes or by `no`; whoever gets exactly to its end is wanted (inet_diag.h).
    struct {
        nlmsghdr header;
        inet_diag_req_v2 request;
        nlattr attribute;
        std::array<inet_diag_bc_op, 4> filter;
    } message{};
    constexpr auto step = static_cast<unsigned char>(2 * sizeof(inet_diag_bc_op));
    bool all = what.first == 0 && what.last == 65535;
    message.header.nlmsg_len = all ? offsetof(decltype(message), attribute) : sizeof message;
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    message.header.nlmsg_seq = ++sequence_;
    message.request.sdiag_family = static_cast<__u8>(family);
    message.request.sdiag_protocol = IPPROTO_TCP;
    message.request.idiag_states = 1u << what.state;
    message.attribute.nla_type = INET_DIAG_REQ_BYTECODE;
    message.attribute.nla_len = sizeof message.attribute + sizeof message.filter;
    constexpr unsigned char from[] = {INET_DIAG_BC_S_GE, INET_DIAG_BC_D_GE}, to[] = {INET_DIAG_BC_S_LE, INET_DIAG_BC_D_LE};
    message.filter = {{{from[what.remote], step, 2 * step + 4},
                       {0, 0, what.first},
                       {to[what.remote], step, step + 4},
                       {0, 0, what.last}}};
    if (::send(socket_, &message, message.header.nlmsg_len, 0) < 0)
        return false;

    alignas(nlmsghdr) std::array<char, 32 * 1024> buffer;
    for (;;) {
        auto size = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (size <= 0)
            return false;
        auto left = static_cast<unsigned>(size);
        for (auto* answer = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(answer, left);
             answer = NLMSG_NEXT(answer, left)) {
            if (answer->nlmsg_seq != sequence_)
                continue; // of a dump that was given up
            if (answer->nlmsg_type == NLMSG_DONE)
                return true;
            if (answer->nlmsg_type == NLMSG_ERROR || answer->nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg)))
                return false;
            auto* socket = static_cast<inet_diag_msg*>(NLMSG_DATA(answer));
            if (socket->idiag_state == what.state)
                take(*socket);
        }
    }
}

} // namespace berth
#endif
