#include "net/live/websocket.hpp"

#include "net/http/reply.hpp"
#include "net/live/deflate_offers.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/zlib/error.hpp>

#include <array>

namespace berth::net {
namespace {

namespace ws = boost::beast::websocket;

class beast_websocket final : public websocket {
public:
    beast_websocket(asio::ip::tcp::socket socket, bool compress)
        : stream_(std::move(socket)), written_(stream_.get_executor(), std::chrono::steady_clock::time_point::max()) {
        boost::system::error_code ec;
        auto& tcp = stream_.next_layer();
        tcp.set_option(asio::ip::tcp::no_delay(true), ec);
        // What a slow client's news wait behind; the system would let it grow to 4 MB.
        tcp.set_option(asio::socket_base::send_buffer_size(256 * 1024), ec);
        stream_.set_option(compression(compress));
        stream_.set_option(ws::stream_base::decorator([](ws::response_type& answer) {
            for (auto& [name, value] : security_fields())
                answer.set(boost::beast::string_view(name.data(), name.size()),
                           boost::beast::string_view(value.data(), value.size()));
        }));
        stream_.control_callback([this](ws::frame_type, boost::beast::string_view) { heard(); });
        stream_.read_message_max(max_message);
        stream_.auto_fragment(false);
        stream_.write_buffer_bytes(1024); // used for compressing alone
        stream_.text(true);
    }

    task<bool> accept(upgrade_request request) override {
        namespace http = boost::beast::http;
        std::string offers;
        for (auto [at, end] = request.equal_range(http::field::sec_websocket_extensions); at != end; ++at)
            offers.append(offers.empty() ? "" : ", ").append(at->value());
        offers = without_smallest_window(offers);
        if (offers.empty())
            request.erase(http::field::sec_websocket_extensions);
        else
            request.set(http::field::sec_websocket_extensions, offers);
        auto [ec] = co_await stream_.async_accept(request, as_result);
        co_return !ec;
    }

    task<std::optional<std::string>> read() override {
        buffer_.clear();
        if (buffer_.capacity() > 4096)
            buffer_.shrink_to_fit();
        auto [ec, n] = co_await stream_.async_read(buffer_, as_result);
        if (ec.category() == deflate_errors())
            co_await refuse_payload();
        if (ec)
            co_return std::nullopt;
        heard();
        if (!stream_.got_text()) {
            co_await close_with(ws::close_code::unknown_data);
            co_return std::nullopt;
        }
        auto bytes = buffer_.cdata();
        co_return std::string(static_cast<const char*>(bytes.data()), n);
    }

    task<bool> write(const std::string& text) override {
        stream_.compress(true);
        return send(text);
    }

    task<bool> write_plain(const std::string& text) override {
        stream_.compress(false);
        return send(text);
    }
    task<bool> ping() override {
        ws::ping_data nothing;
        ++writes_;
        auto [ec] = co_await stream_.async_ping(nothing, as_result);
        co_await wrote();
        co_return !ec;
    }

    task<> close() override { return close_with(ws::close_code::going_away); }

    void abort() override {
        boost::system::error_code ec;
        stream_.next_layer().close(ec);
    }

    std::chrono::steady_clock::time_point last_heard() const override { return heard_; }

private:
    task<bool> send(const std::string& text) {
        auto buffer = asio::buffer(text);
        ++writes_;
        auto [ec, n] = co_await stream_.async_write(buffer, as_result);
        co_await wrote();
        co_return !ec;
    }
    /// A write that ends while a payload is refused waits for that: who hears of its failure closes the socket.
    task<> wrote() {
        if (--writes_ == 0)
            written_.cancel();
        while (refusing_)
            co_await written_.async_wait(as_result);
    }

    static const boost::system::error_category& deflate_errors() {
        return make_error_code(boost::beast::zlib::error::invalid_block_type).category();
    }

    /// 1007 for what does not inflate, as for text that is not UTF-8. By hand: Beast drops the connection without a
    /// word, and its stream writes nothing any more. Behind what it was writing, and read on, so that the word arrives.
    task<> refuse_payload() {
        closing_ = refusing_ = true;
        while (writes_ > 0)
            co_await written_.async_wait(as_result);
        static constexpr std::array<unsigned char, 4> close_frame = {0x88, 2, 1007 >> 8, 1007 & 0xFF};
        auto bytes = asio::buffer(close_frame);
        auto& tcp = stream_.next_layer();
        auto [failed, sent] = co_await asio::async_write(tcp, bytes, as_result);
        boost::system::error_code ec = failed;
        if (!ec)
            tcp.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
        std::array<char, 4096> scratch;
        auto into = asio::buffer(scratch);
        while (!ec) {
            auto [ended, n] = co_await tcp.async_read_some(into, as_result);
            ec = ended;
        }
        refusing_ = false;
        written_.cancel();
    }

    /// Little memory for each client before much compression: no context is kept between messages, windows of 1 KiB. On
    /// the loopback bytes are cheap.
    static ws::permessage_deflate compression(bool enable) {
        ws::permessage_deflate o;
        o.server_enable = enable;
        o.server_no_context_takeover = true;
        o.client_no_context_takeover = true;
        o.server_max_window_bits = 10;
        o.compLevel = 1;
        o.memLevel = 1;
        o.msg_size_threshold = compress_from;
        return o;
    }
    task<> close_with(ws::close_code code) {
        if (closing_) // Beast allows one close at a time
            co_return;
        closing_ = true;
        ws::close_reason reason(code);
        co_await stream_.async_close(reason, as_result);
    }
    /// Not while it is being closed: who goes on talking then shall not stay for it.
    void heard() {
        if (!closing_)
            heard_ = std::chrono::steady_clock::now();
    }

    ws::stream<asio::ip::tcp::socket> stream_;
    boost::beast::flat_buffer buffer_;
    bool closing_ = false;
    bool refusing_ = false;
    int writes_ = 0;             // under way
    asio::steady_timer written_; // never expires; cancelled when one of the two has changed
    std::chrono::steady_clock::time_point heard_ = std::chrono::steady_clock::now();
};

} // namespace

std::unique_ptr<websocket> create_websocket(asio::ip::tcp::socket socket, bool compress) {
    return std::make_unique<beast_websocket>(std::move(socket), compress);
}

} // namespace berth::net
