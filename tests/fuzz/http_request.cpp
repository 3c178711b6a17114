// Requests as a connection serves them, without the socket: bytes in pieces, parsed, guarded, routed, their parameters
// and bodies read. Each request has exactly one outcome, which no split of the bytes changes, and nothing gets by the
// guard.
#include "fuzz.hpp"

#include "net/api/find_app.hpp"
#include "net/api/log_query.hpp"
#include "net/api/request_body.hpp"
#include "net/api/router.hpp"
#include "net/http/message_parser.hpp"
#include "net/http/negotiation.hpp"
#include "net/http/range.hpp"
#include "net/http/reply.hpp"
#include "net/http/request_head.hpp"
#include "net/proxy/forwarding.hpp"

#include <boost/beast/websocket/rfc6455.hpp>
#include <nlohmann/json.hpp>

#include <cstring>
#include <vector>

using namespace berth;
using namespace berth::net;
using namespace berth::fuzz;

namespace {

// Small, so that they are reached; the real ones are 16 KiB and 64 KiB.
constexpr std::size_t header_limit = 400;
constexpr std::size_t body_limit = 100;
constexpr std::uint16_t port = 3099;

using header = boost::beast::http::request_header<>;

bool one_of(std::string_view text, std::initializer_list<std::string_view> all) {
    return std::find(all.begin(), all.end(), text) != all.end();
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

/// The guard's rule once more, from the fields as the parser has them.
void require_own(const header& h) {
    int hosts = 0, lengths = 0;
    for (auto& f : h) {
        auto name = lower(f.name_string());
        std::string value(f.value());
        if (name == "host") {
            ++hosts;
            require(one_of(lower(value), {"localhost:3099", "127.0.0.1:3099", "[::1]:3099"}), "Host is ours", value);
        } else if (name == "origin") {
            require(one_of(value, {"http://localhost:3099", "http://127.0.0.1:3099", "http://[::1]:3099"}),
                    "Origin is ours", value);
        } else if (name == "sec-fetch-site" && !one_of(h.method_string(), {"GET", "HEAD"})) {
            require(one_of(value, {"same-origin", "none"}), "no other site changes anything", value);
        } else if (name == "content-length") {
            require(++lengths == 1 && value.find_first_not_of("0123456789") == value.npos, "one length", value);
        } else if (name == "transfer-encoding") {
            require(lower(value) == "chunked" && h.version() == 11, "one way to frame a body", value);
        }
    }
    require(hosts == 1, "one Host");
}

/// The call's own reading of its parameters and body, as net/api.cpp does it; the refusal, or none.
std::optional<error> read_call(const route& r, const target& t, const std::string& body) {
    auto failure = [](const auto& result) {
        return result ? std::optional<error>() : std::optional<error>(result.error());
    };
    auto plain = [&](std::initializer_list<std::string_view> known) {
        auto query = check_query(t, known);
        return query ? failure(parse_nothing(body)) : failure(query);
    };
    switch (r.to) {
    case endpoint::page:
    case endpoint::events:
        return {};
    case endpoint::create_app: {
        auto query = check_query(t, {});
        return query ? failure(parse_create(body)) : failure(query);
    }
    case endpoint::bulk: {
        auto query = check_query(t, {});
        return query ? failure(parse_bulk(body)) : failure(query);
    }
    case endpoint::list_apps:
        return plain({"category"});
    case endpoint::delete_app:
        if (auto refused = plain({"cleanup"}))
            return refused;
        return failure(parse_switch(t, "cleanup", true));
    case endpoint::get_logs: {
        if (auto refused = plain({"tail", "grep", "after"}))
            return refused;
        auto query = parse_logs_query(t);
        require(!query || (query->out.lines <= 10'000 && query->err.lines == query->out.lines), "a tail has a bound");
        return failure(query);
    }
    default:
        return plain({});
    }
}

/// An answer is one head, its lines ours alone, and a body of the announced length.
void check_reply(const reply& r, bool http10) {
    std::string head;
    append_head(head, r, {http10, true, "Thu, 01 Jan 1970 00:00:00 GMT"});
    require(head.starts_with("HTTP/1.") && head.ends_with("\r\n\r\n"), "a head is a head", head);
    require(head.find("\r\n\r\n") == head.size() - 4, "a head ends once", head);
    for (std::size_t at = 0; at < head.size(); ++at) {
        auto c = static_cast<unsigned char>(head[at]);
        require(c >= 0x20   ? c < 0x7f
                : c == '\r' ? head[at + 1] == '\n'
                            : c == '\n' && head[at - 1] == '\r',
                "nothing of the request gets into the head", head);
    }
    auto body = nlohmann::json::parse(*r.body);
    require(body.at("status") == r.status && r.status >= 400, "a refusal says what it is", *r.body);
}

std::string refused(const error& e, bool http10, std::string allow = {}) {
    require_words(e);
    auto r = problem_reply(e);
    if (!allow.empty())
        r.fields.emplace_back("Allow", allow);
    check_reply(r, http10);
    return std::string(to_string(e.code));
}

/// A target's pieces, escaped again, are the same pieces.
void check_target(const target& t) {
    auto escaped = [](std::string_view text) {
        static constexpr char digits[] = "0123456789abcdef";
        std::string out;
        for (unsigned char c : text)
            (out += '%').append({digits[c >> 4], digits[c & 15]});
        return out;
    };
    std::string text;
    for (auto& s : t.segments)
        text += '/' + escaped(s);
    for (auto& [name, value] : t.query)
        text += (text.find('?') == text.npos ? '?' : '&') + escaped(name) + '=' + escaped(value);
    auto again = parse_target(text);
    require(again && again->segments == t.segments && again->query == t.query, "a target can be said again", text);
}

std::string not_read(std::optional<read_end> end) {
    if (!end)
        return "closed";
    switch (*end) {
    case read_end::malformed:
        return "malformed";
    case read_end::unframed:
        return "unframed";
    case read_end::header_too_large:
        return "header_too_large";
    case read_end::body_too_large:
        return "body_too_large";
    default:
        require(false, "the parser ends in no other way");
        return {};
    }
}

/// A request for an app, as the relay passes it on: written anew, it has one reading for who parses that, and it is the
/// same request.
std::string pass_on(request_parser& parser, FuzzedDataProvider* cuts, std::string_view& rest, bool& ended) {
    auto& request = parser.get();
    forwarded_request as;
    auto target = std::string(split_authority(request.target()).origin_form);
    as.target = target;
    as.address = "127.0.0.1";
    as.websocket = parser.ended() && asks_for_websocket(request);
    if (parser.chunked())
        as.body = {framing::chunked, 0};
    else if (auto length = parser.length())
        as.body = {framing::length, *length};
    if (!target.starts_with('/')) {
        ended = !parser.keep_alive();
        return "no target";
    }
    std::string sent, body, method(request.method_string()), host(request["Host"]);
    append_request_head(sent, request, as);
    parser.lift_limit();
    parser.drop_fields();
    std::optional<read_end> end;
    do {
        end = parser.feed(false);
        auto piece = std::exchange(parser.piece(), {});
        body += piece;
        if (parser.chunked())
            append_chunk(sent, piece);
        else
            sent += piece;
        if (end || rest.empty())
            break;
        auto n = cuts && cuts->remaining_bytes() > 0 ? cuts->ConsumeIntegralInRange<std::size_t>(1, 32) : rest.size();
        n = std::min(n, rest.size());
        std::memcpy(parser.prepare(n).data(), rest.data(), n);
        parser.commit(n);
        rest.remove_prefix(n);
    } while (true);
    ended = !parser.keep_alive();
    if (end != read_end::complete)
        return not_read(end);
    if (parser.chunked())
        append_last_chunk(sent, parser.get());
    request_parser again(100 * header_limit, sent.size());
    again.begin();
    std::memcpy(again.prepare(sent.size()).data(), sent.data(), sent.size());
    again.commit(sent.size());
    require(again.feed(false) == read_end::complete && !again.has_more(), "what is passed on is one request", sent);
    auto& read = again.get();
    require(read.method_string() == method && read.target() == target && read.body() == body, "and the same", sent);
    require(read.count("Host") == 1 && read["Host"] == host, "for the same host", sent);
    require(read.count("X-Forwarded-For") == 1 && read["X-Forwarded-For"] == "127.0.0.1", "from who sent it", sent);
    return "passed on " + method + ' ' + target + ' ' + body;
}

/// One request, from its head on; `ended` once the connection must be closed.
std::string serve(request_parser& parser, FuzzedDataProvider* cuts, std::string_view& rest, bool& ended);

/// What the connection does with all the bytes, as words. Without cuts they come at once.
std::string serve_all(std::string_view bytes, FuzzedDataProvider* cuts) {
    request_parser parser(header_limit, body_limit);
    std::string outcomes;
    for (bool ended = false; !ended && (parser.has_more() || !bytes.empty());)
        outcomes += serve(parser, cuts, bytes, ended) + '\n';
    return outcomes;
}

/// Feeds the parser until it has what is asked for; none: the bytes ended first.
std::optional<read_end> read(request_parser& parser, bool header_only, FuzzedDataProvider* cuts,
                             std::string_view& rest) {
    for (;;) {
        if (auto end = parser.feed(header_only))
            return end;
        if (rest.empty())
            return {};
        auto n = cuts && cuts->remaining_bytes() > 0 ? cuts->ConsumeIntegralInRange<std::size_t>(1, 32) : rest.size();
        n = std::min(n, rest.size());
        std::memcpy(parser.prepare(n).data(), rest.data(), n);
        parser.commit(n);
        rest.remove_prefix(n);
    }
}

std::string serve(request_parser& parser, FuzzedDataProvider* cuts, std::string_view& rest, bool& ended) {
    parser.begin();
    if (auto end = read(parser, true, cuts, rest); end != read_end::complete) {
        ended = true;
        return not_read(end);
    }
    if (asked_app(parser.get(), read_head(parser.get()), port))
        return pass_on(parser, cuts, rest, ended);
    if (parser.is_too_large()) {
        ended = true;
        return not_read(read_end::body_too_large);
    }
    auto& request = parser.get();
    bool http10 = request.version() < 11;
    require(request.version() == 10 || request.version() == 11, "HTTP/1.0 or 1.1");
    auto head = read_head(request);
    auto target = parse_target(request.target());
    if (target)
        check_target(*target);
    if (auto e = check_head(request, head, target, port)) {
        ended = !parser.keep_alive();
        return refused(*e, http10);
    }
    require_own(request);
    auto method = std::string_view(request.method_string());
    auto found = find_route(method, *target);
    ended = !parser.keep_alive();
    if (!found)
        return refused(found.error().error, http10, found.error().allow);
    if (auto id = app_id(apps_view(), found->id); found->to == endpoint::cancel_operation || id)
        require(is_id(found->id) && (!id || *id == found->id), "what gets near a path is an id", found->id);
    if (found->to == endpoint::events) { // its body is never read: what comes behind the head is the WebSocket's
        ended = true;
        auto e = !parser.ended() ? error{errc::invalid_request, "no body"} : error{errc::upgrade_required, "none"};
        if (parser.ended() && boost::beast::websocket::is_upgrade(request))
            if (auto wrong = check_handshake(head))
                e = *wrong;
        return "events " + refused(e, http10);
    }
    if (!parser.ended()) {
        if (auto e = check_media_type(head)) {
            ended = true;
            return refused(*e, http10);
        }
        if (auto end = read(parser, false, cuts, rest); end != read_end::complete) {
            ended = true;
            return not_read(end);
        }
    }
    ended = !parser.keep_alive();
    require(request.body().size() <= body_limit, "a body has a bound");
    require(request.body().empty() || is_json_type(head.content_type.value), "a body says that it is JSON");
    (void)choose_encoding(head.accept_encoding, true, true);
    auto part = choose_range(asked_range(method, head), 1000);
    require(!part || part->from + part->size <= 1000, "a range is within the file");
    (void)matches_etag(head.if_none_match, "\"0123456789abcdef\"");
    auto outcome = std::string(to_string(found->to)) + ' ' + std::string(found->id) + ' ' + request.body();
    if (auto e = read_call(*found, *target, request.body()))
        return outcome + ' ' + refused(*e, http10);
    return outcome;
}

/// The same outcomes. What is no request at all may be refused for one reason or the other, as soon as it is seen, or
/// still be waited for.
bool agree(std::string_view a, std::string_view b) {
    auto without_refusal = [](std::string_view text) {
        for (std::string_view last : {"closed\n", "malformed\n", "header_too_large\n"})
            if (text.ends_with(last))
                return text.substr(0, text.size() - last.size());
        return text;
    };
    auto before = without_refusal(a);
    return a == b || (before.size() < a.size() && before.size() < b.size() && before == without_refusal(b));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider cuts(data, size);
    auto bytes = cuts.ConsumeRandomLengthString();
    auto whole = serve_all(bytes, nullptr);
    auto pieces = serve_all(bytes, &cuts);
    require(agree(whole, pieces), "a request is what it is, however its bytes come", whole + "\n--\n" + pieces);
    return 0;
}
