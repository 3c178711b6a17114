#include "net/http/request_head.hpp"

#include "net/api/request_body.hpp"
#include "net/api/router.hpp"
#include "net/http/text.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

namespace berth::net {

request_head read_head(const boost::beast::http::request_header<>& header) {
    using boost::beast::http::field;
    request_head head;
    auto note = [](single_field& f, std::string_view value) {
        ++f.count;
        f.value = value;
    };
    for (auto& f : header) {
        auto value = f.value();
        switch (f.name()) {
        case field::host:
            note(head.host, value);
            break;
        case field::origin:
            note(head.origin, value);
            break;
        case field::content_type:
            note(head.content_type, value);
            break;
        case field::accept:
            note(head.accept, value);
            break;
        case field::accept_encoding:
            head.accept_encoding = value;
            break;
        case field::if_none_match:
            head.if_none_match = value;
            break;
        case field::range:
            note(head.range, value);
            break;
        case field::if_range:
            note(head.if_range, value);
            break;
        case field::expect:
            // RFC 9110, 10.1.1: a client of HTTP/1.0 would take the 100 for its answer.
            head.expects_continue = header.version() >= 11 && equal_ignoring_case(value, "100-continue");
            break;
        case field::sec_websocket_key:
            note(head.websocket_key, value);
            break;
        case field::sec_websocket_version:
            note(head.websocket_version, value);
            break;
        case field::sec_fetch_site:
            note(head.fetch_site, value);
            break;
        case field::sec_fetch_mode:
            note(head.fetch_mode, value);
            break;
        case field::unknown:
            if (equal_ignoring_case(f.name_string(), "mcp-session-id"))
                note(head.mcp_session, value);
            else if (equal_ignoring_case(f.name_string(), "mcp-protocol-version"))
                note(head.mcp_version, value);
            else if (equal_ignoring_case(f.name_string(), "last-event-id"))
                note(head.last_event_id, value);
            break;
        default:
            break;
        }
    }
    return head;
}

std::optional<std::string_view> asked_app(const boost::beast::http::request_header<>& header, const request_head& head,
                                          std::uint16_t port) {
    auto label = head.host.count == 1 ? app_label(head.host.value, port) : std::nullopt;
    auto authority = split_authority(header.target()).authority;
    if (label && !authority.empty() && !equal_ignoring_case(authority, head.host.value))
        return {};
    return label;
}

std::optional<error> check_handshake(const request_head& head) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    auto& key = head.websocket_key;
    if (head.websocket_version.count != 1 || head.websocket_version.value != "13")
        return error{errc::upgrade_required, "/api/events speaks version 13 of the WebSocket protocol."};
    if (key.count == 1 && key.value.size() == 24 && key.value.find_first_not_of(alphabet) == 22 &&
        key.value.ends_with("=="))
        return {};
    return error{errc::invalid_request, "Sec-WebSocket-Key must be 16 bytes in base64."};
}

std::optional<error> check_head(const boost::beast::http::request_header<>& header, const request_head& head,
                                const result<target>& target, std::uint16_t port) {
    request_source from;
    from.changes = may_change(header.method_string()) || boost::beast::websocket::is_upgrade(header);
    from.authority = target ? target->authority : std::string_view();
    from.host = head.host;
    from.origin = head.origin;
    from.fetch_site = head.fetch_site;
    from.navigates = head.fetch_mode.count == 1 && head.fetch_mode.value == "navigate";
    if (auto refused = refuse(from, port))
        return refused;
    if (!target)
        return target.error();
    return {};
}

std::string_view asked_range(std::string_view method, const request_head& head) {
    bool asks = method == "GET" && head.range.count == 1 && head.if_range.count == 0;
    return asks ? head.range.value : std::string_view();
}

std::optional<error> check_media_type(const request_head& head) {
    if (head.content_type.count == 1 && is_json_type(head.content_type.value))
        return {};
    return error{errc::unsupported_media_type, "Send the body with Content-Type: application/json."};
}

} // namespace berth::net
