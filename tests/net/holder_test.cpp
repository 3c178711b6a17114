// The ports of apps that sleep: who wakes one, what it gets, and what becomes of who may not, through real sockets and
// with an orchestrator that does what the test says.
#include "net/ends.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <memory>
#include <vector>

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;

namespace {

tcp::endpoint v4(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }
tcp::endpoint v6(std::uint16_t port) { return {asio::ip::address_v6::loopback(), port}; }

/// One on which nobody listens.
std::uint16_t free_port(asio::io_context& io) {
    tcp::acceptor any(io, v4(0));
    return any.local_endpoint().port();
}

struct sleeping_world : world {
    std::uint16_t port = free_port(io);
    std::optional<tcp::acceptor> app; // the app itself, once it is awake

    explicit sleeping_world(std::function<void(net::server_options&)> change = {}) : world(std::move(change)) {
        auto a = make_app(app_a, "Shop", port);
        orch.set({a});
        orch.arriving.close();
        fall_asleep();
    }

    void fall_asleep() {
        app.reset();
        auto a = orch.apps()->find(app_a)->app;
        a.status = status::stopped;
        a.status_reason = "Asleep since 14:05.";
        a.asleep = nap{1769869800000, nap::cause::asked};
        orch.put(a);
    }
    /// As the orchestrator does it: it is said, and started then.
    void begin_to_wake() {
        auto a = orch.apps()->find(app_a)->app;
        a.status = status::launching;
        a.status_reason.reset();
        a.asleep.reset();
        orch.put(a);
    }
    void listen() {
        app.emplace(io, v4(port));
        auto a = orch.apps()->find(app_a)->app;
        a.status = status::online;
        orch.put(a);
        orch.arriving.open();
    }
    void wake() {
        begin_to_wake();
        listen();
    }
    task<> until_asked() {
        return until([this] { return woken(); });
    }
    bool woken() const { return std::count(orch.calls.begin(), orch.calls.end(), "wake " + app_a) > 0; }
    bool is_open(tcp::endpoint at) {
        tcp::socket socket(io);
        boost::system::error_code ec;
        socket.connect(at, ec);
        return !ec;
    }
    std::string head(std::string fields = {}, std::string method = "GET") const {
        return method + " / HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\n" + fields + "\r\n";
    }
    task<app_end> accept() {
        auto [ec, socket] = co_await app->async_accept(as_result);
        BOOST_TEST_REQUIRE(!ec);
        co_return app_end(std::move(socket));
    }
    reading_client client() { return reading_client(*this, v4(port)); }
};

constexpr std::string_view fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

void shorten(net::server_options& o) { o.request_deadline = 200ms; }

} // namespace

BOOST_AUTO_TEST_SUITE(sleeping_ports)

BOOST_AUTO_TEST_CASE(a_port_is_held_while_its_app_sleeps_and_nothing_of_it_lives) {
    sleeping_world w;
    w.run([&]() -> task<> {
        BOOST_TEST(w.is_open(v4(w.port)));
        BOOST_TEST(w.is_open(v6(w.port)));
        w.begin_to_wake();
        BOOST_TEST(!w.is_open(v4(w.port))); // at once, before anything else happens
        BOOST_TEST(!w.is_open(v6(w.port)));
        w.orch.doing[app_a] = activity::sleeping;
        w.fall_asleep();
        BOOST_TEST(!w.is_open(v4(w.port)));
        w.orch.doing.clear();
        w.fall_asleep();
        BOOST_TEST(w.is_open(v4(w.port)));
        w.orch.doing[app_a] = activity::waking; // and its processes are not yet begun
        w.fall_asleep();
        BOOST_TEST(w.is_open(v4(w.port)));
        w.orch.drop(app_a);
        BOOST_TEST(!w.is_open(v4(w.port)));
        BOOST_TEST(!w.woken());
        co_return;
    });
}

BOOST_AUTO_TEST_CASE(apps_that_sleep_when_berth_starts) {
    asio::io_context io;
    auto port = free_port(io);
    world w;
    auto a = make_app(app_a, "Shop", port);
    a.asleep = nap{};
    w.orch.set({a});
    w.run([&]() -> task<> { co_await w.server->shut_down(); });
    w.server.reset();
    net::server_options options;
    options.port = 0;
    w.server = net::create_server(w.io.get_executor(), w.io.get_executor(), w.orch, w.logs, options);
    BOOST_REQUIRE(w.server->open().has_value());
    tcp::socket socket(w.io);
    boost::system::error_code ec;
    socket.connect(v4(port), ec);
    BOOST_TEST(!ec);
    w.run([&]() -> task<> { co_await w.server->shut_down(); });
    tcp::socket late(w.io);
    late.connect(v4(port), ec);
    BOOST_TEST(ec.failed());
}

BOOST_AUTO_TEST_CASE(a_request_wakes_and_arrives_as_it_was_sent) {
    sleeping_world w;
    w.run([&]() -> task<> {
        std::vector<tcp::endpoint> ends{v4(w.port), v6(w.port)};
        for (auto& at : ends) {
            w.orch.calls.clear();
            reading_client c(w, at);
            auto request = w.head("x-ODD:  1 \r\nConnection: keep-alive, X\r\nContent-Length: 5\r\n", "POST");
            co_await c.send(request + "he");
            co_await w.until_asked();
            co_await c.send("llo");
            w.wake();
            auto app = co_await w.accept();
            auto came = co_await app.until("hello");
            BOOST_TEST(came == request + "hello");
            co_await app.say(std::string(fine));
            auto answer = co_await c.until("hi");
            BOOST_TEST(answer == fine);
            co_await c.send("anything, and not HTTP\n"); // it is the app's connection
            came = co_await app.until("\n");
            BOOST_TEST(came == "anything, and not HTTP\n");
            app.close();
            co_await c.expect_end();
            w.orch.arriving.close();
            w.fall_asleep();
        }
    });
}

BOOST_AUTO_TEST_CASE(an_app_on_ipv6_alone) {
    sleeping_world w;
    w.run([&]() -> task<> {
        auto c = w.client();
        co_await c.send(w.head());
        co_await w.until_asked();
        w.begin_to_wake();
        w.listen();
        w.app.emplace(w.io, v6(w.port));
        auto app = co_await w.accept();
        auto came = co_await app.head();
        BOOST_TEST(came == w.head());
    });
}

BOOST_AUTO_TEST_CASE(who_waits_in_the_backlog_is_taken_before_it_closes) {
    sleeping_world w;
    w.run([&]() -> task<> {
        // The system has made these connections, and nobody here has seen them yet: nothing runs between.
        std::vector<std::unique_ptr<reading_client>> clients;
        for (int i = 0; i < 20; ++i) {
            clients.push_back(std::make_unique<reading_client>(w, i % 2 ? v4(w.port) : v6(w.port)));
            boost::asio::write(clients.back()->socket(), asio::buffer(w.head("X: " + std::to_string(i) + "\r\n")));
        }
        w.wake();
        for (std::size_t i = 0; i < clients.size(); ++i) {
            auto app = co_await w.accept();
            co_await app.head();
            co_await app.say(std::string(fine));
        }
        for (auto& c : clients) {
            auto answer = co_await c->until("hi");
            BOOST_TEST(answer == fine);
        }
    });
}

BOOST_AUTO_TEST_CASE(what_is_no_purpose_is_refused_and_wakes_nobody) {
    sleeping_world w(shorten);
    w.run([&]() -> task<> {
        struct {
            std::string bytes, code;
        } rows[] = {
            {w.head("Sec-Fetch-Site: cross-site\r\n"), "403 forbidden_origin"},
            {w.head("Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://localhost\r\n"),
             "503 app_unavailable"},
            {"\x16\x03\x01 hello", "400 invalid_request"},
            {"nonsense\r\n\r\n", "400 invalid_request"},
            {w.head("X: " + std::string(8192, 'x') + "\r\n"), "431 header_too_large"},
            {"GET / HTTP/1.1\r\nHost: local", "408 request_timeout"},
        };
        for (auto& row : rows) {
            auto c = w.client();
            co_await c.send(row.bytes);
            auto r = co_await c.receive();
            BOOST_TEST(code_of(r) == row.code, row.bytes.substr(0, 60));
            BOOST_TEST((r.result_int() == 503) == (r.count("Retry-After") == 1));
            co_await c.expect_end();
        }
        auto silent = w.client();
        co_await silent.expect_end(); // and is told nothing
        auto left = w.client();
        co_await left.send("GET / HTTP/1.1\r\n");
        left.socket().shutdown(tcp::socket::shutdown_send);
        co_await left.expect_end();
        auto framed = w.client();
        co_await framed.send(
            w.head("Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"));
        auto page = co_await framed.receive();
        BOOST_TEST(page.result_int() == 403u);
        BOOST_TEST(!contains(page.body(), "<script"));
        BOOST_TEST(!w.woken());
    });
}

BOOST_AUTO_TEST_CASE(once_it_is_awake_the_app_judges_for_itself) {
    sleeping_world w;
    w.run([&]() -> task<> {
        auto c = w.client();
        co_await c.send("GET / HTTP/1.1\r\n"); // the rest comes when the port is no longer held
        auto other = w.client();
        co_await other.send(w.head());
        co_await w.until_asked();
        w.wake();
        auto first = co_await w.accept();
        co_await first.head();
        co_await c.send("Sec-Fetch-Site: cross-site\r\n\r\n");
        auto app = co_await w.accept();
        auto came = co_await app.head();
        BOOST_TEST(came == "GET / HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\n\r\n");
    });
}

BOOST_AUTO_TEST_CASE(a_body_of_100_MB_waits_with_its_client_and_arrives_whole) {
    sleeping_world w;
    w.run([&]() -> task<> {
        constexpr std::size_t bytes = 100'000'000;
        auto c = w.client();
        std::size_t sent = 0, came = 0;
        bool right = true;
        auto send = [&]() -> task<> {
            co_await c.send(w.head("Content-Length: " + std::to_string(bytes) + "\r\n", "POST"));
            std::string block(100'000, ' ');
            for (std::size_t i = 0; i < block.size(); ++i)
                block[i] = static_cast<char>(i % 251);
            while (sent < bytes) {
                auto buffer = asio::buffer(block);
                auto [ec, n] = co_await asio::async_write(c.socket(), buffer, as_result);
                BOOST_TEST_REQUIRE(!ec);
                sent += n;
            }
        };
        auto receive = [&]() -> task<> {
            co_await w.until_asked();
            co_await w.turns(); // all that the system's own buffers take
            BOOST_TEST(sent < bytes / 2);
            w.wake();
            auto app = co_await w.accept();
            co_await app.head_alone();
            auto take = [&](std::string_view piece) {
                for (char byte : piece)
                    right = right && byte == static_cast<char>(came++ % 100'000 % 251);
            };
            take(app.left());
            std::vector<char> piece(1 << 16);
            while (came < bytes) {
                auto space = asio::buffer(piece);
                auto [ec, n] = co_await app.socket().async_read_some(space, as_result);
                BOOST_TEST_REQUIRE(!ec);
                take({piece.data(), n});
            }
            co_await app.say(std::string(fine));
        };
        co_await (send() && receive());
        BOOST_TEST(right);
        BOOST_TEST(came == bytes);
        co_await c.until("hi");
    });
}

BOOST_AUTO_TEST_CASE(as_many_wait_as_may_and_who_goes_frees_its_place) {
    sleeping_world w([](auto& o) { o.most_held = 3; });
    w.run([&]() -> task<> {
        std::vector<std::unique_ptr<reading_client>> waiting;
        for (int i = 0; i < 3; ++i) {
            waiting.push_back(std::make_unique<reading_client>(w, v4(w.port)));
            co_await waiting.back()->send(w.head("X: " + std::to_string(i) + "\r\n"));
        }
        co_await w.until_asked();
        auto turned_away = [&]() -> task<> {
            auto c = w.client();
            co_await c.send(w.head());
            auto r = co_await c.receive();
            BOOST_TEST(code_of(r) == "503 too_many_connections");
            BOOST_TEST(r.count("Retry-After") == 1u);
        };
        co_await turned_away();
        // One that is reset has gone; one that only says no more may still wait, but gives its place away.
        waiting[0]->socket().set_option(tcp::socket::linger(true, 0));
        waiting[0]->socket().close();
        co_await w.turns();
        auto second = w.client();
        co_await second.send(w.head("X: second\r\n"));
        co_await turned_away(); // it has the place of the first
        waiting[1]->socket().shutdown(tcp::socket::shutdown_send);
        co_await w.turns();
        auto third = w.client();
        co_await third.send(w.head("X: third\r\n"));
        co_await waiting[1]->expect_end();
        BOOST_TEST(std::count(w.orch.calls.begin(), w.orch.calls.end(), "wake " + app_a) == 1); // asked for once
        w.wake();
        std::string all;
        for (int i = 0; i < 3; ++i) {
            auto app = co_await w.accept();
            all += co_await app.head();
        }
        for (auto who : {"X: 2", "X: second", "X: third"})
            BOOST_TEST(contains(all, who));
    });
}

BOOST_AUTO_TEST_CASE(a_client_that_says_no_more_gets_its_answer) {
    sleeping_world w;
    w.run([&]() -> task<> {
        auto c = w.client();
        co_await c.send(w.head());
        c.socket().shutdown(tcp::socket::shutdown_send);
        co_await w.until_asked();
        w.wake();
        auto app = co_await w.accept();
        auto came = co_await app.rest(); // the app hears of it as well
        BOOST_TEST(came == w.head());
        co_await app.say(std::string(fine));
        auto answer = co_await c.until("hi");
        BOOST_TEST(answer == fine);
    });
}

BOOST_AUTO_TEST_CASE(an_upgrade_passes_and_each_end_may_end_first) {
    sleeping_world w;
    w.run([&]() -> task<> {
        auto c = w.client(); // a program: it says no Origin
        co_await c.send(w.head("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"));
        co_await w.until_asked();
        w.wake();
        auto app = co_await w.accept();
        co_await app.head();
        co_await app.say("HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x01!");
        co_await c.until("\x81\x01!");
        co_await c.send("\x81\x82....");
        co_await app.until("\x81\x82....");
        app.socket().shutdown(tcp::socket::shutdown_send);
        co_await c.expect_end();
        co_await c.send("last.");
        auto last = co_await app.until("last.");
        BOOST_TEST(last == "last.");
        c.socket().close();
        last = co_await app.rest();
        BOOST_TEST(last == "");
    });
}

BOOST_AUTO_TEST_CASE(a_wake_that_fails_is_told_with_its_reason) {
    sleeping_world w;
    w.run([&]() -> task<> {
        for (int round = 0; round < 2; ++round) {
            bool person = round == 1;
            w.orch.calls.clear();
            w.orch.arriving.close();
            auto c = w.client();
            co_await c.send(w.head(person ? "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n" : ""));
            co_await w.until_asked();
            w.orch.failure = error{errc::limit_reached, "20 apps run, <all> in use."};
            w.orch.arriving.open();
            auto r = co_await c.receive();
            BOOST_TEST(r.result_int() == 503u);
            BOOST_TEST(r.count("Retry-After") == 1u);
            BOOST_TEST(r.count("Refresh") == 0u); // or it would be woken again and again
            if (!person)
                BOOST_TEST(json_of(r)["detail"] == "20 apps run, <all> in use.");
            else
                BOOST_TEST(contains(r.body(), "20 apps run, &lt;all&gt; in use."));
            BOOST_TEST(!contains(r.body(), "<script"));
            co_await c.expect_end();
        }
        BOOST_TEST(w.is_open(v4(w.port))); // it sleeps on
    });
}

BOOST_AUTO_TEST_CASE(deleted_while_somebody_waits) {
    sleeping_world w;
    w.run([&]() -> task<> {
        auto c = w.client();
        co_await c.send(w.head("", "HEAD"));
        co_await w.until_asked();
        w.orch.drop(app_a);
        w.orch.arriving.open();
        auto r = co_await c.receive(true);
        BOOST_TEST(r.result_int() == 503u);
        co_await c.expect_end(); // the head alone
    });
}

BOOST_AUTO_TEST_CASE(a_port_that_cannot_be_had_is_told_and_tried_again) {
    sleeping_world w([](auto& o) { o.hold_again_after = 10ms; });
    w.run([&]() -> task<> {
        auto told = [&](std::string what) {
            return std::count_if(w.orch.calls.begin(), w.orch.calls.end(),
                                 [&](auto& call) { return call.starts_with(what); }) == 1;
        };
        w.begin_to_wake();
        tcp::acceptor stranger(w.io, v6(w.port));
        w.fall_asleep();
        auto port = std::to_string(w.port);
        co_await w.until(
            [&] { return told("not held " + app_a + " nobody can listen on port " + port + " in its place"); });
        BOOST_TEST(!w.is_open(v4(w.port))); // the whole or nothing
        stranger.close();
        co_await w.until([&] { return w.is_open(v4(w.port)); });
        co_await w.until([&] { return w.orch.calls.back() == "not held " + app_a + " "; });
        BOOST_TEST(w.is_open(v6(w.port)));
    });
}

BOOST_AUTO_TEST_CASE(pm2_s_own_start_finds_the_port_free) {
    sleeping_world w([](auto& o) { o.hold_again_after = 10ms; });
    w.run([&]() -> task<> {
        w.orch.watching->on_event(app_a, "exit", 0);
        BOOST_TEST(w.is_open(v4(w.port)));
        w.orch.watching->on_event(app_a, "online", 0);
        BOOST_TEST(!w.is_open(v4(w.port)));
        co_await w.until([&] { return w.is_open(v4(w.port)); }); // nothing came of it
        w.orch.watching->on_event(app_a, "online", 0);
        w.begin_to_wake();
        w.listen();
        auto c = w.client();
        auto app = co_await w.accept();
        BOOST_TEST(!w.woken());
    });
}

BOOST_AUTO_TEST_CASE(everything_ends_at_once_when_berth_does) {
    sleeping_world w;
    w.run([&]() -> task<> {
        auto silent = w.client(), half = w.client(), waits = w.client();
        co_await half.send("GET ");
        co_await waits.send(w.head());
        co_await w.until_asked();
        co_await w.server->shut_down();
        BOOST_TEST(!w.is_open(v4(w.port)));
        for (auto* c : {&silent, &half, &waits})
            co_await c->expect_end();
    });
}

BOOST_AUTO_TEST_CASE(by_name_the_same_wakes) {
    sleeping_world w;
    w.run([&]() -> task<> {
        auto host = "Host: shop.localhost:" + std::to_string(w.server->port()) + "\r\n";
        auto ask = [&](std::string fields) -> task<response> {
            raw_client c(w);
            co_await c.send("GET / HTTP/1.1\r\n" + host + fields + "\r\n");
            auto r = co_await c.receive();
            co_return r;
        };
        auto foreign = co_await ask("Sec-Fetch-Site: cross-site\r\n");
        BOOST_TEST(code_of(foreign) == "403 forbidden_origin");
        auto tab = co_await ask("Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://shop.localhost\r\n");
        BOOST_TEST(code_of(tab) == "503 app_unavailable");
        BOOST_TEST(tab.count("Retry-After") == 1u);
        BOOST_TEST(!w.woken());
        raw_client c(w);
        co_await c.send("GET / HTTP/1.1\r\n" + host + "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n\r\n");
        co_await w.until_asked();
        w.wake();
        auto app = co_await w.accept();
        co_await app.head();
        co_await app.say(std::string(fine));
        auto r = co_await c.receive();
        BOOST_TEST(r.body() == "hi");
        // One whose start fails: a page that does not begin it again by itself.
        w.fall_asleep();
        w.orch.failure = error{errc::limit_reached, "20 apps run."};
        auto failed = co_await ask("Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n");
        BOOST_TEST(failed.result_int() == 503u);
        BOOST_TEST(failed.count("Refresh") == 0u);
        BOOST_TEST(contains(failed.body(), "20 apps run."));
    });
}

BOOST_AUTO_TEST_SUITE_END()
