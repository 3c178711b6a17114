// Where the server is: --url, $BERTH_URL, else http://localhost:3099. Only the loopback, for Berth answers nowhere
// else, and a name that leads elsewhere would send the user's wishes to a stranger. Pure.
#pragma once

#include "cli/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

struct server_address {
    std::string host = "localhost"; // localhost, 127.0.0.1 or [::1]
    std::uint16_t port = 3099;

    std::string url() const;
    /// As the Host header wants it.
    std::string authority() const;
    /// What to connect to, in order: localhost is both, for a machine may have only one.
    std::vector<std::string> ips() const;
};

/// http://HOST[:PORT][/], or without http://. The port is HTTP's own, 80, where http:// is written without one. `from`
/// is where it was given, for the failure to name.
outcome<server_address> parse_address(std::string_view, std::string_view from = "--url");

/// For a path's query: every byte outside RFC 3986's unreserved set is escaped.
std::string percent_encoded(std::string_view);

} // namespace berth::cli
