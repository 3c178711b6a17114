// The WebSocket through real sockets; every message is held against openapi.json.
#include "net/harness.hpp"

#include "core/names.hpp"
#include "core/registry.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket.hpp>

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;

namespace {

namespace ws = boost::beast::websocket;
using nlohmann::json;

class ws_client {
public:
    explicit ws_client(world& w, bool deflate = false) : world_(w), stream_(w.io) {
        ws::permessage_deflate pmd;
        pmd.client_enable = deflate;
        stream_.set_option(pmd);
        stream_.next_layer().open(tcp::v4());
    }

    task<> open() {
        tcp::endpoint server(asio::ip::address_v4::loopback(), world_.server->port());
        co_await stream_.next_layer().async_connect(server, asio::use_awaitable);
        auto host = world_.host();
        co_await stream_.async_handshake(answer, host, "/api/events", asio::use_awaitable);
    }
    /// The next message, checked; "closed" and the code at the end.
    task<json> receive() {
        boost::beast::flat_buffer buffer;
        auto [ec, n] = co_await stream_.async_read(buffer, as_result);
        if (ec)
            co_return closed();
        bytes += n;
        auto text = boost::beast::buffers_to_string(buffer.data());
        BOOST_TEST(text.starts_with(R"({"type":")"));
        auto message = json::parse(text);
        auto wrong = api_document::get().check_schema("WsServerMessage", message);
        BOOST_TEST(wrong == "");
        co_return message;
    }
    /// The next message, which must be of this type.
    task<json> expect(std::string type) {
        auto message = co_await receive();
        BOOST_TEST(message["type"] == type, message.dump().substr(0, 300));
        co_return message;
    }
    task<> send(json message) { return send_text(message.dump()); }
    task<> send_text(std::string text, bool binary = false) {
        stream_.binary(binary);
        auto buffer = asio::buffer(text);
        co_await stream_.async_write(buffer, as_result);
    }
    /// Reads log messages until the stream is at `to`; their text. Offsets must join.
    task<std::string> read_log(std::string stream, std::uint64_t to) {
        std::string text;
        while (true) {
            auto m = co_await receive();
            BOOST_REQUIRE(m["type"] != "closed");
            if (m["type"] == "log-reset" && m["stream"] == stream) {
                at[stream] = 0;
                text.clear();
                ++resets;
            }
            if (m["type"] != "log" || m["stream"] != stream)
                continue;
            if (at.contains(stream))
                BOOST_TEST(m["from"] == at[stream]);
            at[stream] = m["to"].get<std::uint64_t>();
            text += m["text"].get<std::string>();
            if (at[stream] >= to)
                co_return text;
        }
    }

    ws::stream<tcp::socket>& stream() { return stream_; }
    ws::response_type answer;
    std::map<std::string, std::uint64_t> at;
    std::size_t bytes = 0;
    int resets = 0;

private:
    json closed() const { return {{"type", "closed"}, {"code", stream_.reason().code}}; }

    world& world_;
    ws::stream<tcp::socket> stream_;
};

json follow(const std::string& id) { return {{"type", "follow"}, {"id", id}}; }
json follow_from_start(const std::string& id) {
    return {{"type", "follow"}, {"id", id}, {"from", {{"stdout", 0}, {"stderr", 0}}}};
}
json unfollow(const std::string& id) { return {{"type", "unfollow"}, {"id", id}}; }
json numbered(json message, std::uint64_t number) {
    message["follow"] = number;
    return message;
}

using pieces = std::map<std::string, std::string>;

/// The next so many pieces of stdout that have text, by the number of their follow ("null": it has none).
task<pieces> read_pieces(ws_client& c, std::size_t count) {
    pieces texts;
    while (count > 0) {
        auto m = co_await c.receive();
        BOOST_REQUIRE(m["type"] != "closed");
        if (m["type"] != "log" || m["stream"] != "stdout" || m["text"] == "")
            continue;
        texts[m.value("follow", json()).dump()] += m["text"].get<std::string>();
        --count;
    }
    co_return texts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hub)

BOOST_AUTO_TEST_CASE(the_upgrade_is_guarded) {
    world w;
    auto upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    w.run([&]() -> task<> {
        for (std::string origin : {"http://evil.example", "null", "http://localhost:3100"}) {
            raw_client c(w);
            auto r = co_await c.ask("GET", "/api/events", upgrade + ("Origin: " + origin + "\r\n"));
            BOOST_TEST(code_of(r) == "403 forbidden_origin");
        }
        raw_client site(w);
        auto cross = co_await site.ask("GET", "/api/events", upgrade + std::string("Sec-Fetch-Site: cross-site\r\n"));
        BOOST_TEST(code_of(cross) == "403 forbidden_origin");
        raw_client rebound(w);
        co_await rebound.send("GET /api/events HTTP/1.1\r\nHost: evil.example\r\n" + std::string(upgrade) + "\r\n");
        auto foreign = co_await rebound.receive();
        BOOST_TEST(code_of(foreign) == "421 misdirected_request");
        raw_client plain(w);
        auto no_upgrade = co_await plain.ask("GET", "/api/events");
        BOOST_TEST(code_of(no_upgrade) == "426 upgrade_required");
        BOOST_TEST(no_upgrade[http::field::connection] == "Upgrade");
        BOOST_TEST(no_upgrade[http::field::upgrade] == "websocket");
        auto query = co_await plain.ask("GET", "/api/events?token=1", upgrade);
        BOOST_TEST(code_of(query) == "400 invalid_request");
        raw_client keyless(w);
        co_await keyless.send("GET /api/events HTTP/1.1\r\nHost: " + w.host() +
                              "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n");
        auto bad = co_await keyless.receive();
        BOOST_TEST(bad.result_int() == 400u);
        for (std::string key : {"", "short", "dGhlIHNhbXBsZSBub25jZQ==x", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25j\x01Q=="}) {
            raw_client c(w);
            co_await c.send("GET /api/events HTTP/1.1\r\nHost: " + w.host() + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n\r\n");
            auto r = co_await c.receive();
            BOOST_TEST(r.result_int() == 400u, key);
        }
        // The guard sees the header: what trailers say comes too late to be let in by it.
        raw_client trailing(w);
        auto sent = "GET /api/events HTTP/1.1\r\nHost: " + w.host() +
                    "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" +
                    upgrade + "\r\n";
        co_await trailing.send(std::move(sent));
        auto late = co_await trailing.receive();
        BOOST_TEST(code_of(late) == "400 invalid_request");
        co_await trailing.expect_end();
        ws_client own(w);
        co_await own.open();
        BOOST_TEST(own.answer.result_int() == 101u);
        BOOST_TEST(own.answer["X-Content-Type-Options"] == "nosniff");
    });
}

/// A client leaves out what is older than what it has: a removal that came late would leave a row for ever.
BOOST_AUTO_TEST_CASE(the_messages_of_one_change_come_in_the_order_of_their_revisions) {
    world w;
    registry apps;
    apps.insert({make_app(app_a, "a", 3100)});
    for (std::uint16_t port = 3101; port < 3110; ++port) { // beyond the revision of the world's own snapshot
        apps.insert({make_app(app_b, "b", port)});
        apps.commit();
    }
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await c.expect("snapshot");
        apps.watch(w.orch.watching);
        apps.erase(app_b);
        apps.edit(app_a, [](app& a) { a.name = "another"; });
        apps.commit();
        std::uint64_t before = 0;
        for (int i = 0; i < 2; ++i) {
            auto message = co_await c.receive();
            auto revision = message["revision"].get<std::uint64_t>();
            BOOST_TEST(revision > before, message["type"] << " came late");
            before = revision;
        }
    });
}

BOOST_AUTO_TEST_CASE(a_snapshot_and_then_what_changes) {
    world w;
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        auto first = co_await c.expect("snapshot");
        BOOST_TEST(first["apps"].size() == 2u);
        BOOST_TEST(first["apps"][0]["id"] == app_a);
        BOOST_TEST(w.orch.audience == 1u);
        auto revision = first["revision"].get<std::uint64_t>();

        auto a = make_app(app_a, "brave-otter", 3100, "demos");
        a.status = status::errored;
        a.status_reason = "port 3100 is in use by node, pid 812";
        w.orch.put(a);
        auto changed = co_await c.expect("app");
        BOOST_TEST(changed["app"]["status"] == "errored");
        BOOST_TEST(changed["revision"].get<std::uint64_t>() > revision);
        w.orch.drop(app_b);
        auto removed = co_await c.expect("removed");
        BOOST_TEST(removed["id"] == app_b);
        BOOST_TEST(removed["revision"].get<std::uint64_t>() > changed["revision"].get<std::uint64_t>());
        w.orch.watching->on_event(app_a, "exit", 1769869800000);
        auto event = co_await c.expect("event");
        BOOST_TEST(event["name"] == "exit");
        operation o;
        o.id = "cccccccccc";
        o.name = "shop";
        o.port = 3150;
        o.started_at = "2026-01-31T14:30:00.000Z";
        o.at = operation::phase::failed;
        o.error = error{errc::scaffold_failed, "npm error network"};
        w.orch.watching->on_operation(o);
        auto ended = co_await c.expect("operation");
        BOOST_TEST(ended["operation"]["error"]["code"] == "scaffold_failed");
        activity_entry entry;
        entry.at = 1769869800000;
        entry.app = app_a;
        entry.name = "shop";
        entry.kind = happening::crashed;
        entry.text = "It exited with code 1.";
        w.orch.watching->on_activity(w.orch.happened.add(entry));
        auto told = co_await c.expect("activity");
        BOOST_TEST(told["entry"]["id"] == 1769869800000);
        BOOST_TEST(told["entry"]["kind"] == "crashed");
        w.orch.standing.push_back(problem{"pm2_unavailable", "pm2 does not answer."});
        w.orch.watching->on_problems();
        auto renewed = co_await c.expect("snapshot");
        BOOST_TEST(renewed["problems"][0]["code"] == "pm2_unavailable");
        BOOST_TEST(renewed["apps"].size() == 1u);

        ws_client second(w);
        co_await second.open();
        auto same = co_await second.expect("snapshot");
        BOOST_TEST(same == renewed);
        BOOST_TEST(w.orch.audience == 2u);
        second.stream().next_layer().close();
        co_await w.until([&] { return w.orch.audience == 1; });
    });
}

BOOST_AUTO_TEST_CASE(follows_resumes_and_unfollows) {
    world w([](auto& o) { o.hub.look_every = 10ms; });
    auto& out = w.logs.files[{app_a, log_stream::out}];
    out.bytes = "one\ntwo\n";
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await c.expect("snapshot");
        co_await c.send(follow(app_a));
        auto text = co_await c.read_log("stdout", 8);
        BOOST_TEST(text == "one\ntwo\n");
        auto none = co_await c.expect("log"); // stderr has no file: the client is told that it is up to date
        BOOST_TEST(none["stream"] == "stderr");
        BOOST_TEST(none["from"] == 0);
        BOOST_TEST(none["to"] == 0);
        out.bytes += "three €\n";
        w.orch.watching->on_wrote(app_a);
        text = co_await c.read_log("stdout", out.bytes.size());
        BOOST_TEST(text == "three €\n");
        out.bytes += "unannounced\n"; // no hint: the look at the file finds it
        text = co_await c.read_log("stdout", out.bytes.size());
        BOOST_TEST(text == "unannounced\n");

        // Another connection goes on where this one is.
        ws_client next(w);
        co_await next.open();
        co_await next.expect("snapshot");
        auto at = c.at["stdout"];
        c.stream().next_layer().close();
        out.bytes += "while away\n";
        auto resume = follow_from_start(app_a);
        resume["from"]["stdout"] = at;
        next.at["stdout"] = at;
        co_await next.send(resume);
        text = co_await next.read_log("stdout", out.bytes.size());
        BOOST_TEST(text == "while away\n");

        // Truncated: a reset, and all of the new text.
        out.bytes = "fresh\n";
        text = co_await next.read_log("stdout", 6);
        BOOST_TEST(text == "fresh\n");
        BOOST_TEST(next.resets == 1);
        // Replaced by a longer file: the same.
        out.identity = 2;
        out.bytes = "a file of its own, longer than before\n";
        text = co_await next.read_log("stdout", out.bytes.size());
        BOOST_TEST(text == out.bytes);
        BOOST_TEST(next.resets == 2);

        co_await next.send(unfollow(app_a));
        co_await next.send_text("{}"); // its error tells that the unfollow was read
        co_await next.expect("error");
        out.bytes += "nobody listens\n";
        w.orch.watching->on_wrote(app_a);
        auto reads = w.logs.reads;
        w.orch.watching->on_event(app_a, "mark", 1);
        co_await next.expect("event");
        BOOST_TEST(w.logs.reads == reads);
    });
}

BOOST_AUTO_TEST_CASE(a_second_follow_replaces_the_first) {
    world w;
    w.logs.files[{app_a, log_stream::out}].bytes = "0123456789";
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await c.expect("snapshot");
        auto tail = follow(app_a);
        tail["tailBytes"] = 0;
        co_await c.send(tail);
        auto text = co_await c.read_log("stdout", 10);
        BOOST_TEST(text == "");
        tail["tailBytes"] = 3;
        c.at.clear();
        co_await c.send(tail);
        text = co_await c.read_log("stdout", 10);
        BOOST_TEST(text == "789");
        auto beyond = follow_from_start(app_a);
        beyond["from"]["stdout"] = 4000;
        c.at.clear();
        co_await c.send(beyond);
        text = co_await c.read_log("stdout", 10);
        BOOST_TEST(text == "0123456789");
        BOOST_TEST(c.resets == 1);
    });
}

BOOST_AUTO_TEST_CASE(one_app_is_followed_several_times_by_numbers) {
    world w([](auto& o) { o.hub.look_every = 10ms; });
    auto& out = w.logs.files[{app_a, log_stream::out}];
    out.bytes = "one\n";
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await c.expect("snapshot");
        auto most = (std::uint64_t(1) << 53) - 1;
        for (auto message : {follow(app_a), numbered(follow(app_a), 0), numbered(follow(app_a), most)})
            co_await c.send(message);
        auto texts = co_await read_pieces(c, 3);
        BOOST_TEST((texts == pieces{{"null", "one\n"}, {"0", "one\n"}, {"9007199254740991", "one\n"}}));

        auto first = numbered(unfollow(app_a), 0);
        co_await c.send(first);
        co_await c.send_text("{}"); // its error tells that the unfollow was read
        json came = json::object();
        while (came.value("type", "") != "error")
            came = co_await c.receive();
        out.bytes += "two\n";
        w.orch.watching->on_wrote(app_a);
        texts = co_await read_pieces(c, 2);
        BOOST_TEST((texts == pieces{{"null", "two\n"}, {"9007199254740991", "two\n"}}));

        co_await c.send(unfollow(app_a)); // that of no number; and the numbered one begins anew
        auto again = numbered(follow_from_start(app_a), most);
        co_await c.send(again);
        texts = co_await read_pieces(c, 1);
        BOOST_TEST((texts == pieces{{"9007199254740991", "one\ntwo\n"}}));
        co_await c.expect("log"); // of stderr, empty
        out.bytes = "new\n";
        w.orch.watching->on_wrote(app_a);
        auto reset = co_await c.expect("log-reset");
        BOOST_TEST(reset["follow"] == most);
        texts = co_await read_pieces(c, 1);
        BOOST_TEST((texts == pieces{{"9007199254740991", "new\n"}}));

        co_await c.send(follow(app_a));
        texts = co_await read_pieces(c, 1);
        w.orch.drop(app_a); // ends all follows of it
        co_await c.expect("removed");
        out.bytes = "nobody listens\n";
        auto reads = w.logs.reads;
        w.orch.watching->on_wrote(app_a);
        w.orch.watching->on_event(app_b, "mark", 1);
        co_await c.expect("event");
        BOOST_TEST(w.logs.reads == reads);
    });
}

BOOST_AUTO_TEST_CASE(a_long_log_arrives_whole_in_small_pieces) {
    world w;
    auto& out = w.logs.files[{app_a, log_stream::out}];
    for (int i = 0; out.bytes.size() < 4'000'000; ++i)
        out.bytes += "line " + std::to_string(i) + " \x1b[32m✓\x1b[0m \xff\n";
    for (bool deflate : {false, true})
        w.run([&]() -> task<> {
            ws_client c(w, deflate);
            co_await c.open();
            BOOST_TEST(c.answer[http::field::sec_websocket_extensions].starts_with("permessage-deflate") == deflate);
            co_await c.expect("snapshot");
            co_await c.send(follow_from_start(app_a));
            auto text = co_await c.read_log("stdout", out.bytes.size());
            BOOST_TEST((text == to_utf8(out.bytes)));
            BOOST_TEST(w.logs.most_read <= 64u * 1024);
        });
}

BOOST_AUTO_TEST_CASE(compression_is_for_the_first_clients) {
    world w([](auto& o) { o.hub.max_compressed = 1; });
    w.run([&]() -> task<> {
        ws_client first(w, true), second(w, true);
        co_await first.open();
        co_await first.expect("snapshot");
        co_await second.open();
        auto whole = co_await second.expect("snapshot");
        BOOST_TEST(first.answer[http::field::sec_websocket_extensions] != "");
        BOOST_TEST(second.answer[http::field::sec_websocket_extensions] == "");
        BOOST_TEST(whole["apps"].size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(bad_messages_are_answered_and_the_connection_stays) {
    world w;
    const std::pair<std::string, std::string> rows[] = {
        {"not json", "invalid_request"},
        {"[]", "invalid_request"},
        {R"({"type":"subscribe","id":"aaaaaaaaaa"})", "invalid_request"},
        {R"({"type":"follow"})", "invalid_request"},
        {R"({"type":"follow","id":5})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","tailBytes":-1})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","tailBytes":1.5})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","tailBytes":1048577})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","from":7})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","from":{"stdout":"0"}})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","from":{"stdin":0}})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","from":{"stdout":9007199254740993}})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","x":1})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","follow":"7"})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","follow":-1})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","follow":null})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","follow":9007199254740992})", "invalid_request"},
        {R"({"type":"unfollow","id":"aaaaaaaaaa","follow":1.5})", "invalid_request"},
        {R"({"type":"follow","id":"aaaaaaaaaa","id":"bbbbbbbbbb"})", "invalid_request"},
        {R"({"type":"unfollow","id":"aaaaaaaaaa","tailBytes":1})", "invalid_request"},
        {R"({"type":"follow","id":"../../etc/passwd"})", "app_not_found"},
        {R"({"type":"follow","id":"zzzzzzzzzz"})", "app_not_found"},
    };
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await c.expect("snapshot");
        for (auto& [text, code] : rows) {
            auto sent = text;
            co_await c.send_text(std::move(sent));
            auto e = co_await c.expect("error");
            BOOST_TEST(e["code"] == code, text);
        }
        co_await c.send(unfollow("zzzzzzzzzz")); // nothing to do
        w.orch.watching->on_event(app_a, "online", 1);
        co_await c.expect("event");
    });
    BOOST_TEST(w.logs.reads == 0);
}

BOOST_AUTO_TEST_CASE(broken_messages_end_the_connection) {
    world w;
    struct {
        std::string text;
        bool binary;
        int code;
    } rows[] = {
        {std::string(64 * 1024 + 1, ' '), false, 1009},
        {std::string(4'000'000, ' '), false, 1009},
        {"{}", true, 1003},
        {"\xff\xfe", false, 1007},
    };
    for (auto& row : rows)
        w.run([&]() -> task<> {
            ws_client c(w);
            co_await c.open();
            co_await c.expect("snapshot");
            auto text = row.text;
            asio::co_spawn(w.io, c.send_text(std::move(text), row.binary), asio::detached);
            auto end = co_await c.expect("closed");
            BOOST_TEST(end["code"] == row.code);
            co_await w.until([&] { return w.orch.audience == 0; });
        });
}

BOOST_AUTO_TEST_CASE(answers_that_are_not_read_do_not_heap_up) {
    world w;
    w.run([&]() -> task<> {
        ws_client c(w);
        c.stream().next_layer().set_option(asio::socket_base::receive_buffer_size(16 * 1024));
        co_await c.open();
        co_await c.expect("snapshot");
        constexpr int asked = 20'000; // whose answers are many times what the sockets hold
        int sent = 0;
        asio::co_spawn(
            w.io,
            [&]() -> task<> {
                std::string nonsense(500, ' ');
                for (; sent < asked; ++sent)
                    co_await c.send_text(nonsense);
            },
            asio::detached);
        int before = -1;
        while (before != sent) { // until it is listened to no more
            before = sent;
            for (int turns = 0; turns < 1'000; ++turns)
                co_await asio::post(w.io, asio::use_awaitable);
        }
        BOOST_TEST(sent < asked);
        for (int i = 0; i < asked; ++i) // who reads them gets every one
            co_await c.expect("error");
    });
}

BOOST_AUTO_TEST_CASE(who_is_closed_and_goes_on_talking_is_dropped) {
    world w([](auto& o) {
        o.hub.ping_every = 20ms;
        o.hub.silence = 100ms;
    });
    // Masked with zeros: a binary message (1003), and a frame that is longer than a message may be (1009).
    for (std::string first : {std::string("\x82\x80\0\0\0\0", 6), std::string("\x81\xff\0\0\0\0\x7f\0\0\0\0\0\0\0", 14)})
        w.run([&]() -> task<> {
            raw_client c(w);
            co_await c.send("GET /api/events HTTP/1.1\r\nHost: " + w.host() +
                            "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            co_await w.until([&] { return w.orch.audience == 1; });
            co_await c.send(first);
            while (w.orch.audience > 0) {
                co_await c.send(std::string("\x89\x80\0\0\0\0", 6)); // a ping: it is alive, and never says goodbye
                co_await asio::post(w.io, asio::use_awaitable);
            }
        });
}

BOOST_AUTO_TEST_CASE(a_client_that_never_reads_hurts_nobody) {
    world w;
    w.run([&]() -> task<> {
        ws_client slow(w), quick(w);
        slow.stream().next_layer().set_option(asio::socket_base::receive_buffer_size(16 * 1024));
        co_await slow.open();
        co_await quick.open();
        co_await quick.expect("snapshot");
        auto a = make_app(app_a, "brave-otter", 3100, "demos");
        a.status_reason = std::string(8'000, 'r');
        constexpr int changes = 1'500; // of 8.5 KB: twelve times what may wait
        for (int i = 1; i <= changes; ++i) {
            a.restarts = i;
            w.orch.put(a);
            auto m = co_await quick.expect("app"); // each one, at once
            BOOST_TEST(m["app"]["restarts"] == i);
        }
        // What the slow one finds when it comes back: a little that was under way, then the newest state.
        int messages = 0, restarts = 0;
        std::uint64_t revision = 0;
        while (restarts != changes) {
            auto m = co_await slow.receive();
            BOOST_REQUIRE(m["type"] != "closed");
            BOOST_TEST(m["revision"].get<std::uint64_t>() > revision);
            revision = m["revision"];
            restarts = m["type"] == "app" ? m["app"]["restarts"].get<int>() : m["apps"][0]["restarts"].get<int>();
            ++messages;
        }
        BOOST_TEST(slow.bytes < 2'500'000u);
        BOOST_TEST(messages < changes / 2);
    });
}

BOOST_AUTO_TEST_CASE(a_slow_follower_is_read_for_at_its_own_pace) {
    world w;
    w.logs.files[{app_a, log_stream::out}].bytes = std::string(30'000'000, 'x');
    w.run([&]() -> task<> {
        ws_client slow(w), quick(w);
        slow.stream().next_layer().set_option(asio::socket_base::receive_buffer_size(16 * 1024));
        co_await slow.open();
        co_await slow.send(follow_from_start(app_a));
        co_await w.until([&] { return w.logs.reads > 0; });
        co_await quick.open();
        co_await quick.expect("snapshot");
        for (int i = 1; i <= 200; ++i) {
            w.orch.watching->on_event(app_a, "tick", i);
            co_await quick.expect("event");
        }
        BOOST_TEST(w.logs.reads < 100); // of 916: the rest waits in the file
    });
}

BOOST_AUTO_TEST_CASE(a_silent_client_is_dropped_and_an_answering_one_is_not) {
    world w([](auto& o) {
        o.hub.ping_every = 20ms;
        o.hub.silence = 100ms;
    });
    w.run([&]() -> task<> {
        raw_client silent(w); // speaks no WebSocket after the handshake: its pongs never come
        co_await silent.send("GET /api/events HTTP/1.1\r\nHost: " + w.host() +
                             "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        ws_client alive(w);
        co_await alive.open();
        co_await alive.expect("snapshot");
        co_await w.until([&] { return w.orch.audience == 2; });
        json next;
        bool came = false;
        asio::co_spawn(w.io, alive.receive(), [&](std::exception_ptr, json m) {
            next = std::move(m);
            came = true;
        });
        co_await w.until([&] { return w.orch.audience == 1; });
        BOOST_TEST(!came);
        w.orch.watching->on_event(app_a, "online", 1);
        co_await w.until([&] { return came; });
        BOOST_TEST(next["type"] == "event");
    });
}

BOOST_AUTO_TEST_CASE(a_removed_app_is_no_longer_followed) {
    world w([](auto& o) { o.hub.look_every = 5ms; });
    w.logs.files[{app_b, log_stream::out}].bytes = "text";
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await c.expect("snapshot");
        co_await c.send(follow(app_b));
        co_await c.read_log("stdout", 4);
        co_await c.expect("log"); // of stderr, empty
        w.orch.drop(app_b);
        co_await c.expect("removed");
        w.logs.files.clear(); // would be a reset if anybody still looked
        w.orch.watching->on_event(app_a, "mark", 1);
        co_await c.expect("event");
    });
}

BOOST_AUTO_TEST_CASE(the_server_s_end_says_so) {
    world w;
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await c.expect("snapshot");
        asio::co_spawn(w.io, w.server->shut_down(), asio::detached);
        auto end = co_await c.expect("closed");
        BOOST_TEST(end["code"] == 1001);
    });
}

BOOST_AUTO_TEST_CASE(the_end_does_not_wait_for_a_client_that_does_not_read) {
    world w([](auto& o) { o.hub.close_deadline = 30ms; });
    w.run([&]() -> task<> {
        ws_client c(w);
        co_await c.open();
        co_await w.until([&] { return w.orch.audience == 1; });
        co_await w.server->shut_down(); // c reads nothing: the closing handshake never ends
        BOOST_TEST(w.orch.audience == 0u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
