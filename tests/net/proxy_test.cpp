// Apps by their names: what the app gets of a request and the client of its answer, byte for byte, with an app that
// says and does what the test tells it to.
#include "net/ends.hpp"

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;

namespace {

struct named_world : world {
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};

    explicit named_world(std::function<void(net::server_options&)> change = {}) : world(std::move(change)) {
        auto a = make_app(app_a, "Shop", acceptor.local_endpoint().port());
        a.slug = "shop";
        a.former_slugs = {"store"};
        auto b = make_app(app_b, "<b>Bay</b>", 1);
        b.slug = "b-bay-b";
        orch.set({a, b});
    }

    std::string shop() const { return "shop.localhost:" + std::to_string(server->port()); }
    std::string get(std::string target = "/", std::string fields = {}, std::string method = "GET") const {
        return method + " " + target + " HTTP/1.1\r\nHost: " + shop() + "\r\n" + fields + "\r\n";
    }
    task<app_end> accept() {
        auto [ec, socket] = co_await acceptor.async_accept(as_result);
        BOOST_TEST_REQUIRE(!ec);
        co_return app_end(std::move(socket));
    }
    void become(status s, std::optional<std::string> reason = {}) {
        auto a = orch.apps()->find(app_a)->app;
        a.status = s;
        a.status_reason = std::move(reason);
        orch.put(a);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(names_and_proxy)

BOOST_AUTO_TEST_CASE(a_request_as_the_app_gets_it) {
    named_world w;
    w.run([&]() -> task<> {
        reading_client c(w);
        co_await c.send(w.get("/a%20b?c=%zz",
                              "X-One: 1\r\nCookie: a=b\r\nConnection: keep-alive, X-Two, host\r\nX-Two: 2\r\n"
                              "Keep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Connection: x\r\nUpgrade: h2c\r\n"
                              "X-Forwarded-For: 6.6.6.6\r\nx-forwarded-host: evil\r\nX-Forwarded-Prefix: /x\r\n"
                              "Forwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n"));
        auto app = co_await w.accept();
        auto head = co_await app.head();
        BOOST_TEST(head == "GET /a%20b?c=%zz HTTP/1.1\r\nHost: " + w.shop() + "\r\nX-One: 1\r\nCookie: a=b\r\n" +
                               "X-Forwarded-Host: " + w.shop() +
                               "\r\nX-Forwarded-Proto: http\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n");
        co_await app.say("HTTP/1.1 201 Made Up\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: X-Hop, close\r\n"
                         "X-Hop: 1\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nhi");
        auto answer = co_await c.until("hi");
        BOOST_TEST(answer ==
                   "HTTP/1.1 201 Made Up\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nhi");
        // The absolute form, of the same host.
        co_await c.send("GET http://" + w.shop() + "/x HTTP/1.1\r\nHost: " + w.shop() + "\r\n\r\n");
        auto second = co_await w.accept(); // the first said that it closes
        head = co_await second.head();
        BOOST_TEST(head.starts_with("GET /x HTTP/1.1\r\n"));
        co_await second.say("HTTP/1.1 204 No Content\r\n\r\n");
        answer = co_await c.until("\r\n\r\n");
        BOOST_TEST(answer == "HTTP/1.1 204 No Content\r\n\r\n");
    });
}

BOOST_AUTO_TEST_CASE(hosts_that_are_an_app_s_and_hosts_that_are_nobody_s) {
    named_world w;
    w.run([&]() -> task<> {
        auto port = std::to_string(w.server->port());
        struct {
            std::string line, host;
            int status;
        } rows[] = {
            {"GET /", "nosuch.localhost:" + port, 404},
            {"GET /api/apps", "nosuch.localhost:" + port, 404},
            {"GET /api/apps", "b-bay-b.localhost:" + port, 502}, // the app's, whatever the path
            {"GET /", "a.shop.localhost:" + port, 421},
            {"GET /", "shop.localhost.:" + port, 421},
            {"GET /", "shop..localhost:" + port, 421},
            {"GET /", ".localhost:" + port, 421},
            {"GET /", "shop.localhost", 421},
            {"GET /", "shop.localhost:1", 421},
            {"GET /", "shop.localhost.evil.com:" + port, 421},
            {"GET /", "shop.localhost.evil.com", 421},
            {"GET /", "evil.com:" + port, 421},
            {"GET /", "shop.evil.com:" + port, 421},
            {"GET /", "sh_op.localhost:" + port, 421},
            {"GET http://localhost:" + port + "/", "shop.localhost:" + port, 421},
            {"GET http://shop.localhost:" + port + "/", "localhost:" + port, 421},
            {"GET http://nosuch.localhost:" + port + "/", "shop.localhost:" + port, 421},
            {"GET https://nosuch.localhost:" + port + "/", "nosuch.localhost:" + port, 400},
            {"OPTIONS *", "b-bay-b.localhost:" + port, 400},
            {"CONNECT localhost:22", "b-bay-b.localhost:" + port, 400},
        };
        for (auto& row : rows) {
            raw_client c(w);
            co_await c.send(row.line + " HTTP/1.1\r\nHost: " + row.host + "\r\n\r\n");
            auto r = co_await c.receive();
            BOOST_TEST(r.result_int() == static_cast<unsigned>(row.status), row.line << " " << row.host);
        }
    });
}

BOOST_AUTO_TEST_CASE(an_app_s_page_is_foreign_to_the_api) {
    named_world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto r = co_await c.ask("GET", "/api/apps", "Origin: http://" + w.shop() + "\r\n");
        BOOST_TEST(code_of(r) == "403 forbidden_origin");
    });
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_has) {
    named_world w;
    w.run([&]() -> task<> {
        auto host = "nosuch.localhost:" + std::to_string(w.server->port());
        raw_client c(w);
        auto ask = [&](std::string fields) -> task<response> {
            co_await c.send("GET /x HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
            auto r = co_await c.receive();
            co_return r;
        };
        auto program = co_await ask("");
        BOOST_TEST(code_of(program) == "404 app_not_found");
        BOOST_TEST(json_of(program)["names"][0] == "http://" + w.shop());
        auto person = co_await ask("Sec-Fetch-Mode: navigate\r\n");
        BOOST_TEST(person.result_int() == 404u);
        BOOST_TEST(contains(person.body(), "&lt;b&gt;Bay&lt;/b&gt;"));
        BOOST_TEST(!contains(person.body(), "<b>"));
        BOOST_TEST(!contains(person.body(), "<script"));
        BOOST_TEST(contains(std::string(person["Content-Security-Policy"]), "default-src 'none'"));
        auto curl = co_await ask("Accept: text/html\r\n");
        BOOST_TEST(contains(curl.body(), "<html"));
        auto page = co_await ask("Sec-Fetch-Mode: cors\r\nAccept: text/html\r\n"); // who else is here is not its affair
        BOOST_TEST(code_of(page) == "404 app_not_found");
        BOOST_TEST(!contains(page.body(), "shop"));
    });
}

BOOST_AUTO_TEST_CASE(a_former_name_leads_to_the_app) {
    named_world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto host = "STORE.localhost:" + std::to_string(w.server->port());
        co_await c.send("POST //evil.com/x?y HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        auto r = co_await c.receive();
        BOOST_TEST(r.result_int() == 308u);
        BOOST_TEST(std::string(r["Location"]) == "http://" + w.shop() + "//evil.com/x?y");
        BOOST_TEST(std::string(r["Cache-Control"]) == "no-store");
    });
}

BOOST_AUTO_TEST_CASE(an_app_that_is_not_online) {
    named_world w;
    w.run([&]() -> task<> {
        w.become(status::errored, "It exited with code 1: <script>alert(1)</script>");
        raw_client c(w);
        co_await c.send(w.get());
        auto program = co_await c.receive();
        BOOST_TEST(code_of(program) == "503 app_unavailable");
        BOOST_TEST(contains(json_of(program)["detail"], "It exited with code 1"));
        BOOST_TEST(std::string(program["Retry-After"]) == "5");
        BOOST_TEST(program.count("Refresh") == 0u);
        co_await c.send(w.get("/", "Sec-Fetch-Mode: navigate\r\n"));
        auto person = co_await c.receive();
        BOOST_TEST(person.result_int() == 503u);
        BOOST_TEST(contains(person.body(), "&lt;script&gt;alert(1)"));
        BOOST_TEST(!contains(person.body(), "<script"));
        BOOST_TEST(std::string(person["Refresh"]) == "5");
        co_await c.send(w.get("/", "Sec-Fetch-Mode: navigate\r\n", "POST"));
        auto form = co_await c.receive();
        BOOST_TEST(form.count("Refresh") == 0u); // it would be sent again as something else
    });
}

BOOST_AUTO_TEST_CASE(requests_wait_for_an_app_that_starts) {
    named_world w;
    w.orch.arriving.close();
    w.run([&]() -> task<> {
        w.become(status::launching);
        reading_client c(w);
        co_await c.send(w.get("/", "Content-Length: 5\r\n", "POST") + "hello");
        co_await w.until([&] { return w.orch.arriving.waiting() == 1; });
        w.become(status::online);
        w.orch.arriving.open();
        auto app = co_await w.accept();
        auto request = co_await app.until("hello");
        BOOST_TEST(contains(request, "Content-Length: 5\r\n\r\nhello"));
        co_await app.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        co_await c.until("\r\n\r\n");
        // One that does not come in time.
        w.become(status::launching);
        co_await c.send(w.get("/", "Accept: text/html\r\n"));
        auto late = co_await c.receive();
        BOOST_TEST(late.result_int() == 503u);
        BOOST_TEST(std::string(late["Refresh"]) == "1");
    });
}

BOOST_AUTO_TEST_CASE(online_and_nobody_there) {
    named_world w;
    w.run([&]() -> task<> {
        w.acceptor.close();
        raw_client c(w);
        co_await c.send(w.get());
        auto r = co_await c.receive();
        BOOST_TEST(code_of(r) == "502 app_failed");
        BOOST_TEST(w.orch.syncs_asked == 1); // it was looked at once more before that was said
    });
}

BOOST_AUTO_TEST_CASE(bodies_go_up_as_they_come) {
    named_world w;
    w.run([&]() -> task<> {
        reading_client c(w);
        co_await c.send(w.get("/", "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n", "PUT"));
        auto app = co_await w.accept();
        auto head = co_await app.head();
        BOOST_TEST(contains(head, "Transfer-Encoding: chunked\r\n"));
        BOOST_TEST(contains(head, "Trailer: X-Sum\r\n"));
        co_await c.send("3;ext=\"a\"\r\nabc\r\n");
        auto piece = co_await app.until("abc\r\n");
        BOOST_TEST(piece == "3\r\nabc\r\n"); // without the extension
        co_await c.send("5\r\nd");
        piece = co_await app.until("d\r\n"); // every byte goes on at once
        co_await c.send("efgh");
        piece = co_await app.until("efgh\r\n");
        co_await c.send("\r\n0\r\nX-Sum: 8\r\nHost: evil\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: x\r\n\r\n");
        piece = co_await app.until("0\r\nX-Sum: 8\r\n\r\n");
        co_await app.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\nX-T: 1\r\n\r\n");
        auto answer = co_await c.until("0\r\nX-T: 1\r\n\r\n");
        BOOST_TEST(answer == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\nX-T: 1\r\n\r\n");
    });
}

BOOST_AUTO_TEST_CASE(answers_come_down_as_they_come_while_the_body_still_goes_up) {
    named_world w;
    w.run([&]() -> task<> {
        reading_client c(w);
        co_await c.send(w.get("/", "Content-Length: 6\r\n", "POST") + "abc");
        auto app = co_await w.accept();
        co_await app.until("abc");
        co_await app.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        auto answer = co_await c.until("\r\n\r\n"); // its head alone
        BOOST_TEST(contains(answer, "Connection: close"));
        co_await app.say("5\r\nda");
        answer = co_await c.until("da\r\n");
        BOOST_TEST(answer == "2\r\nda\r\n");
        co_await app.say("t");
        co_await c.until("t\r\n");
        co_await app.say("a!\r\n");
        co_await c.until("a!\r\n");
        co_await c.send("def");
        co_await app.until("def");
        co_await app.say("0\r\n\r\n");
        co_await c.until("0\r\n\r\n");
        co_await c.expect_end();
    });
}

BOOST_AUTO_TEST_CASE(an_app_that_answers_early_gets_the_rest_of_the_body) {
    named_world w;
    w.run([&]() -> task<> {
        reading_client c(w);
        co_await c.send(w.get("/", "Content-Length: 9\r\n", "POST") + "abc");
        auto app = co_await w.accept();
        co_await app.until("abc");
        co_await app.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        auto answer = co_await c.until("ok");
        BOOST_TEST(contains(answer, "Connection: close"));
        co_await c.send("def");
        co_await app.until("def");
        co_await c.send("ghi");
        co_await app.until("ghi");
        co_await c.expect_end();
    });
}

BOOST_AUTO_TEST_CASE(answers_without_a_body_and_to_the_end_of_the_connection) {
    named_world w;
    w.run([&]() -> task<> {
        reading_client c(w);
        co_await c.send(w.get("/", "", "HEAD"));
        auto app = co_await w.accept();
        co_await app.head();
        co_await app.say("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
        auto answer = co_await c.until("\r\n\r\n");
        BOOST_TEST(answer == "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
        co_await c.send(w.get("/", "If-None-Match: \"x\"\r\n"));
        co_await app.head(); // on the same connection
        co_await app.say("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
        answer = co_await c.until("\r\n\r\n");
        BOOST_TEST(answer == "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
        co_await c.send(w.get());
        co_await app.head();
        co_await app.say("HTTP/1.0 200 OK\r\n\r\nold");
        answer = co_await c.until("old\r\n");
        BOOST_TEST(answer == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nold\r\n");
        app.close();
        answer = co_await c.until("0\r\n\r\n");
        // To an old client as it comes, and then the end.
        co_await c.send("GET / HTTP/1.0\r\nHost: " + w.shop() +
                        "\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n");
        auto second = co_await w.accept();
        auto head = co_await second.head();
        BOOST_TEST(!contains(head, "Expect"));
        co_await second.say("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
                            "chunked\r\n\r\n3\r\nnew\r\n0\r\n\r\n");
        answer = co_await c.until("new");
        BOOST_TEST(answer == "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nnew");
        co_await c.expect_end();
    });
}

BOOST_AUTO_TEST_CASE(answers_before_the_answer) {
    named_world w;
    w.run([&]() -> task<> {
        reading_client c(w);
        co_await c.send(w.get("/", "Expect: 100-continue\r\nContent-Length: 2\r\n", "POST"));
        auto app = co_await w.accept();
        auto head = co_await app.head();
        BOOST_TEST(contains(head, "Expect: 100-continue\r\n"));
        co_await app.say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
        auto answer = co_await c.until("Continue\r\n\r\n");
        BOOST_TEST(answer == "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
        co_await c.send("ok");
        co_await app.until("ok");
        co_await app.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        answer = co_await c.until("\r\n\r\n");
        BOOST_TEST(answer == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        // Refused before it was sent: the answer, and the end.
        co_await c.send(w.get("/", "Expect: 100-continue\r\nContent-Length: 200\r\n", "POST"));
        auto second = co_await w.accept();
        co_await second.head();
        co_await second.say("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        answer = co_await c.until("\r\n\r\n");
        BOOST_TEST(answer == "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        co_await c.expect_end();
        auto left = co_await second.rest();
        BOOST_TEST(left == "");
    });
}

BOOST_AUTO_TEST_CASE(a_websocket_is_two_streams) {
    named_world w;
    w.run([&]() -> task<> {
        std::string upgrade = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://" +
                              w.shop() + "\r\n";
        reading_client c(w);
        co_await c.send(w.get("/_next/hmr", upgrade) + "early");
        auto app = co_await w.accept();
        auto head = co_await app.head();
        BOOST_TEST(contains(head, "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"));
        BOOST_TEST(contains(head, "Origin: http://" + w.shop() + "\r\n"));
        co_await app.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: x\r\n\r\nhello");
        auto answer = co_await c.until("hello");
        BOOST_TEST(answer == "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nConnection: Upgrade\r\n"
                             "Upgrade: websocket\r\n\r\nhello");
        co_await app.until("early");
        co_await c.send(std::string("\x81\x00", 2));
        co_await app.until(std::string("\x81\x00", 2));
        // One end is over, the other not yet.
        c.socket().shutdown(tcp::socket::shutdown_send);
        auto rest = co_await app.rest();
        BOOST_TEST(rest == "");
        co_await app.say("bye");
        co_await c.until("bye");
        app.close();
        co_await c.expect_end();

        // Refused, and what was sent behind it is a request of its own, not the app's.
        reading_client d(w);
        co_await d.send(w.get("/", upgrade) + "GET /second HTTP/1.1\r\nHost: evil.com\r\n\r\n");
        auto other = co_await w.accept();
        co_await other.head();
        co_await other.say("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
        auto refused = co_await d.receive();
        BOOST_TEST(refused.result_int() == 403u);
        auto second = co_await d.receive();
        BOOST_TEST(second.result_int() == 421u);
    });
}

BOOST_AUTO_TEST_CASE(one_request_has_one_reading_for_the_app_too) {
    named_world w;
    w.run([&]() -> task<> {
        std::string hidden = w.get("/hidden");
        for (std::string fields :
             {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 0\r\nContent-Length: 5\r\n",
              "Content-Length: 5, 5\r\n", "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: xchunked\r\n",
              "Content-Length : 5\r\n", "Content-Length: +5\r\n", "X: a\nContent-Length: 5\r\n"}) {
            raw_client c(w);
            co_await c.send(w.get("/", fields, "POST") + "0\r\n\r\n" + hidden);
            auto r = co_await c.receive();
            BOOST_TEST(r.result_int() == 400u, fields);
            co_await c.expect_end();
        }
        // A bad chunk: the app never sees the end of that body, and the client is told.
        raw_client c(w);
        co_await c.send(w.get("/", "Transfer-Encoding: chunked\r\n", "POST") + "3\r\nabcX\r\n" + hidden);
        auto app = co_await w.accept();
        auto r = co_await c.receive();
        BOOST_TEST(r.result_int() == 400u);
        auto got = co_await app.rest();
        BOOST_TEST(!contains(got, "hidden"));
        BOOST_TEST(!contains(got, "0\r\n\r\n"));
    });
}

BOOST_AUTO_TEST_CASE(answers_that_are_none) {
    named_world w;
    w.run([&]() -> task<> {
        for (std::string bytes :
             {"", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 101 Up\r\nUpgrade: x\r\n\r\n",
              "HTTP/1.1 099 What\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "}) {
            raw_client c(w);
            co_await c.send(w.get("/", "Content-Length: 0\r\n", "POST"));
            auto app = co_await w.accept();
            co_await app.head();
            co_await app.say(bytes);
            app.close();
            auto r = co_await c.receive();
            BOOST_TEST(code_of(r) == "502 app_failed", bytes);
        }
        // Cut short: what came is passed on, and the connection's end says that it is not all.
        reading_client c(w);
        co_await c.send(w.get("/", "", "POST"));
        auto app = co_await w.accept();
        co_await app.head();
        co_await app.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        co_await c.until("half");
        app.close();
        co_await c.expect_end();
    });
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_and_what_can_be_repeated_is) {
    named_world w;
    w.run([&]() -> task<> {
        reading_client c(w);
        const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        co_await c.send(w.get("/1"));
        auto first = co_await w.accept();
        co_await first.head();
        co_await first.say(ok);
        co_await c.until("ok");
        co_await c.send(w.get("/2") + w.get("/3")); // at once: the second waits
        auto head = co_await first.head();
        BOOST_TEST(head.starts_with("GET /2 "));
        co_await first.say(ok);
        co_await c.until("ok");
        co_await first.head();
        first.close(); // having read it, without a word
        auto second = co_await w.accept();
        head = co_await second.head();
        BOOST_TEST(head.starts_with("GET /3 "));
        co_await second.say(ok);
        co_await c.until("ok");
        // What changes something never goes where it might have to be repeated.
        co_await c.send(w.get("/4", "", "DELETE"));
        auto third = co_await w.accept();
        co_await third.head();
        third.close();
        auto failed = co_await c.receive();
        BOOST_TEST(code_of(failed) == "502 app_failed");
        // An app that says what nobody asked for does not answer the next request with it.
        co_await c.send(w.get("/5"));
        auto fourth = co_await w.accept();
        co_await fourth.head();
        co_await fourth.say(ok + ok);
        co_await c.until("ok");
        co_await c.send(w.get("/6"));
        auto fifth = co_await w.accept();
        co_await fifth.head();
        co_await fifth.say(ok);
        co_await c.until("ok");
    });
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_is_gone_for_the_app_too) {
    named_world w([](net::server_options& o) { o.request_deadline = 80ms; }); // sweeps every 10 ms
    w.run([&]() -> task<> {
        auto c = std::make_unique<reading_client>(w);
        co_await c->send(w.get("/events"));
        auto app = co_await w.accept();
        co_await app.head();
        co_await app.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        co_await c->until("\r\n\r\n");
        c.reset();
        auto rest = co_await app.rest(); // ends
        BOOST_TEST(rest == "");
    });
}

BOOST_AUTO_TEST_CASE(there_is_a_bound_on_connections_to_apps) {
    named_world w([](net::server_options& o) { o.max_upstreams = 1; });
    w.run([&]() -> task<> {
        reading_client c(w), d(w);
        co_await c.send(w.get());
        auto app = co_await w.accept();
        co_await app.head();
        co_await d.send(w.get());
        auto refused = co_await d.receive();
        BOOST_TEST(code_of(refused) == "503 too_many_connections");
        co_await app.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        co_await c.until("\r\n\r\n");
        co_await d.send(w.get());
        auto second = co_await w.accept();
        co_await second.head();
    });
}

BOOST_AUTO_TEST_CASE(a_body_that_stops_coming_is_not_waited_for_for_ever) {
    named_world w([](net::server_options& o) { o.idle_deadline = 80ms; });
    w.run([&]() -> task<> {
        raw_client c(w);
        co_await c.send(w.get("/", "Content-Length: 10\r\n", "POST") + "half");
        auto app = co_await w.accept();
        auto r = co_await c.receive();
        BOOST_TEST(r.result_int() == 408u);
        auto got = co_await app.rest();
        BOOST_TEST(got.ends_with("half"));
    });
}

BOOST_AUTO_TEST_SUITE_END()
