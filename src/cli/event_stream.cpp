#include "cli/event_stream.hpp"

#include "cli/connect.hpp"
#include "cli/http_client.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/format.h>

namespace berth::cli {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

constexpr std::size_t max_message = 16 * 1024 * 1024;

class stream final : public event_stream {
public:
    stream(asio::any_io_executor executor, server_address address) : socket_(executor), address_(std::move(address)) {}

    task<outcome<>> open() override {
        auto connected = co_await connect(socket_.next_layer(), address_);
        if (connected.has_error())
            co_return connected;
        socket_.next_layer().expires_never(); // the WebSocket has deadlines of its own
        websocket::stream_base::timeout deadlines;
        deadlines.handshake_timeout = std::chrono::seconds(5);
        deadlines.idle_timeout = std::chrono::seconds(60);
        deadlines.keep_alive_pings = true;
        socket_.set_option(deadlines);
        socket_.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
            request.set(beast::http::field::user_agent, "berth/" BERTH_VERSION);
        }));
        socket_.read_message_max(max_message);
        websocket::response_type response;
        auto host = address_.authority();
        auto [refused] = co_await socket_.async_handshake(response, host, "/api/events", as_result);
        // A 200 where a WebSocket was asked for is another program's page.
        if (refused == websocket::error::upgrade_declined && response.result_int() < 300)
            co_return not_berth(address_);
        if (refused == websocket::error::upgrade_declined) {
            http_reply reply;
            reply.status = response.result_int();
            reply.body = response.body();
            co_return body_or_problem(reply, address_).error();
        }
        if (refused)
            co_return no_server(address_);
        co_return outcome<>();
    }

    task<outcome<>> send(std::string message) override {
        socket_.text(true);
        auto buffer = asio::buffer(message);
        auto [broken, written] = co_await socket_.async_write(buffer, as_result);
        boost::ignore_unused(written);
        if (broken)
            co_return no_server(address_);
        co_return outcome<>();
    }

    task<outcome<std::string>> next() override {
        auto [broken, read] = co_await socket_.async_read(buffer_, as_result);
        boost::ignore_unused(read);
        if (broken)
            co_return no_server(address_);
        auto message = beast::buffers_to_string(buffer_.data());
        buffer_.consume(buffer_.size());
        co_return message;
    }

    void close() override { socket_.next_layer().close(); }

private:
    websocket::stream<beast::tcp_stream, false> socket_;
    beast::flat_buffer buffer_;
    server_address address_;
};

} // namespace

std::unique_ptr<event_stream> create_event_stream(asio::any_io_executor executor, server_address address) {
    return std::make_unique<stream>(executor, std::move(address));
}

} // namespace berth::cli
