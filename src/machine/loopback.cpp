#include "machine/loopback.hpp"

#include "core/unique_fd.hpp"

#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace berth {

bool connects_to_loopback(std::uint16_t port, bool v6) {
    constexpr int patience = 300; // ms; a full backlog does not answer
    unique_fd fd(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0));
    if (fd.get() < 0)
        return false;
    ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);

    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    six.sin6_addr = in6addr_loopback;
    auto* address = v6 ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four);
    socklen_t size = v6 ? sizeof six : sizeof four;
    if (::connect(fd.get(), address, size) == 0)
        return true;
    if (errno != EINPROGRESS)
        return false;
    pollfd one{fd.get(), POLLOUT, 0};
    if (::poll(&one, 1, patience) != 1)
        return false;
    int failure = 0;
    socklen_t length = sizeof failure;
    return ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &failure, &length) == 0 && failure == 0;
}

} // namespace berth
