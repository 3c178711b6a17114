// HTTP itself: bounds, deadlines and attacks, through real sockets on the loopback.
#include "net/harness.hpp"

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;

namespace {

/// One request as it stands, on a connection of its own, and the answer's status; 0: closed without one.
task<int> status_of(world& w, std::string bytes) {
    raw_client c(w);
    co_await c.send(std::move(bytes));
    int status = 0;
    try {
        auto r = co_await c.receive();
        status = static_cast<int>(r.result_int());
    } catch (const boost::system::system_error&) {
    }
    co_return status;
}

task<> expect(world& w, std::string bytes, int expected, std::string what = {}) {
    auto status = co_await status_of(w, std::move(bytes));
    BOOST_TEST(status == expected, what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_server)

BOOST_AUTO_TEST_CASE(only_its_own_host_and_origin) {
    world w;
    w.run([&]() -> task<> {
        auto port = std::to_string(w.server->port());
        struct {
            std::string request, fields;
            int status;
        } rows[] = {
            {"GET /api/apps", "Host: localhost:" + port, 200},
            {"GET /api/apps", "Host: 127.0.0.1:" + port, 200},
            {"GET /api/apps", "Host: [::1]:" + port, 200},
            {"GET http://localhost:" + port + "/api/apps", "Host: localhost:" + port, 200},
            {"GET http://evil.example/api/apps", "Host: localhost:" + port, 421},
            {"GET /api/apps", "Host: localhost", 421},
            {"GET /api/apps", "Host: localhost:1", 421},
            {"GET /api/apps", "Host: rebound.evil.example:" + port, 421},
            {"GET /api/apps", "Host: localhost:" + port + "\r\nHost: localhost:" + port, 421},
            {"GET /api/apps", "Accept: */*", 421},
            {"GET /", "Host: evil.example:" + port, 421},
            {"GET /api/apps", "Host: localhost:" + port + "\r\nOrigin: http://localhost:" + port, 200},
            {"GET /api/apps", "Host: localhost:" + port + "\r\nOrigin: null", 403},
            {"POST /api/apps", "Host: localhost:" + port + "\r\nOrigin: http://localhost:3100", 403},
            {"POST /api/apps", "Host: localhost:" + port + "\r\nOrigin: https://evil.example", 403},
            {"POST /api/apps", "Host: localhost:" + port + "\r\nSec-Fetch-Site: cross-site", 403},
            {"POST /api/apps", "Host: localhost:" + port + "\r\nsec-fetch-site: same-site", 403},
            {"POST /api/apps", "Host: localhost:" + port + "\r\nSec-Fetch-Site: same-origin", 201},
            {"DELETE /api/apps/aaaaaaaaaa", "Host: localhost:" + port + "\r\nSec-Fetch-Site: cross-site", 403},
            {"GET /", "Host: localhost:" + port + "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate", 200},
            {"GET /", "Host: localhost:" + port + "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors", 403},
            {"GET /api/apps", "Host: localhost:" + port + "\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors", 403},
            {"GET /metrics", "Host: localhost:" + port + "\r\nSec-Fetch-Site: cross-site", 403},
            {"GET /api/apps", "Host: localhost:" + port + "\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors",
             200},
            {"OPTIONS /api/apps",
             "Host: localhost:" + port + "\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST", 403},
        };
        for (auto& row : rows) {
            auto bytes = row.request + " HTTP/1.1\r\n" + row.fields + "\r\n\r\n";
            auto status = co_await status_of(w, bytes);
            BOOST_TEST(status == row.status, row.request << " " << row.fields);
        }
    });
    BOOST_TEST(w.orch.calls.size() == 2u); // the one create that was allowed
}

BOOST_AUTO_TEST_CASE(every_answer_carries_the_security_fields) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        for (std::string target : {"/api/apps", "/", "/nothing", "/api/nothing", "/metrics"}) {
            auto r = co_await c.ask("GET", target);
            BOOST_TEST(std::string(r["Content-Security-Policy"]).find("; frame-src http://localhost:*;") !=
                       std::string::npos);
            BOOST_TEST(std::string(r["Content-Security-Policy"]).starts_with("default-src 'none'; script-src 'self';"));
            BOOST_TEST(r["X-Content-Type-Options"] == "nosniff");
            BOOST_TEST(r["Referrer-Policy"] == "no-referrer");
            BOOST_TEST(r["Cross-Origin-Resource-Policy"] == "same-origin");
            BOOST_TEST(r["Cross-Origin-Opener-Policy"] == "same-origin");
            BOOST_TEST(r["Access-Control-Allow-Origin"] == "");
            BOOST_TEST(r[http::field::date] != "");
        }
    });
}

BOOST_AUTO_TEST_CASE(bodies_are_json_and_small) {
    world w;
    w.run([&]() -> task<> {
        struct {
            std::string type, body;
            std::string code;
        } rows[] = {
            {"application/json", "{}", "201 -"},
            {"text/plain", "{}", "415 unsupported_media_type"},
            {"application/x-www-form-urlencoded", "name=a", "415 unsupported_media_type"},
            {"multipart/form-data; boundary=x", "--x--", "415 unsupported_media_type"},
            {"application/json\r\nContent-Type: text/plain", "{}", "415 unsupported_media_type"},
            {"application/json", "{\"name\":", "400 invalid_request"},
            {"application/json", "[]", "400 invalid_request"},
            {"application/json", "{\"a\":1}", "400 invalid_request"},
            {"application/json", "{\"name\":\"" + std::string(65'000, ' ') + "\"}", "201 -"},
            {"application/json", std::string(64 * 1024 + 1, ' '), "413 body_too_large"},
            {"application/json", std::string(300'000, ' '), "413 body_too_large"},
        };
        for (auto& row : rows) {
            raw_client c(w);
            auto fields = "Content-Type: " + row.type + "\r\n";
            auto r = co_await c.ask("POST", "/api/apps", fields, row.body);
            BOOST_TEST(code_of(r) == row.code, row.type << " " << row.body.substr(0, 20));
        }
        raw_client c(w);
        auto untyped = co_await c.ask("POST", "/api/apps", "", "{}");
        BOOST_TEST(code_of(untyped) == "415 unsupported_media_type");
    });
}

BOOST_AUTO_TEST_CASE(chunked_bodies_are_read_and_bounded) {
    world w;
    auto post = [&](std::string chunks) {
        return "POST /api/apps HTTP/1.1\r\nHost: " + w.host() +
               "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
    };
    w.run([&]() -> task<> {
        co_await expect(w, post("3\r\n{\"n\r\n9\r\name\":\"a\"}\r\n0\r\n\r\n"), 201);
        BOOST_TEST(w.orch.calls.at(0) == "create a|-");
        std::string chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
        co_await expect(w, post(chunk + chunk + chunk + chunk + "1\r\n \r\n0\r\n\r\n"), 413);
        co_await expect(w, post("fffffffff\r\n"), 413);
        co_await expect(w, post("xyz\r\n"), 400);
        // What is wrapped around a body is bounded too.
        co_await expect(w, post("1;" + std::string(3'000'000, 'x')), 431, "an extension without an end");
        co_await expect(w, post("0\r\nA: " + std::string(3'000'000, 'x')), 431, "a trailer without an end");
        std::string wrapped;
        while (wrapped.size() < 3'000'000)
            wrapped += "1;" + std::string(4'000, 'x') + "\r\n \r\n";
        co_await expect(w, post(wrapped), 413, "extensions without an end");
    });
}

BOOST_AUTO_TEST_CASE(a_chunked_body_may_end_in_any_pieces) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w), other(w);
        co_await c.send("POST /api/apps HTTP/1.1\r\nHost: " + w.host() +
                        "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (std::string piece : {"0", "\r", "\n", "\r", "\n"}) {
            auto seen = co_await other.ask("GET", "/api/health"); // so that the pieces are read one by one
            BOOST_TEST(seen.result_int() == 200);
            co_await c.send(piece);
        }
        auto made = co_await c.receive();
        BOOST_TEST(made.result_int() == 201);
    });
}

BOOST_AUTO_TEST_CASE(headers_are_bounded) {
    world w;
    w.run([&]() -> task<> {
        auto with = [&](std::size_t n) {
            return "GET / HTTP/1.1\r\nHost: " + w.host() + "\r\nX-Long: " + std::string(n, 'a') + "\r\n\r\n";
        };
        co_await expect(w, with(15'000), 200, "15,000 bytes");
        co_await expect(w, with(17'000), 431, "17,000 bytes");
        co_await expect(w, with(2'000'000), 431, "2,000,000 bytes");
        co_await expect(w, "GET /" + std::string(17'000, 'a') + " HTTP/1.1\r\n\r\n", 431, "a long target");
        std::string many = "GET / HTTP/1.1\r\nHost: " + w.host() + "\r\n";
        for (int i = 0; i < 3'000; ++i)
            many += "A: b\r\n";
        co_await expect(w, many + "\r\n", 431, "many fields");
    });
}

BOOST_AUTO_TEST_CASE(nothing_to_smuggle) {
    world w;
    w.run([&]() -> task<> {
        auto post = [&](std::string fields) {
            return "POST /api/apps HTTP/1.1\r\nHost: " + w.host() + "\r\nContent-Type: application/json\r\n" + fields +
                   "\r\n\r\n{}";
        };
        for (std::string fields :
             {"Content-Length: 2\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 2",
              "Content-Length: 2\r\nContent-Length: 3", "Content-Length: 2, 3",
              "Content-Length: 2\r\nContent-Length: 2", "Content-Length: 2, 2", "Content-Length: -2",
              "Content-Length: +2", "Content-Length: 0x2", "Content-Length: 99999999999999999999",
              "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip",
              "Transfer-Encoding: identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
              "Transfer-Encoding: xchunked", "Content-Length : 2",
              "Transfer-Encoding:\x0b"
              "chunked"})
            co_await expect(w, post(fields), 400, fields);
        for (std::string line : {"GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/2.0", "GET / HTTP/0.9", "GET /",
                                 "GET / http/1.1", "G\x01T / HTTP/1.1", "GET /\x80 HTTP/1.1 x", "\x16\x03\x01\x02"})
            co_await expect(w, line + "\r\nHost: " + w.host() + "\r\n\r\n", 400, line);
    });
    BOOST_TEST(w.orch.calls.empty());
}

BOOST_AUTO_TEST_CASE(the_body_of_a_refused_request_is_not_the_next_request) {
    world w;
    w.run([&]() -> task<> {
        auto hidden = "DELETE /api/apps/" + app_a + " HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n";
        auto chunk = "4f\r\n" + hidden + std::string(0x4f - hidden.size(), ' ') + "\r\n0\r\n\r\n";
        for (std::string line : {"PUT /api/apps", "POST /api/nothing", "POST /", "GET /api/nothing",
                                 "DELETE /api/operations/NOSUCH", "GET /api/events"})
            for (auto& body : {"Content-Length: " + std::to_string(hidden.size()) + "\r\n\r\n" + hidden,
                               "Transfer-Encoding: chunked\r\n\r\n" + chunk}) {
                raw_client c(w);
                co_await c.send(line + " HTTP/1.1\r\nHost: " + w.host() + "\r\nContent-Type: application/json\r\n" +
                                body);
                auto refused = co_await c.receive();
                BOOST_TEST(refused.result_int() >= 400, line);
                BOOST_TEST(refused[http::field::connection] == "close", line);
                co_await c.expect_end();
            }
    });
    BOOST_TEST(w.orch.calls.empty());
}

// RFC 9112, 6.3: after a fault in the framing nobody can say where the next request begins.
BOOST_AUTO_TEST_CASE(nothing_is_read_behind_a_framing_error) {
    world w;
    w.run([&]() -> task<> {
        auto hidden = "POST /api/apps HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n";
        for (std::string line : {"POST /api/apps HTTP/1.1", "GET /api/apps HTTP/1.1", "POST /api/apps HTTP/1.0"})
            for (std::string fields :
                 {"Transfer-Encoding: identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: gzip",
                  "Transfer-Encoding:", "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked",
                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Content-Length: 0\r\nContent-Length: 0",
                  "Content-Length: 0, 0"}) {
                raw_client c(w);
                co_await c.send(line + "\r\nHost: " + w.host() + "\r\nConnection: keep-alive\r\n" + fields +
                                "\r\n\r\n" + hidden);
                auto refused = co_await c.receive();
                BOOST_TEST(code_of(refused) == "400 invalid_request", line << " " << fields);
                BOOST_TEST(refused[http::field::connection] == "close", line << " " << fields);
                co_await c.expect_end();
            }
    });
    BOOST_TEST(w.orch.calls.empty());
}

BOOST_AUTO_TEST_CASE(one_empty_line_before_a_request_is_passed_over) {
    world w([](auto& o) { o.request_deadline = 60ms; });
    w.run([&]() -> task<> {
        raw_client c(w);
        auto get = "GET /api/health HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n";
        co_await c.send("\r\n" + get + "\r\n" + get + "\r\n");
        for (int i = 0; i < 2; ++i) {
            auto r = co_await c.receive();
            BOOST_TEST(r.result_int() == 200);
        }
        // What an old client leaves behind a body begins no request: its deadline does not run.
        raw_client clock(w);
        co_await clock.send("G");
        auto late = co_await clock.receive();
        BOOST_TEST(late.result_int() == 408);
        co_await c.send("\r");
        co_await c.send("\n" + get);
        auto again = co_await c.receive();
        BOOST_TEST(again.result_int() == 400); // a second one
        co_await expect(w, "\r" + get, 400, "half of one");
        co_await expect(w, "\n" + get, 400, "the other half");
    });
}

BOOST_AUTO_TEST_CASE(methods) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto put = co_await c.ask("PUT", "/api/apps");
        BOOST_TEST(code_of(put) == "405 method_not_allowed");
        BOOST_TEST(put[http::field::allow] == "GET, HEAD, POST");
        auto post = co_await c.ask("POST", "/");
        BOOST_TEST(code_of(post) == "405 method_not_allowed");
        BOOST_TEST(post[http::field::allow] == "GET, HEAD");
        auto head = co_await c.ask("HEAD", "/api/apps");
        BOOST_TEST(head.result_int() == 200);
        BOOST_TEST(head[http::field::content_length] == std::to_string(w.orch.apps()->json.size()));
        auto page = co_await c.ask("GET", "/"); // the same connection: HEAD left nothing behind
        BOOST_TEST(page.result_int() == 200);
        auto etag = std::string(page[http::field::etag]);
        auto same = co_await c.ask("GET", "/", "If-None-Match: " + etag + "\r\n");
        BOOST_TEST(same.result_int() == 304);
        auto again = co_await c.ask("GET", "/favicon.ico");
        BOOST_TEST(code_of(again) == "404 not_found");
    });
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
    world w;
    w.orch.freshness.close();
    w.run([&]() -> task<> {
        raw_client c(w);
        auto get = [&](std::string target) { return "GET " + target + " HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n"; };
        co_await c.send(get("/api/apps") + get("/api/health") + "POST /api/apps HTTP/1.1\r\nHost: " + w.host() +
                        "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" + get("/nothing"));
        co_await w.until([&] { return w.orch.freshness.waiting() == 1; });
        w.orch.freshness.open();
        auto first = co_await c.receive();
        BOOST_TEST(first.body().starts_with("["));
        auto second = co_await c.receive();
        BOOST_TEST(json_of(second).contains("uptimeSeconds"));
        auto third = co_await c.receive();
        BOOST_TEST(third.result_int() == 201);
        auto fourth = co_await c.receive();
        BOOST_TEST(fourth.result_int() == 404);
    });
}

BOOST_AUTO_TEST_CASE(keep_alive_and_close) {
    world w;
    w.run([&]() -> task<> {
        raw_client one(w);
        auto r = co_await one.ask("GET", "/api/health", "Connection: close\r\n");
        BOOST_TEST(r[http::field::connection] == "close");
        co_await one.expect_end();
        raw_client old(w);
        co_await old.send("GET /api/health HTTP/1.0\r\nHost: " + w.host() + "\r\n\r\n");
        auto ten = co_await old.receive();
        BOOST_TEST(ten.version() == 10u);
        co_await old.expect_end();
        raw_client kept(w);
        for (int i = 0; i < 2; ++i) {
            co_await kept.send("GET /api/health HTTP/1.0\r\nConnection: keep-alive\r\nHost: " + w.host() + "\r\n\r\n");
            auto again = co_await kept.receive();
            BOOST_TEST(again[http::field::connection] == "keep-alive");
        }
    });
}

BOOST_AUTO_TEST_CASE(expect_continue) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        co_await c.send("POST /api/apps HTTP/1.1\r\nHost: " + w.host() +
                        "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        auto go_on = co_await c.receive();
        BOOST_TEST(go_on.result_int() == 100);
        co_await c.send("{}");
        auto made = co_await c.receive();
        BOOST_TEST(made.result_int() == 201);
        // What is refused anyway is refused before the body is sent.
        co_await c.send("POST /api/apps HTTP/1.1\r\nHost: " + w.host() +
                        "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        auto refused = co_await c.receive();
        BOOST_TEST(refused.result_int() == 415);
        co_await c.expect_end();
        // RFC 9110, 10.1.1: not to a client of HTTP/1.0.
        raw_client old(w), c2(w);
        co_await old.send("POST /api/apps HTTP/1.0\r\nHost: " + w.host() +
                          "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        auto seen = co_await c2.ask("GET", "/api/health"); // so that the header is read alone
        BOOST_TEST(seen.result_int() == 200);
        co_await old.send("{}");
        auto plain = co_await old.receive();
        BOOST_TEST(plain.result_int() == 201);
    });
}

BOOST_AUTO_TEST_CASE(slow_requests_and_idle_connections_end) {
    world w([](auto& o) {
        o.request_deadline = 60ms;
        o.idle_deadline = 120ms;
    });
    w.run([&]() -> task<> {
        raw_client slow_header(w);
        co_await slow_header.send("GET /api/apps HTTP/1.1\r\nHost: ");
        auto r = co_await slow_header.receive();
        BOOST_TEST(code_of(r) == "408 request_timeout");
        co_await slow_header.expect_end();
        raw_client slow_body(w);
        co_await slow_body.send("POST /api/apps HTTP/1.1\r\nHost: " + w.host() +
                                "\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{");
        auto b = co_await slow_body.receive();
        BOOST_TEST(code_of(b) == "408 request_timeout");
        raw_client silent(w);
        co_await silent.expect_end(); // without a word
        raw_client used(w);
        auto ok = co_await used.ask("GET", "/api/health");
        BOOST_TEST(ok.result_int() == 200);
        co_await used.expect_end();
    });
}

BOOST_AUTO_TEST_CASE(a_long_call_has_no_deadline_here) {
    world w([](auto& o) { o.request_deadline = o.idle_deadline = 30ms; });
    w.orch.creating.close();
    w.run([&]() -> task<> {
        raw_client c(w), clock(w);
        co_await c.send("POST /api/apps HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
        co_await w.until([&] { return w.orch.creating.waiting() == 1; });
        co_await clock.expect_end(); // an idle deadline has passed
        w.orch.creating.open();
        auto r = co_await c.receive();
        BOOST_TEST(r.result_int() == 201);
    });
}

BOOST_AUTO_TEST_CASE(a_client_that_never_reads_its_download_is_dropped) {
    world w([](auto& o) { o.idle_deadline = 60ms; });
    w.logs.files[{app_a, log_stream::out}].bytes = std::string(30'000'000, 'x');
    w.run([&]() -> task<> {
        raw_client c(w);
        co_await c.send("GET /api/apps/" + app_a + "/logs/stdout HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
        co_await w.until([&] { return w.logs.reads > 0; });
        raw_client probe(w);
        std::string open = "2";
        while (open != "1") { // only the probe is left
            auto r = co_await probe.ask("GET", "/metrics");
            auto at = r.body().find("\nberth_http_connections ");
            open = r.body().substr(at + 24, r.body().find('\n', at + 1) - at - 24);
        }
        BOOST_TEST(w.logs.reads < 30'000'000 / 65'536);
    });
}

BOOST_AUTO_TEST_CASE(connections_are_bounded) {
    world w([](auto& o) { o.max_connections = 2; });
    w.run([&]() -> task<> {
        auto first = std::make_unique<raw_client>(w);
        raw_client second(w);
        auto a = co_await first->ask("GET", "/api/health");
        auto b = co_await second.ask("GET", "/api/health");
        BOOST_TEST(a.result_int() + b.result_int() == 400u);
        raw_client third(w);
        auto refused = co_await third.receive();
        BOOST_TEST(code_of(refused) == "503 too_many_connections");
        BOOST_TEST(refused["Retry-After"] == "1");
        co_await third.expect_end();
        first.reset();
        int status = 0;
        while (status != 200)
            status = co_await status_of(w, "GET /api/health HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
    });
}

BOOST_AUTO_TEST_CASE(listens_on_ipv6_too_where_the_machine_has_it) {
    world w;
    tcp::socket socket(w.io);
    tcp::endpoint at(asio::ip::address_v6::loopback(), w.server->port());
    boost::system::error_code ec;
    socket.connect(at, ec);
    bool connected = !ec;
    bool has_ipv6 = true;
    try {
        tcp::acceptor probe(w.io, {asio::ip::address_v6::loopback(), 0});
    } catch (const boost::system::system_error&) {
        has_ipv6 = false;
    }
    BOOST_TEST(connected == has_ipv6);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_said_in_words) {
    world w;
    net::server_options options;
    options.port = w.server->port();
    fake_orchestrator orch(w.io);
    auto second = net::create_server(w.io.get_executor(), w.io.get_executor(), orch, w.logs, options);
    auto opened = second->open();
    BOOST_REQUIRE(!opened);
    BOOST_TEST(opened.error().detail.find("port " + std::to_string(options.port)) != std::string::npos);
    BOOST_TEST(opened.error().detail.find("--port") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ends_in_an_orderly_way) {
    world w;
    w.orch.freshness.close();
    w.run([&]() -> task<> {
        raw_client idle(w), busy(w);
        auto r = co_await idle.ask("GET", "/api/health");
        BOOST_TEST(r.result_int() == 200);
        co_await busy.send("GET /api/apps HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
        co_await w.until([&] { return w.orch.freshness.waiting() == 1; });
        bool ended = false;
        asio::co_spawn(w.io, w.server->shut_down(), [&](std::exception_ptr) { ended = true; });
        co_await idle.expect_end(); // at once
        BOOST_TEST(!ended);         // the answer under way is waited for
        w.orch.freshness.open();
        auto last = co_await busy.receive();
        BOOST_TEST(last.result_int() == 200);
        BOOST_TEST(last[http::field::connection] == "close");
        co_await w.until([&] { return ended; });
        tcp::socket late(w.io);
        tcp::endpoint at(asio::ip::address_v4::loopback(), w.server->port());
        auto [ec] = co_await late.async_connect(at, as_result);
        BOOST_TEST((ec == asio::error::connection_refused));
    });
}

BOOST_AUTO_TEST_CASE(the_end_does_not_wait_for_ever) {
    world w([](auto& o) { o.shut_down_deadline = 50ms; });
    w.orch.creating.close();
    w.run([&]() -> task<> {
        raw_client busy(w);
        co_await busy.send("POST /api/apps HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
        co_await w.until([&] { return w.orch.creating.waiting() == 1; });
        co_await w.server->shut_down();
        co_await busy.expect_end();
        w.orch.creating.open(); // the orchestrator ends its creates later: nobody is hurt
        co_await w.until([&] { return w.orch.creating.waiting() == 0; });
    });
}

BOOST_AUTO_TEST_SUITE_END()
