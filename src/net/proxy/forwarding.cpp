#include "net/proxy/forwarding.hpp"

#include "net/http/text.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <charconv>
#include <vector>

namespace berth::net {
namespace {

using boost::beast::http::field;
using boost::beast::http::fields;

void append_one(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_digits(std::string& out, std::uint64_t value, int base = 10) {
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, value, base).ptr);
}

/// Of this hop (RFC 9110, 7.6.1), or of a body's frame, which is written anew.
bool is_of_hop(field name) {
    switch (name) {
    case field::connection:
    case field::content_length:
    case field::keep_alive:
    case field::proxy_connection:
    case field::te:
    case field::transfer_encoding:
    case field::upgrade:
        return true;
    default:
        return false;
    }
}

/// What Connection names besides: of this hop as well. Host stays whatever it says.
std::vector<std::string_view> named_by_connection(const fields& all) {
    std::vector<std::string_view> names;
    for (auto [at, end] = all.equal_range(field::connection); at != end; ++at)
        for_each_item(at->value(), [&](std::string_view name) {
            for (auto known : {"close", "keep-alive", "upgrade", "host"})
                if (equal_ignoring_case(name, known))
                    return;
            names.push_back(name);
        });
    return names;
}

bool is_among(std::string_view name, const std::vector<std::string_view>& names) {
    return std::any_of(names.begin(), names.end(), [&](auto other) { return equal_ignoring_case(name, other); });
}

/// What says where a request came from: a client's own words about that are not passed on.
bool tells_origin(std::string_view name) {
    constexpr std::string_view prefix = "x-forwarded-";
    return equal_ignoring_case(name.substr(0, prefix.size()), prefix) || equal_ignoring_case(name, "forwarded") ||
           equal_ignoring_case(name, "x-real-ip");
}

void append_frame(std::string& out, const body_frame& body) {
    if (body.by == framing::length) {
        out += "Content-Length: ";
        append_digits(out, body.length);
        out += "\r\n";
    } else if (body.by == framing::chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    }
}

} // namespace

bool asks_for_websocket(const boost::beast::http::request_header<>& header) {
    return boost::beast::websocket::is_upgrade(header);
}

void append_request_head(std::string& out, const boost::beast::http::request_header<>& header,
                         const forwarded_request& as) {
    out.append(header.method_string()).append(" ").append(as.target).append(" HTTP/1.1\r\n");
    auto named = named_by_connection(header);
    bool http10 = header.version() < 11; // such a client would take the 100 for its answer
    for (auto& f : header) {
        auto name = std::string_view(f.name_string());
        if (is_of_hop(f.name()) || is_among(name, named) || tells_origin(name) || (http10 && f.name() == field::expect))
            continue;
        append_one(out, name, f.value());
    }
    append_one(out, "X-Forwarded-Host", header[field::host]);
    append_one(out, "X-Forwarded-Proto", "http");
    append_one(out, "X-Forwarded-For", as.address);
    append_frame(out, as.body);
    out += as.websocket ? "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" : "\r\n";
}

void append_answer_head(std::string& out, const boost::beast::http::response_header<>& header,
                        const forwarded_answer& as) {
    out += as.http10 ? "HTTP/1.0 " : "HTTP/1.1 ";
    append_digits(out, header.result_int());
    out.append(" ").append(header.reason()).append("\r\n");
    auto named = named_by_connection(header);
    for (auto& f : header) {
        bool said = f.name() == field::content_length && as.body.by == framing::as_said;
        if (said || (!is_of_hop(f.name()) && !is_among(f.name_string(), named)))
            append_one(out, f.name_string(), f.value());
    }
    append_frame(out, as.body);
    if (as.websocket)
        out += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    else if (!as.keep_alive)
        out += "Connection: close\r\n";
    else if (as.http10)
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

void append_chunk(std::string& out, std::string_view bytes) {
    if (bytes.empty())
        return;
    append_digits(out, bytes.size(), 16);
    out.append("\r\n").append(bytes).append("\r\n");
}

void append_last_chunk(std::string& out, const fields& trailers) {
    out += "0\r\n";
    for (auto& f : trailers) {
        auto name = f.name();
        if (!is_of_hop(name) && name != field::host && name != field::trailer && name != field::cookie &&
            name != field::set_cookie && name != field::authorization && !tells_origin(f.name_string()))
            append_one(out, f.name_string(), f.value());
    }
    out += "\r\n";
}

} // namespace berth::net
