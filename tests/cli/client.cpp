// The HTTP and WebSocket clients against a server on a port of its own, and the waits against streams that are told
// what to say.
#include "cli/event_stream.hpp"
#include "cli/http_client.hpp"
#include "cli/server_health.hpp"
#include "cli/wait_online.hpp"
#include "samples.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>

using namespace berth;
using namespace berth::cli;
using namespace std::chrono_literals;

namespace {

/// Takes one connection at a time, reads a header, writes an answer and closes.
class small_server {
public:
    explicit small_server(asio::io_context& io) : acceptor_(io, {asio::ip::make_address("127.0.0.1"), 0}) {}
    server_address address() const {
        server_address where;
        where.port = acceptor_.local_endpoint().port();
        return where;
    }
    task<> answer(std::string text) {
        asio::ip::tcp::socket socket(acceptor_.get_executor());
        co_await acceptor_.async_accept(socket, as_result);
        auto into = asio::dynamic_buffer(seen);
        co_await asio::async_read_until(socket, into, "\r\n\r\n", as_result);
        auto bytes = asio::buffer(text);
        co_await asio::async_write(socket, bytes, as_result);
    }
    std::string seen;

private:
    asio::ip::tcp::acceptor acceptor_;
};

template <class T>
T within_10s(asio::io_context& io, task<T> work) {
    std::optional<T> value;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr failure, T result) {
        if (failure)
            std::rethrow_exception(failure);
        value = std::move(result);
        io.stop();
    });
    io.restart();
    io.run_for(10s);
    BOOST_REQUIRE(value.has_value());
    return std::move(*value);
}

/// Says what it is told to, and then ends; or, as the last word, waits to be closed.
class told_stream final : public event_stream {
public:
    told_stream(asio::any_io_executor executor, std::deque<std::string> messages, bool stays)
        : messages_(std::move(messages)), stays_(stays),
          closed_(executor, std::chrono::steady_clock::time_point::max()) {}
    task<outcome<>> open() override { co_return outcome<>(); }
    task<outcome<>> send(std::string) override { co_return outcome<>(); }
    task<outcome<std::string>> next() override {
        if (messages_.empty()) {
            if (stays_)
                co_await closed_.async_wait(as_result);
            co_return no_server(server_address{});
        }
        auto message = messages_.front();
        messages_.pop_front();
        co_return message;
    }
    void close() override { closed_.cancel(); }

private:
    std::deque<std::string> messages_;
    bool stays_;
    asio::steady_timer closed_;
};

struct client_world {
    asio::io_context io;
    console quiet{-1, -1, {}, [](int) {}};
    std::unique_ptr<http_client> http = create_http_client(io.get_executor(), server_address{});
    session s{io.get_executor(), quiet, server_address{}, true, *http, {}, {}};
    std::deque<std::deque<std::string>> connections; // what each says; the last one stays
    listed_app app = sample_app("abc1234567", "Shop", "launching");

    client_world() {
        s.events = [this] {
            auto says = connections.empty() ? std::deque<std::string>() : connections.front();
            if (!connections.empty())
                connections.pop_front();
            return std::make_unique<told_stream>(io.get_executor(), says, connections.empty());
        };
    }
    std::string snapshot(std::vector<nlohmann::ordered_json> apps) {
        return nlohmann::ordered_json{{"type", "snapshot"}, {"revision", 1}, {"apps", apps}}.dump();
    }
    std::string message(const nlohmann::ordered_json& value) {
        return nlohmann::ordered_json{{"type", "app"}, {"revision", 2}, {"app", value}}.dump();
    }
    outcome<listed_app> wait(std::chrono::seconds timeout = 10s) {
        return within_10s(io, wait_until_online(s, app, timeout));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(an_answer_is_passed_on_as_it_is) {
    asio::io_context io;
    small_server server(io);
    auto client = create_http_client(io.get_executor(), server.address());
    asio::co_spawn(io, server.answer("HTTP/1.1 409 Conflict\r\nContent-Length: 7\r\n\r\n{\"a\":1}"), asio::detached);
    http_request request;
    request.method = "POST";
    request.target = "/api/apps";
    request.body = "{}";
    auto reply = within_10s(io, client->send(request));
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->status == 409);
    BOOST_TEST(reply->body == "{\"a\":1}");
    BOOST_TEST(server.seen.starts_with(
        "POST /api/apps HTTP/1.1\r\nHost: localhost:" + std::to_string(server.address().port) + "\r\n"));
    BOOST_TEST(server.seen.find("Content-Type: application/json\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(failures) {
    struct {
        const char* answer;
        int code;
        const char* part;
    } const rows[] = {
        {"", exit_code::no_server, "went away before it answered"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", exit_code::no_server, "went away before it answered"},
        {"SSH-2.0-OpenSSH_9.2\r\n", exit_code::no_server, "answers, but it is not Berth; choose another with --url"},
    };
    for (auto& row : rows) {
        asio::io_context io;
        small_server server(io);
        auto client = create_http_client(io.get_executor(), server.address());
        asio::co_spawn(io, server.answer(row.answer), asio::detached);
        http_request request;
        request.method = "GET";
        request.target = "/";
        auto reply = within_10s(io, client->send(request));
        BOOST_REQUIRE(reply.has_error());
        BOOST_TEST(reply.error().code == row.code, row.answer);
        BOOST_TEST(reply.error().text.find(row.part) != std::string::npos, reply.error().text);
    }
}

BOOST_AUTO_TEST_CASE(nobody_listens) {
    asio::io_context io;
    server_address nowhere;
    nowhere.port = 1;
    auto client = create_http_client(io.get_executor(), nowhere);
    http_request request;
    request.method = "GET";
    request.target = "/";
    BOOST_TEST(within_10s(io, client->send(request)).error().code == exit_code::no_server);
    auto stream = create_event_stream(io.get_executor(), nowhere);
    BOOST_TEST(within_10s(io, stream->open()).error().code == exit_code::no_server);
}

BOOST_AUTO_TEST_CASE(a_websocket_that_is_refused_tells_why) {
    asio::io_context io;
    small_server server(io);
    asio::co_spawn(io,
                   server.answer("HTTP/1.1 503 Unavailable\r\nContent-Length: 53\r\n\r\n"
                                 R"({"detail":"Too many clients.","code":"shutting_down"})"),
                   asio::detached);
    auto stream = create_event_stream(io.get_executor(), server.address());
    auto opened = within_10s(io, stream->open());
    BOOST_REQUIRE(opened.has_error());
    BOOST_TEST(opened.error().code == exit_code::failed);
}

BOOST_AUTO_TEST_CASE(a_page_in_place_of_a_websocket_is_not_berth) {
    asio::io_context io;
    small_server server(io);
    asio::co_spawn(io, server.answer("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"), asio::detached);
    auto stream = create_event_stream(io.get_executor(), server.address());
    auto opened = within_10s(io, stream->open());
    BOOST_REQUIRE(opened.has_error());
    BOOST_TEST(opened.error().text ==
               server.address().url() + " answers, but it is not Berth; choose another with --url");
    BOOST_TEST(opened.error().code == exit_code::no_server);
}

BOOST_AUTO_TEST_CASE(a_stranger_is_named) {
    server_address server;
    auto answers = [&](std::string health) { return stranger(server, outcome<std::string>(std::move(health))).text; };
    BOOST_TEST(answers(R"({"version":"9.9.9","pm2":{}})") ==
               "the server at http://localhost:3099 is Berth 9.9.9, and this is berth " BERTH_VERSION
               ": they do not understand each other; start the server again with this one, or call that one");
    BOOST_TEST(answers(R"({"version":")" BERTH_VERSION R"(","pm2":{}})").find("of the same version") !=
               std::string::npos);
    for (auto* other : {"", "<html>", "{}", "[]", R"({"version":1,"pm2":{}})", R"({"version":"1.0"})"})
        BOOST_TEST(answers(other) == "http://localhost:3099 answers, but it is not Berth; choose another with --url");
    BOOST_TEST((stranger(server, failed("no")).code == exit_code::no_server));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(waiting_until_online, client_world)

BOOST_AUTO_TEST_CASE(rules) {
    struct {
        const char *status, *operation;
        prospect expected;
    } const rows[] = {
        {"online", "", prospect::online},         {"launching", "", prospect::open},
        {"online", "restarting", prospect::open}, {"unknown", "", prospect::open},
        {"errored", "", prospect::hopeless},      {"stopped", "", prospect::hopeless},
        {"stopped", "starting", prospect::open},
    };
    for (auto& row : rows) {
        auto a = sample_app("abc1234567", "Shop", row.status);
        a.operation = row.operation;
        BOOST_TEST((prospect_of(a) == row.expected), row.status << " " << row.operation);
    }
}

BOOST_AUTO_TEST_CASE(online_at_once) {
    connections = {{snapshot({sample_json("abc1234567", "Shop")})}};
    BOOST_TEST(wait()->status == "online");
}

BOOST_AUTO_TEST_CASE(online_later_over_another_connection) {
    connections = {
        {snapshot({sample_json("abc1234567", "Shop", "launching")})},
        {snapshot({sample_json("abc1234567", "Shop", "launching")}), message(sample_json("abc1234567", "Shop"))}};
    BOOST_TEST(wait()->status == "online");
}

BOOST_AUTO_TEST_CASE(errored_tells_the_reason) {
    auto value = sample_json("abc1234567", "Shop", "errored");
    value["statusReason"] = "Port 3100 is in use by node, pid 812.";
    connections = {{snapshot({value})}};
    auto failed = wait();
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST(failed.error().text ==
               "\"Shop\" is errored: Port 3100 is in use by node, pid 812; see: berth logs abc1234567");
}

BOOST_AUTO_TEST_CASE(deleted_meanwhile) {
    connections = {{snapshot({})}};
    BOOST_TEST(wait().error().text == "\"Shop\" was deleted meanwhile");
}

BOOST_AUTO_TEST_CASE(too_late) {
    connections = {{snapshot({sample_json("abc1234567", "Shop", "launching")})}};
    BOOST_TEST(wait(1s).error().text == "\"Shop\" is launching, not online, after 1 s; see: berth logs abc1234567");
}

BOOST_AUTO_TEST_SUITE_END()
