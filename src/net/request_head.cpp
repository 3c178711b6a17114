#include "net/request_head.hpp"

#include "net/request_body.hpp"
#include "net/text.hpp"

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
        case field::host: note(head.host, value); break;
        case field::origin: note(head.origin, value); break;
        case field::content_type: note(head.content_type, value); break;
        case field::transfer_encoding: note(head.transfer_encoding, value); break;
        case field::accept_encoding: head.accept_encoding = value; break;
        case field::if_none_match: head.if_none_match = value; break;
        case field::expect: head.expects_continue = equal_ignoring_case(value, "100-continue"); break;
        case field::sec_fetch_site: note(head.fetch_site, value); break;
        default: break;
        }
    }
    return head;
}

std::optional<error> check_framing(const request_head& head, unsigned http_version) {
    auto& te = head.transfer_encoding;
    if (te.count == 0 || (te.count == 1 && http_version >= 11 && equal_ignoring_case(te.value, "chunked")))
        return {};
    return error{errc::invalid_request, "Transfer-Encoding may only be chunked, once, and in HTTP/1.1."};
}

std::optional<error> check_media_type(const request_head& head) {
    if (head.content_type.count == 1 && is_json_type(head.content_type.value))
        return {};
    return error{errc::unsupported_media_type, "Send the body with Content-Type: application/json."};
}

} // namespace berth::net
