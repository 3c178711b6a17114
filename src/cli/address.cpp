#include "cli/address.hpp"

#include "cli/text.hpp"
#include "core/names.hpp"

#include <fmt/format.h>

#include <charconv>

namespace berth::cli {

std::string server_address::url() const { return "http://" + authority(); }

std::string server_address::authority() const { return port == 80 ? host : fmt::format("{}:{}", host, port); }

std::vector<std::string> server_address::ips() const {
    if (host == "127.0.0.1")
        return {"127.0.0.1"};
    if (host == "[::1]")
        return {"::1"};
    return {"127.0.0.1", "::1"};
}

outcome<server_address> parse_address(std::string_view given, std::string_view from) {
    auto wrong = [&](std::string_view why) {
        return usage_error(fmt::format("{} {}: {}; it looks like http://localhost:3099", from, visible(given), why));
    };
    constexpr std::string_view scheme = "http://";
    auto rest = given;
    server_address address;
    if (name_key(rest.substr(0, scheme.size())) == scheme) {
        rest.remove_prefix(scheme.size());
        address.port = 80;
    } else if (rest.find("://") != rest.npos) {
        return wrong("Berth speaks only http");
    }
    if (rest.ends_with('/'))
        rest.remove_suffix(1);
    auto bracket = rest.find(']');
    auto colon = rest.find(':', bracket == rest.npos ? 0 : bracket);
    address.host = name_key(rest.substr(0, colon));
    if (address.host != "localhost" && address.host != "127.0.0.1" && address.host != "[::1]")
        return wrong("Berth answers only on localhost, 127.0.0.1 or [::1]");
    if (colon == rest.npos)
        return address;
    auto digits = rest.substr(colon + 1);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (error != std::errc() || end != digits.data() + digits.size() || address.port == 0)
        return wrong("the port is a number from 1 to 65535");
    return address;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (char c : text)
        out += unreserved.find(c) != unreserved.npos ? std::string(1, c)
                                                     : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

} // namespace berth::cli
