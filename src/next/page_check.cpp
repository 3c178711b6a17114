#include "next/page_check.hpp"

#include "core/worker.hpp"
#include "next/page_answer.hpp"
#include "next/saved_source.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace berth {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint32_t longest_head = 16 * 1024; // bytes

page_answer failure(std::string why) {
    page_answer answer;
    answer.why = std::move(why);
    return answer;
}

/// What came over the wire: a head, and a body if its status is 200.
struct wire_answer {
    int status = 0;
    std::string type;
    std::string body;
};

/// One question's connection, which Berth's own list of them knows for as long as it is open.
class connection {
public:
    connection(const asio::any_io_executor& executor, own_connections& own, std::set<connection*>& all)
        : stream(executor), own_(own), all_(all) {
        all_.insert(this);
    }
    ~connection() {
        close();
        all_.erase(this);
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Bound to a port before it connects: no look at the machine may see it and not know it.
    bool open(const asio::ip::address& from) {
        close();
        beast::error_code failed;
        auto& socket = stream.socket();
        tcp::endpoint any_port(from, 0);
        socket.open(any_port.protocol(), failed);
        if (!failed)
            socket.bind(any_port, failed);
        if (failed)
            return false;
        auto bound = socket.local_endpoint(failed);
        port_ = bound.port();
        own_.add(*port_);
        return true;
    }
    void close() {
        beast::error_code ignored;
        stream.socket().close(ignored);
        if (auto port = std::exchange(port_, std::nullopt))
            own_.remove(*port);
    }
    /// Ends what waits for it; it stays known until its owner is done.
    void abort() {
        aborted = true;
        stream.cancel();
    }

    beast::tcp_stream stream;
    bool aborted = false;

private:
    own_connections& own_;
    std::set<connection*>& all_;
    std::optional<std::uint16_t> port_;
};

class next_page_checker final : public page_checker {
public:
    next_page_checker(asio::any_io_executor executor, asio::thread_pool& workers, asio::thread_pool& disks,
                      std::shared_ptr<own_connections> own, page_check_options options)
        : executor_(std::move(executor)), workers_(workers), disks_(disks), own_(std::move(own)), options_(options) {}

    task<page_answer> ask(page_target target, page_question question) override {
        auto until = std::chrono::steady_clock::now() + hears_within;
        for (;;) {
            auto answer = co_await ask_once(target, question);
            if (!answer.first || closed_ || std::chrono::steady_clock::now() >= until)
                co_return std::move(answer);
            auto look = [told = *answer.first, &target] { return is_of_saved_source(told, target.directory); };
            auto pool = disks_.get_executor();
            bool is_now = co_await run_on(pool, executor_, std::move(look));
            if (is_now)
                co_return std::move(answer);
            asio::steady_timer moment(executor_, std::chrono::milliseconds(200));
            co_await moment.async_wait(as_result);
        }
    }

    bool shows_request(std::string_view output) const override { return berth::shows_request(output); }

    void close() override {
        closed_ = true;
        for (auto each : connections_)
            each->abort();
    }

private:
    task<page_answer> ask_once(const page_target& target, page_question question) {
        if (closed_)
            co_return failure("Berth is ending.");
        auto told = co_await fetch(target.port, question);
        if (!told)
            co_return failure(told.error().detail);
        auto read_it = [told = std::move(*told), question, directory = target.directory] {
            return parse_answer(told.status, told.type, told.body, question, directory);
        };
        auto pool = workers_.get_executor();
        auto answer = co_await run_on(pool, executor_, std::move(read_it));
        if (answer.first && answer.first->file)
            co_await find_file(target.directory, *answer.first->file);
        co_return std::move(answer);
    }

    task<result<wire_answer>> fetch(std::uint16_t port, page_question question) {
        connection c(executor_, *own_, connections_);
        c.stream.expires_after(options_.deadline);
        bool connected = false;
        const std::array<asio::ip::address, 2> loopback{asio::ip::address_v4::loopback(),
                                                        asio::ip::address_v6::loopback()};
        for (auto& address : loopback) {
            if (c.aborted || !c.open(address))
                continue;
            tcp::endpoint there(address, port);
            auto [failed] = co_await c.stream.async_connect(there, as_result);
            if (failed == beast::error::timeout)
                co_return silent();
            connected = !failed;
            if (connected)
                break;
        }
        if (!connected)
            co_return told("Its dev server does not accept connections.");

        auto request = request_for(port, question);
        auto [not_written, written] = co_await http::async_write(c.stream, request, as_result);
        boost::ignore_unused(written);
        if (not_written)
            co_return wrong(not_written);

        beast::flat_buffer buffer;
        http::response_parser<http::string_body> parser;
        parser.header_limit(longest_head);
        parser.body_limit(options_.longest_answer);
        auto [no_head, head] = co_await http::async_read_header(c.stream, buffer, parser, as_result);
        boost::ignore_unused(head);
        if (no_head)
            co_return wrong(no_head);
        wire_answer answer;
        answer.status = parser.get().result_int();
        answer.type = std::string(parser.get()[http::field::content_type]);
        bool streams = answer.type.starts_with("text/event-stream");
        while (answer.status == 200 && !parser.is_done()) {
            auto [failed, size] = co_await http::async_read_some(c.stream, buffer, parser, as_result);
            boost::ignore_unused(size);
            if (failed)
                co_return wrong(failed);
            auto& body = parser.get().body();
            if (streams && (body.ends_with("\n\n") || body.ends_with("\r\n\r\n")) && body.find("data:") != body.npos)
                break; // the event is whole, whether the stream ends or not
        }
        answer.body = std::move(parser.get().body());
        co_return answer;
    }

    static http::request<http::string_body> request_for(std::uint16_t port, page_question question) {
        http::request<http::string_body> request(http::verb::post, "/_next/mcp", 11);
        request.set(http::field::host, fmt::format("localhost:{}", port));
        request.set(http::field::user_agent, "berth/" BERTH_VERSION);
        request.set(http::field::accept, "application/json, text/event-stream");
        request.set(http::field::content_type, "application/json");
        request.keep_alive(false);
        request.body() = question_text(question);
        request.prepare_payload();
        return request;
    }

    static error told(std::string why) { return {errc::internal_error, std::move(why)}; }
    error silent() const {
        auto seconds = std::chrono::ceil<std::chrono::seconds>(options_.deadline).count();
        return told(fmt::format("It did not answer within {} s.", seconds));
    }
    error wrong(beast::error_code why) const {
        if (why == beast::error::timeout)
            return silent();
        if (why == http::error::body_limit || why == http::error::header_limit)
            return told("Its dev server gave an answer that is too long.");
        if (why == http::error::end_of_stream || why == http::error::partial_message)
            return told("Its dev server closed the connection before it had answered.");
        if (why.category() == http::make_error_code(http::error::bad_version).category())
            return told("Its dev server gave an answer that cannot be read.");
        return told("The connection to its dev server was lost.");
    }

    task<> find_file(std::filesystem::path directory, std::string& file) {
        auto look = [directory = std::move(directory), told = file] { return where_it_lies(told, directory); };
        auto pool = disks_.get_executor();
        file = co_await run_on(pool, executor_, std::move(look));
    }

    asio::any_io_executor executor_;
    asio::thread_pool& workers_;
    asio::thread_pool& disks_;
    std::shared_ptr<own_connections> own_;
    page_check_options options_;
    std::set<connection*> connections_;
    bool closed_ = false;
};

} // namespace

std::string where_it_lies(const std::string& told, const std::filesystem::path& directory) {
    std::filesystem::path file(told);
    if (file.is_absolute() || std::find(file.begin(), file.end(), "..") != file.end())
        return told;
    std::error_code ignored;
    for (auto above = directory; above.has_relative_path(); above = above.parent_path()) {
        auto found = above / file;
        if (!std::filesystem::exists(found, ignored))
            continue;
        auto relative = found.lexically_relative(directory);
        return relative.begin()->string() == ".." ? found.string() : relative.string();
    }
    return told;
}

std::unique_ptr<page_checker> create_page_checker(asio::any_io_executor executor, asio::thread_pool& workers,
                                                  asio::thread_pool& disks, std::shared_ptr<own_connections> own,
                                                  page_check_options options) {
    return std::make_unique<next_page_checker>(std::move(executor), workers, disks, std::move(own), options);
}

} // namespace berth
