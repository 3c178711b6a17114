#include "net/http/reply.hpp"

#include "core/app_json.hpp"

#include <charconv>

namespace berth::net {
namespace {

std::string_view reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 304:
        return "Not Modified";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 421:
        return "Misdirected Request";
    case 426:
        return "Upgrade Required";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    default:
        return "Status"; // RFC 9112, 4: the phrase carries nothing
    }
}

void append_number(std::string& out, std::uint64_t value) {
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

/// The security fields as bytes, made once: they are most of every head.
const std::string& security_block() {
    static const std::string block = [] {
        std::string text;
        for (auto& [name, value] : security_fields())
            append_field(text, name, value);
        return text;
    }();
    return block;
}

} // namespace

const std::vector<std::pair<std::string_view, std::string_view>>& security_fields() {
    static const std::vector<std::pair<std::string_view, std::string_view>> fields = {
        // Styles may be inline: the terminal view and the charts set them from script. Scripts never are.
        // Frames are the apps, which the dashboard shows small.
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
         "connect-src 'self'; font-src 'self'; frame-src http://localhost:*; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
    };
    return fields;
}

reply json_reply(int status, std::string text) {
    reply r;
    r.status = status;
    r.type = json_type;
    r.body = std::make_shared<const std::string>(std::move(text));
    return r;
}

reply json_reply(shared_text text) {
    reply r;
    r.type = json_type;
    r.body = std::move(text);
    return r;
}

reply problem_reply(const error& e) {
    auto r = json_reply(http_status(e.code), dump(to_problem(e)));
    r.type = problem_type;
    return r;
}

void append_chunk(std::string& out, std::string_view text, bool chunked) {
    if (!chunked) {
        out += text;
        return;
    }
    char size[24];
    out.append(size, std::to_chars(size, size + sizeof size, text.size(), 16).ptr);
    out += "\r\n";
    out += text;
    out += "\r\n";
}

void append_head(std::string& out, const reply& r, const head_options& options) {
    out += options.http10 ? "HTTP/1.0 " : "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(r.status));
    out += ' ';
    out += reason(r.status);
    out += "\r\n";
    append_field(out, "Date", options.date);
    if (!r.type.empty())
        append_field(out, "Content-Type", r.type);
    if (r.events) {
        if (!options.http10)
            append_field(out, "Transfer-Encoding", "chunked");
    } else if (r.status != 304 && r.status != 204) { // RFC 9110, 8.6: it would have to be that of the 200, or is none
        out += "Content-Length: ";
        append_number(out, r.length());
        out += "\r\n";
    }
    append_field(out, "Cache-Control", r.cache);
    for (auto& [name, value] : r.fields)
        append_field(out, name, value);
    out += security_block();
    if (!options.keep_alive)
        out += "Connection: close\r\n";
    else if (options.http10)
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

} // namespace berth::net
