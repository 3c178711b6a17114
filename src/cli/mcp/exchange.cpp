#include "cli/mcp/exchange.hpp"

#include "cli/connect.hpp"
#include "cli/http_client.hpp"
#include "cli/mcp/event_reader.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <deque>

namespace berth::cli::mcp {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds patience{60};
constexpr std::size_t max_message = 16 * 1024 * 1024;

class plain_exchange final : public exchange {
public:
    plain_exchange(asio::any_io_executor executor, server_address address)
        : stream_(executor), address_(std::move(address)) {
        parser_.body_limit(boost::none); // a stream of events has no end; a message has a bound of its own
    }

    task<outcome<>> connect() override { return cli::connect(stream_, address_); }

    task<outcome<head>> send(request wish) override {
        auto asked = to_http(wish);
        stream_.expires_after(patience);
        auto [not_written, written] = co_await http::async_write(stream_, asked, as_result);
        boost::ignore_unused(written);
        if (not_written)
            co_return no_server(address_);
        auto [not_read, read] = co_await http::async_read_header(stream_, buffer_, parser_, as_result);
        boost::ignore_unused(read);
        if (not_read)
            co_return no_server(address_);
        auto& answer = parser_.get();
        head said;
        said.status = answer.result_int();
        said.session = answer["Mcp-Session-Id"];
        said.stream = answer[http::field::content_type].starts_with("text/event-stream");
        is_stream_ = said.stream;
        co_return said;
    }

    task<outcome<std::optional<std::string>>> next() override {
        while (ready_.empty() && !broken_ && !parser_.is_done()) {
            std::array<char, 16 * 1024> room;
            auto& body = parser_.get().body();
            body.data = room.data();
            body.size = room.size();
            stream_.expires_after(patience);
            auto [failed, read] = co_await http::async_read_some(stream_, buffer_, parser_, as_result);
            boost::ignore_unused(read);
            take({room.data(), room.size() - body.size});
            broken_ = (failed && failed != http::error::need_buffer) || pending() > max_message;
        }
        std::optional<std::string> message;
        if (!ready_.empty()) {
            message = std::move(ready_.front());
            ready_.pop_front();
        } else if (broken_) {
            co_return no_server(address_);
        } else if (!document_.empty()) {
            message = std::exchange(document_, {});
        }
        co_return message;
    }

    std::string last_event() const override { return events_.last_id(); }
    std::optional<std::chrono::milliseconds> retry() const override { return events_.retry(); }

private:
    http::request<http::string_body> to_http(const request& wish) const {
        http::request<http::string_body> asked;
        asked.method_string(wish.method);
        asked.target("/mcp");
        asked.set(http::field::host, address_.authority());
        asked.set(http::field::user_agent, "berth/" BERTH_VERSION);
        asked.set(http::field::accept,
                  wish.method == "POST" ? "application/json, text/event-stream" : "text/event-stream");
        asked.keep_alive(false);
        if (!wish.session.empty())
            asked.set("Mcp-Session-Id", wish.session);
        if (!wish.revision.empty())
            asked.set("MCP-Protocol-Version", wish.revision);
        if (!wish.after.empty())
            asked.set("Last-Event-ID", wish.after);
        if (wish.method == "POST") {
            asked.set(http::field::content_type, "application/json");
            asked.body() = wish.body;
            asked.prepare_payload();
        }
        return asked;
    }

    void take(std::string_view bytes) {
        if (!is_stream_) {
            document_ += bytes;
            return;
        }
        for (auto& event : events_.feed(bytes))
            ready_.push_back(std::move(event));
    }

    std::size_t pending() const { return is_stream_ ? events_.pending() : document_.size(); }

    beast::tcp_stream stream_;
    server_address address_;
    beast::flat_buffer buffer_;
    http::response_parser<http::buffer_body> parser_;
    bool is_stream_ = false;
    bool broken_ = false;
    event_reader events_;
    std::deque<std::string> ready_;
    std::string document_;
};

} // namespace

std::unique_ptr<exchange> create_exchange(asio::any_io_executor executor, server_address address) {
    return std::make_unique<plain_exchange>(executor, std::move(address));
}

} // namespace berth::cli::mcp
