#include "cli/http_client.hpp"

#include "cli/connect.hpp"
#include "cli/sanitizer.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace berth::cli {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint64_t max_answer = 64 * 1024 * 1024; // two logs of 1 MiB, each byte escaped, and to spare

failure gone(std::string text) { return {exit_code::no_server, std::move(text)}; }

class client final : public http_client {
public:
    client(asio::any_io_executor executor, server_address address)
        : executor_(executor), address_(std::move(address)) {}

    task<outcome<http_reply>> send(http_request wish) override {
        beast::tcp_stream stream(executor_);
        auto connected = co_await connect(stream, address_);
        if (connected.has_error())
            co_return connected.error();
        stream.expires_after(wish.deadline);

        http::request<http::string_body> request;
        request.method_string(wish.method);
        request.target(wish.target);
        request.set(http::field::host, address_.authority());
        request.set(http::field::user_agent, "berth/" BERTH_VERSION);
        request.set(http::field::accept, "application/json, application/problem+json");
        request.keep_alive(false);
        if (!wish.body.empty()) {
            request.set(http::field::content_type, "application/json");
            request.body() = wish.body;
        }
        if (wish.method != "GET")
            request.prepare_payload();
        auto [not_written, written] = co_await http::async_write(stream, request, as_result);
        boost::ignore_unused(written);
        if (not_written)
            co_return broken(not_written, wish);

        beast::flat_buffer buffer;
        http::response_parser<http::string_body> parser;
        parser.body_limit(max_answer);
        auto [not_read, read] = co_await http::async_read(stream, buffer, parser, as_result);
        boost::ignore_unused(read);
        if (not_read)
            co_return broken(not_read, wish);
        http_reply reply;
        reply.status = parser.get().result_int();
        reply.body = std::move(parser.get().body());
        co_return reply;
    }

private:
    failure broken(boost::system::error_code why, const http_request& wish) const {
        if (why == beast::error::timeout)
            return failed(fmt::format("{} did not answer {} {} within {} s; see: berth health", address_.url(),
                                      wish.method, wish.target, wish.deadline.count()));
        if (why.category() == http::make_error_code(http::error::bad_version).category() &&
            why != http::error::end_of_stream && why != http::error::partial_message)
            return not_berth(address_);
        return gone(fmt::format("the server at {} went away before it answered; start it again with: berth up",
                                address_.url()));
    }

    asio::any_io_executor executor_;
    server_address address_;
};

failure problem_of(const http_reply& reply, const server_address& address) {
    auto value = nlohmann::json::parse(reply.body, nullptr, false);
    bool readable = value.is_object() && value.contains("code") && value["code"].is_string() &&
                    value["detail"].is_string() && !value["detail"].get_ref<const std::string&>().empty();
    if (!readable)
        return not_berth(address);
    failure why;
    why.problem = reply.body;
    why.api_code = value["code"].get<std::string>();
    why.code = why.api_code == "invalid_request" ? exit_code::usage : exit_code::failed;
    auto detail = value["detail"].get<std::string>();
    // The detail of a failed scaffold ends with the last lines of its output.
    auto first_end = detail.find('\n');
    why.text = plain_line(detail.substr(0, first_end));
    if (first_end != detail.npos)
        why.quoted = detail.substr(first_end + 1);
    return why;
}

} // namespace

std::unique_ptr<http_client> create_http_client(asio::any_io_executor executor, server_address address) {
    return std::make_unique<client>(executor, std::move(address));
}

failure no_server(const server_address& address) {
    auto flag = address.port == 3099 ? std::string() : fmt::format(" --port {}", address.port);
    return gone(fmt::format("no berth server at {}; start one with: berth up{}", address.url(), flag));
}

failure not_berth(const server_address& address) {
    return foreign_answer(fmt::format("{} answers, but it is not Berth; choose another with --url", address.url()));
}

outcome<std::string> body_or_problem(const http_reply& reply, const server_address& address) {
    if (reply.status >= 200 && reply.status < 300)
        return reply.body;
    return problem_of(reply, address);
}

} // namespace berth::cli
