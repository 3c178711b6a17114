#include "net/http/connection.hpp"

#include "core/names.hpp"
#include "net/http/request_head.hpp"
#include "net/http/request_reader.hpp"
#include "net/http/text.hpp"

#include <boost/beast/websocket/rfc6455.hpp>
#include <spdlog/spdlog.h>

#include <array>
#include <exception>

namespace berth::net {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t download_piece = 64 * 1024; // bytes

/// Date, made again once a second: it would be a fair part of a small answer's cost.
std::string_view http_now() {
    static std::int64_t second = 0;
    static std::string text;
    auto now = static_cast<std::int64_t>(std::time(nullptr));
    if (now != second) {
        second = now;
        text = http_date(now);
    }
    return text;
}

class http_connection final : public connection {
public:
    http_connection(asio::ip::tcp::socket socket, connection_host& host, std::shared_ptr<void> slot)
        : host_(host), socket_(std::move(socket)), reader_(socket_, host.options),
          relay_(host.relays, socket_, reader_), slot_(std::move(slot)) {
        host_.open.insert(this);
    }
    ~http_connection() { host_.open.erase(this); }
    http_connection(const http_connection&) = delete;

    void sweep(clock::time_point now) override {
        socket_.sweep(now);
        relay_.sweep(now);
    }
    void close_now() override {
        socket_.close();
        relay_.close();
    }
    void close_if_idle() override {
        if (reader_.waiting() || relay_.tunnels())
            close_now();
    }

    task<> run() {
        bool go_on = true;
        while (go_on && !host_.stopping) {
            auto read = co_await reader_.read_header();
            if (read == read_end::complete)
                go_on = co_await serve_request();
            else
                go_on = co_await refuse_reading(read);
        }
    }

private:
    /// Answers the request whose header is here. False: the connection is done with.
    task<bool> serve_request() {
        auto& request = reader_.get();
        auto head = read_head(request);
        if (auto label = asked_app(request, head, host_.port))
            co_return co_await pass_on(head, *label);
        if (reader_.is_too_large())
            co_return co_await refuse_reading(read_end::body_too_large);
        auto method = std::string_view(request.method_string());
        auto target = parse_target(request.target());
        if (auto refused = check_head(request, head, target, host_.port))
            co_return co_await refuse(*refused);
        auto route = find_route(method, *target);
        if (!route) {
            auto r = problem_reply(route.error().error);
            if (!route.error().allow.empty())
                r.fields.emplace_back("Allow", route.error().allow);
            co_return co_await finish(r, endpoint::refused);
        }
        if (route->to == endpoint::events)
            co_return co_await upgrade(head, *target);
        if (!reader_.ended()) { // a body follows
            if (auto refused = check_media_type(head))
                co_return co_await refuse(*refused);
            auto read = co_await read_body(head);
            if (read == read_end::closed)
                co_return false;
            if (read != read_end::complete)
                co_return co_await refuse_reading(read);
        }
        socket_.expire_never(); // the orchestrator's waits have deadlines of their own
        call asked{*route,
                   *target,
                   request.body(),
                   std::string(head.accept_encoding),
                   std::string(head.if_none_match),
                   std::string(asked_range(method, head))};
        auto r = co_await answer(asked, head);
        co_return co_await finish(r, route->to);
    }

    /// To the app of that name, whatever is asked.
    task<bool> pass_on(const request_head& head, std::string_view label) {
        auto done = co_await relay_.pass(head, label, !host_.stopping);
        if (done.instead)
            co_return co_await finish(*done.instead, endpoint::app);
        if (done.status > 0)
            host_.counters.count(endpoint::app, done.status);
        if (!reader_.ended())
            co_await socket_.linger();
        co_return done.keep_alive;
    }

    task<read_end> read_body(const request_head& head) {
        if (head.expects_continue && !reader_.has_more()) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            auto bytes = asio::buffer(go_on);
            if (!co_await socket_.write(bytes))
                co_return read_end::closed;
        }
        auto read = co_await reader_.read_body();
        co_return read;
    }

    /// The call's answer; an exception is a bug and becomes a 500.
    task<reply> answer(const call& asked, const request_head& head) {
        std::string what;
        try {
            reply r;
            if (is_mcp(asked.route.to))
                r = co_await host_.mcp->answer(asked, head);
            else
                r = co_await host_.calls->answer(asked);
            if (r.status >= 500)
                spdlog::warn("{} answered {}: {}", to_string(asked.route.to), r.status, r.body ? *r.body : "");
            co_return r;
        } catch (const std::exception& e) {
            what = e.what();
        }
        spdlog::error("{} failed: {}", to_string(asked.route.to), what);
        co_return problem_reply({errc::internal_error, "Something went wrong in Berth; its log says more."});
    }

    task<bool> upgrade(const request_head& head, const target& asked) {
        std::optional<error> refused;
        if (auto checked = check_query(asked, {}); !checked)
            refused = checked.error();
        else if (!reader_.ended()) // the guard has judged the header alone: trailers must not make it an upgrade
            refused = error{errc::invalid_request, "A request for a WebSocket has no body."};
        else if (!boost::beast::websocket::is_upgrade(reader_.get()))
            refused = error{errc::upgrade_required, "/api/events is a WebSocket; ask for an upgrade."};
        else if (auto handshake = check_handshake(head))
            refused = std::move(handshake);
        else if (reader_.has_more())
            refused = error{errc::invalid_request, "Wait for the answer to the upgrade before sending more."};
        else if (host_.stopping)
            refused = error{errc::shutting_down, "Berth is ending."};
        if (refused) {
            auto r = problem_reply(*refused);
            if (refused->code == errc::upgrade_required) {
                r.fields.emplace_back("Connection", "Upgrade"); // RFC 9110, 7.8: whoever sends Upgrade
                r.fields.emplace_back("Upgrade", "websocket");
                r.fields.emplace_back("Sec-WebSocket-Version", "13");
            }
            co_return co_await finish(r, endpoint::events);
        }
        socket_.expire_never();
        host_.counters.count(endpoint::events, 101);
        auto request = reader_.take();
        auto socket = socket_.release();
        host_.hub->adopt(std::move(socket), std::move(request), std::move(slot_));
        co_return false;
    }

    task<bool> refuse(const error& e) {
        auto r = problem_reply(e);
        co_return co_await finish(r, endpoint::refused);
    }

    task<bool> refuse_reading(read_end read) {
        auto r = refusal(read, host_.options, host_.port);
        if (!r)
            co_return false;
        socket_.revive(); // the deadline was the request's; the answer gets one of its own
        co_return co_await finish(*r, endpoint::refused);
    }

    /// Writes the answer. False: no further request on this connection. The one place where that is decided: whatever
    /// of a request was not read would else be taken for the next.
    task<bool> finish(const reply& r, endpoint to) {
        auto& request = reader_.get();
        bool http10 = request.version() < 11;
        bool keep = !host_.stopping && reader_.keep_alive() && !(r.events && http10);
        bool only_head = request.method() == http::verb::head;
        host_.counters.count(to, r.status);
        head_.clear();
        append_head(head_, r, {http10, keep, http_now()});
        // What others may be waiting for the room of has no more time than a request.
        socket_.expire_after(r.room ? host_.options.request_deadline : host_.options.idle_deadline);
        auto first = asio::buffer(head_);
        auto second = r.body && !only_head ? asio::buffer(*r.body) : asio::const_buffer();
        auto sent = co_await socket_.write(first, second);
        if (sent && r.download && !only_head)
            sent = co_await send(*r.download);
        if (sent && r.events && !only_head)
            sent = co_await send(*r.events, !http10);
        if (!reader_.ended())
            co_await socket_.linger();
        keep = keep && sent;
        co_return keep;
    }

    /// All that the source has to say, in chunks where the end of the connection is not its end; false: not all.
    task<bool> send(event_source& source, bool chunked) {
        for (;;) {
            socket_.expire_never(); // the source is never silent for long
            auto text = co_await source.next();
            socket_.expire_after(host_.options.idle_deadline);
            if (!text && !chunked)
                co_return true;
            head_.clear();
            append_chunk(head_, text.value_or(""), chunked);
            auto bytes = asio::buffer(head_);
            bool sent = co_await socket_.write(bytes);
            if (!sent || !text)
                co_return sent;
        }
    }

    /// The file's bytes up to the length that was announced; false (and so a closed connection) when the file is no
    /// longer the one that was announced.
    task<bool> send(const download& d) {
        for (auto at = d.from, end = d.from + d.size; at < end;) {
            auto most = static_cast<std::size_t>(std::min<std::uint64_t>(download_piece, end - at));
            auto piece = co_await host_.logs.read(d.id, d.stream, at, most);
            if (!piece || piece->file != d.file || piece->bytes.empty()) {
                spdlog::warn("The download of a log of {} ended early: {}", d.id,
                             piece ? "the file was replaced or truncated" : piece.error().detail);
                co_return false;
            }
            at += piece->bytes.size();
            socket_.expire_after(host_.options.idle_deadline);
            auto bytes = asio::buffer(std::as_const(piece->bytes));
            if (!co_await socket_.write(bytes))
                co_return false;
        }
        co_return true;
    }

    connection_host& host_;
    timed_socket socket_;
    request_reader reader_;
    relay relay_;
    std::shared_ptr<void> slot_;
    std::string head_; // kept: its memory serves every answer
};

} // namespace

std::shared_ptr<void> take_slot(const std::shared_ptr<connection_host>& host) {
    if (host->stopping)
        return nullptr;
    bool full = host->connections >= host->options.max_connections;
    if (!std::exchange(host->full, full) && full)
        spdlog::warn("{} connections are open, as many as Berth allows: further ones are refused.", host->connections);
    if (full)
        return nullptr;
    ++host->connections;
    return std::shared_ptr<void>(host.get(), [kept = host](void*) {
        --kept->connections;
        if (kept->on_end)
            kept->on_end();
    });
}

task<> serve(asio::ip::tcp::socket socket, std::shared_ptr<connection_host> host, std::shared_ptr<void> slot) {
    try {
        http_connection c(std::move(socket), *host, std::move(slot));
        co_await c.run();
    } catch (const std::exception& e) {
        spdlog::error("A connection ended with an error: {}", e.what());
    }
}

} // namespace berth::net
