// A server on a port of its own with a fake orchestrator behind it, and clients that speak bytes. All of it on one
// io_context, run by the test itself: nothing happens between two steps that the test does not wait for.
#pragma once

#include "net/fakes.hpp"
#include "net/http/server.hpp"
#include "net/schema.hpp"
#include "support/patience.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>

namespace berth::test {

namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using response = http::response<http::string_body>;

inline const std::string app_a = "aaaaaaaaaa", app_b = "bbbbbbbbbb";

struct world {
    asio::io_context io{1};
    fake_orchestrator orch{io};
    fake_logs logs{io};
    std::unique_ptr<net::server> server;
    bool hung = false;

    explicit world(std::function<void(net::server_options&)> change = {}) {
        net::server_options options;
        options.port = 0;
        options.version = "0.1.0";
        options.web_root = "/nowhere";
        if (change)
            change(options);
        orch.set({make_app(app_a, "brave-otter", 3100, "demos"), make_app(app_b, "calm-bay", 3101)});
        server = net::create_server(io.get_executor(), io.get_executor(), orch, logs, std::move(options));
        auto opened = server->open();
        BOOST_REQUIRE(opened.has_value());
    }
    ~world() {
        if (hung) // what hangs refers to a test that is over: it must not run again
            return;
        orch.freshness.open();
        orch.creating.open();
        orch.arriving.open();
        run([this]() -> task<> { co_await server->shut_down(); });
    }

    /// Runs a coroutine to its end; one that hangs fails.
    void run(std::function<task<>()> f) {
        bool done = false;
        std::exception_ptr thrown;
        asio::co_spawn(io, f(), [&](std::exception_ptr e) {
            thrown = e;
            done = true;
        });
        auto deadline = std::chrono::steady_clock::now() + patience(std::chrono::seconds(60));
        io.restart();
        while (!done && std::chrono::steady_clock::now() < deadline)
            io.run_one_for(std::chrono::milliseconds(100));
        hung = !done;
        BOOST_REQUIRE_MESSAGE(done, "hangs");
        if (thrown)
            std::rethrow_exception(thrown);
    }

    /// Waits until something is so.
    task<> until(std::function<bool()> condition) {
        while (!condition())
            co_await asio::post(io, asio::use_awaitable);
    }

    /// Whatever the system has to say already is heard.
    task<> turns() {
        for (int i = 0; i < 1000; ++i)
            co_await asio::post(io, asio::use_awaitable);
    }

    std::string host() const { return "localhost:" + std::to_string(server->port()); }
};

/// A client that sends what it is told to, well-formed or not.
class raw_client {
public:
    explicit raw_client(world& w) : raw_client(w, {asio::ip::address_v4::loopback(), w.server->port()}) {}
    raw_client(world& w, tcp::endpoint at) : world_(w), socket_(w.io) { socket_.connect(at); }

    task<> send(std::string bytes) {
        auto buffer = asio::buffer(bytes);
        co_await asio::async_write(socket_, buffer, as_result); // refused early, the server may not take it all
    }
    /// The next answer; checked against the API document when the request is named.
    task<response> receive(bool to_head = false) {
        http::response_parser<http::string_body> parser;
        parser.skip(to_head);
        parser.body_limit(64 * 1024 * 1024);
        co_await http::async_read(socket_, buffer_, parser, asio::use_awaitable);
        co_return parser.release();
    }
    /// The server closes the connection and sends nothing more.
    task<> expect_end() {
        char byte;
        auto buffer = asio::buffer(&byte, 1);
        auto [ec, n] = co_await socket_.async_read_some(buffer, as_result);
        BOOST_TEST(n == 0u);
        BOOST_TEST(ec.failed());
        BOOST_TEST(buffer_.size() == 0u);
    }

    /// A whole request, with Host and further header lines, and its answer.
    task<response> ask(std::string method, std::string target, std::string fields = {}, std::string body = {}) {
        auto text = method + " " + target + " HTTP/1.1\r\nHost: " + world_.host() + "\r\n" + fields;
        if (!body.empty())
            text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        text += "\r\n" + body;
        co_await send(std::move(text));
        auto r = co_await receive(method == "HEAD");
        std::string type(r[http::field::content_type]);
        auto wrong = api_document::get().check_answer(method, target, r.result_int(), type, r.body());
        BOOST_TEST(wrong == "");
        co_return r;
    }
    task<response> ask_json(std::string method, std::string target, std::string body) {
        return ask(std::move(method), std::move(target), "Content-Type: application/json\r\n", std::move(body));
    }

    tcp::socket& socket() { return socket_; }

private:
    world& world_;
    tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
};

inline nlohmann::json json_of(const response& r) { return nlohmann::json::parse(r.body()); }
inline std::string code_of(const response& r) {
    return std::to_string(r.result_int()) + " " + json_of(r).value("code", "-");
}

} // namespace berth::test
