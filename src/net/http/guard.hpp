// Who may ask: spec section 11. A local server that runs commands and deletes folders is a target for every web page
// that the user visits, and for the apps that Berth itself runs: they are loopback origins too, on other ports.
//
// Pure: the connection collects what the header says, this decides. It is asked before anything else of a request is
// looked at, the WebSocket upgrade included.
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace berth::net {

/// A header field that may occur once: how often it did, and its (last) value.
struct single_field {
    std::size_t count = 0;
    std::string_view value;
};

struct request_source {
    bool changes = false;       // a method that may change something, or an upgrade
    bool navigates = false;     // Sec-Fetch-Mode: navigate
    std::string_view authority; // of a target in absolute form (RFC 9112, 3.2.2); empty: none
    single_field host;
    single_field origin;
    single_field fetch_site; // Sec-Fetch-Site
};

/// none: go on. errc::misdirected_request (421): Host is not ours, the answer to DNS rebinding. errc::forbidden_origin
/// (403): another page sent it. Of what another page may cause, only a navigation that changes nothing passes, so that
/// a link can lead to the dashboard: all else it could not read anyway, and would only make Berth work.
std::optional<error> refuse(const request_source&, std::uint16_t port);

/// localhost, 127.0.0.1 or [::1], any case, with this port; without one only where the port is HTTP's own, 80.
bool is_own_authority(std::string_view, std::uint16_t port) noexcept;

/// The label of an app's host, as it was sent: "Shop" of "Shop.localhost:3099". One label, of what a slug is made of,
/// in any case; none: it is another kind of host. Who asks for an app's host gets nothing else: neither the API nor the
/// dashboard.
std::optional<std::string_view> app_label(std::string_view authority, std::uint16_t port) noexcept;

/// http:// and one of ours, exactly as browsers write it.
bool is_own_origin(std::string_view, std::uint16_t port) noexcept;

} // namespace berth::net
