#include "net/http/guard.hpp"

#include "net/http/text.hpp"

#include <algorithm>
#include <string>

namespace berth::net {
namespace {

constexpr std::string_view hosts[] = {"localhost", "127.0.0.1", "[::1]"};

/// True when `rest` is ":<port>" in its one shortest form, or nothing where 80 is meant.
bool is_port(std::string_view rest, std::uint16_t port) noexcept {
    if (rest.empty())
        return port == 80;
    char text[8] = ":";
    auto end = std::to_chars(text + 1, text + sizeof text, port).ptr;
    return rest == std::string_view(text, static_cast<std::size_t>(end - text));
}

} // namespace

bool is_own_authority(std::string_view given, std::uint16_t port) noexcept {
    for (auto host : hosts)
        if (given.size() >= host.size() && equal_ignoring_case(given.substr(0, host.size()), host) &&
            is_port(given.substr(host.size()), port))
            return true;
    return false;
}

std::optional<std::string_view> app_label(std::string_view given, std::uint16_t port) noexcept {
    constexpr std::string_view domain = ".localhost";
    constexpr std::size_t longest = 63; // RFC 1035, 2.3.4
    auto label = given.substr(0, given.find('.'));
    auto rest = given.substr(label.size());
    auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (label.empty() || label.size() > longest || !std::all_of(label.begin(), label.end(), allowed) ||
        !equal_ignoring_case(rest.substr(0, domain.size()), domain) || !is_port(rest.substr(domain.size()), port))
        return {};
    return label;
}

bool is_own_origin(std::string_view given, std::uint16_t port) noexcept {
    constexpr std::string_view scheme = "http://";
    if (!given.starts_with(scheme))
        return false;
    given.remove_prefix(scheme.size());
    for (auto host : hosts)
        if (given.starts_with(host) && is_port(given.substr(host.size()), port))
            return true;
    return false;
}

std::optional<error> refuse(const request_source& from, std::uint16_t port) {
    if (from.host.count != 1)
        return error{errc::misdirected_request,
                     from.host.count == 0 ? "The request does not say which host it is for; send a Host header."
                                          : "The request has more than one Host header."};
    // A target in absolute form overrides Host (RFC 9112, 3.2.2): both must be ours.
    for (auto authority : {from.host.value, from.authority.empty() ? from.host.value : from.authority})
        if (!is_own_authority(authority, port))
            return error{errc::misdirected_request,
                         "The request is for the host " + in_quotes(authority) +
                             ", which is not Berth. Use http://localhost:" + std::to_string(port) + "."};
    if (from.origin.count > 1)
        return error{errc::forbidden_origin, "The request has more than one Origin header."};
    if (from.origin.count == 1 && !is_own_origin(from.origin.value, port))
        return error{errc::forbidden_origin,
                     "The request comes from " + in_quotes(from.origin.value) + ", which is not Berth's own page."};
    auto& site = from.fetch_site;
    bool own = site.count == 0 || (site.count == 1 && (site.value == "same-origin" || site.value == "none"));
    if (!own && (from.changes || !from.navigates))
        return error{errc::forbidden_origin, "A page of another site sent this request (Sec-Fetch-Site: " +
                                                 printable(from.fetch_site.value) + ")."};
    return {};
}

} // namespace berth::net
