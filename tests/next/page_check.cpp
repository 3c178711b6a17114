// Questions to servers that answer as they should, and in every other way.
#include "next/page_check.hpp"
#include "next/saved_source.hpp"

#include "support/reactor.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace berth;
using namespace berth::test;
using asio::ip::tcp;

namespace {

using outcome = page_answer::outcome;

const std::string events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

std::string issue_in(const std::string& file) {
    nlohmann::json told = {{"issues", {{{"severity", "error"}, {"title", "boom"}, {"filePath", file}}}}};
    nlohmann::json envelope = {
        {"jsonrpc", "2.0"}, {"id", 1}, {"result", {{"content", {{{"type", "text"}, {"text", told.dump()}}}}}}};
    return "event: message\ndata: " + envelope.dump() + "\n\n";
}

std::string chunked(const std::string& text) {
    std::ostringstream size;
    size << std::hex << text.size();
    return size.str() + "\r\n" + text + "\r\n";
}

struct asking : reactor {
    temp_folder folder;
    std::shared_ptr<own_connections> own = std::make_shared<own_connections>();
    page_check_options options{patience(10s), std::size_t{1} << 16};
    std::unique_ptr<page_checker> checker;
    std::string heard;                  // the last question
    std::multiset<std::uint16_t> known; // Berth's own connections, while it was asked
    std::uint16_t asked_from = 0;

    void make() { checker = create_page_checker(io.get_executor(), pool, pool, own, options); }
    page_answer ask(std::uint16_t port) {
        if (!checker)
            make();
        page_target target{port, folder.path()};
        return run(checker->ask(target, page_question::compile));
    }
    /// Answers one question with these bytes, over and over if so many times, and then closes or holds the line.
    page_answer answered(std::string bytes, int times = 1, bool holds = false, bool v6 = false) {
        auto address = v6 ? asio::ip::address(asio::ip::address_v6::loopback()) : asio::ip::address_v4::loopback();
        tcp::acceptor acceptor(io, {address, 0});
        auto port = acceptor.local_endpoint().port();
        asio::co_spawn(io, serve(acceptor, std::move(bytes), times, holds), asio::detached);
        auto told = ask(port);
        BOOST_TEST(own->ports().empty());
        return told;
    }
    task<> serve(tcp::acceptor& acceptor, std::string bytes, int times, bool holds) {
        auto client = co_await acceptor.async_accept(asio::use_awaitable);
        asio::streambuf question;
        auto [no_head, size] = co_await asio::async_read_until(client, question, "tools/call", as_result);
        boost::ignore_unused(no_head, size);
        auto all = question.data();
        heard.assign(asio::buffers_begin(all), asio::buffers_end(all));
        known = own->ports();
        boost::system::error_code ignored;
        asked_from = client.remote_endpoint(ignored).port();
        for (int i = 0; i < times; ++i) {
            auto [failed, sent] = co_await asio::async_write(client, asio::buffer(bytes), as_result);
            boost::ignore_unused(sent);
            if (failed)
                co_return;
        }
        while (holds) {
            char byte;
            auto [gone, read] = co_await client.async_read_some(asio::buffer(&byte, 1), as_result);
            boost::ignore_unused(read);
            holds = !gone;
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(page_checks, asking)

BOOST_AUTO_TEST_CASE(an_answer_as_next_gives_it) {
    auto told =
        answered(events + "Transfer-Encoding: chunked\r\n\r\n" + chunked(issue_in("[project]/src/a.ts")) + "0\r\n\r\n");
    BOOST_TEST((told.what == outcome::told));
    BOOST_TEST(told.first->place() == "src/a.ts");
    BOOST_TEST(heard.starts_with("POST /_next/mcp HTTP/1.1\r\n"));
    BOOST_TEST(heard.find("Host: localhost:") != heard.npos);
    BOOST_TEST(heard.find("Accept: application/json, text/event-stream\r\n") != heard.npos);
    BOOST_TEST(heard.find("Content-Type: application/json\r\n") != heard.npos);
    BOOST_TEST(known.contains(asked_from)); // so that nobody counts it as a visit
}

BOOST_AUTO_TEST_CASE(over_ipv6_and_a_stream_that_stays_open) {
    BOOST_TEST(answered(events + "\r\n" + issue_in("a.ts"), 1, false, true).errors == 1);
    BOOST_TEST(answered(events + "Transfer-Encoding: chunked\r\n\r\n" + chunked(issue_in("a.ts")), 1, true).errors ==
               1);
}

BOOST_AUTO_TEST_CASE(what_is_not_the_endpoint) {
    for (std::string head : {"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<!doctype html>",
                             "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"})
        BOOST_TEST((answered(head).what == outcome::no_endpoint), head);
}

BOOST_AUTO_TEST_CASE(garbage_silence_and_floods) {
    options.deadline = 300ms;
    make();
    struct {
        std::string bytes;
        int times;
        bool holds;
        std::string why;
    } rows[] = {
        {"", 1, true, "It did not answer within 1 s."},
        {events + "Content-Length: 100\r\n\r\ndata: {", 1, true, "It did not answer within 1 s."},
        {"", 1, false, "Its dev server closed the connection before it had answered."},
        {events + "Content-Length: 100\r\n\r\ndata: {", 1, false,
         "Its dev server closed the connection before it had answered."},
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", 1, true, "Its dev server gave an answer that cannot be read."},
        {events + "Content-Length: 5\r\n\r\nhello", 1, true, "Its dev server gave an answer that cannot be read."},
        {events + "\r\n" + std::string(4096, 'x'), 100, false, "Its dev server gave an answer that is too long."},
        {events + "Content-Length: 104857600\r\n\r\n", 1, true, "Its dev server gave an answer that is too long."},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(64 << 10, 'x'), 1, true,
         "Its dev server gave an answer that is too long."},
        {"HTTP/1.1 500 Oh\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\n.", 1, true,
         "Its dev server answered with an error (500)."},
    };
    for (auto& row : rows) {
        auto told = answered(row.bytes, row.times, row.holds);
        BOOST_TEST((told.what == outcome::failed), row.bytes.substr(0, 60));
        BOOST_TEST(told.why == row.why);
    }
    auto nobody = ask(free_port());
    BOOST_TEST(nobody.why == "Its dev server does not accept connections.");
}

BOOST_AUTO_TEST_CASE(a_file_is_named_as_it_lies_on_the_disk) {
    auto name = folder.path().filename().string();
    auto file = name + "/page.tsx"; // of a workspace above, or of a folder inside with the same name
    write_file(folder / "page.tsx", "");
    auto answer = events + "\r\n" + issue_in("[project]/" + file);
    BOOST_TEST(*answered(answer).first->file == "page.tsx");
    std::filesystem::create_directories(folder / name);
    write_file(folder / file, "");
    BOOST_TEST(*answered(answer).first->file == file);
}

BOOST_AUTO_TEST_CASE(a_file_of_a_workspace_is_found_wherever_its_root_is) {
    auto web = folder / "apps" / "web";
    std::filesystem::create_directories(web / "src");
    std::filesystem::create_directories(folder / "packages");
    write_file(web / "src" / "page.tsx", "");
    write_file(folder / "packages" / "button.tsx", "");
    auto sibling = (folder / "packages" / "button.tsx").string();
    const std::pair<std::string, std::string> rows[] = {
        {"src/page.tsx", "src/page.tsx"},
        {"apps/web/src/page.tsx", "src/page.tsx"},
        {"web/src/page.tsx", "src/page.tsx"},
        {"packages/button.tsx", sibling},
        {"packages/gone.tsx", "packages/gone.tsx"},
        {"../../packages/button.tsx", "../../packages/button.tsx"},
        {sibling, sibling},
        {"[next]/internal/a.js", "[next]/internal/a.js"},
        {std::string(10'000, 'x'), std::string(10'000, 'x')},
    };
    for (auto& [told, lies] : rows)
        BOOST_TEST(where_it_lies(told, web) == lies);
}

BOOST_AUTO_TEST_CASE(what_was_said_of_the_source_before_a_save_is_found_out) {
    std::ofstream(folder.path() / "page.tsx") << "one\n\tretur n;  \nthree\n";
    page_issue issue;
    issue.title = "boom";
    auto says = [&](std::optional<std::string> file, std::optional<int> line, std::optional<std::string> frame) {
        issue.file = std::move(file);
        issue.line = line;
        issue.frame = std::move(frame);
        return is_of_saved_source(issue, folder.path());
    };
    BOOST_TEST(says("page.tsx", 2, "   1 | one\n>  2 |  retur n;\n     |  ^\n  10 | ten"));
    BOOST_TEST(!says("page.tsx", 2, "> 2 |  return;"));
    BOOST_TEST(!says("page.tsx", 9, "> 9 | nine"), "it has become shorter");
    BOOST_TEST(says("page.tsx", 2, "  2 |  return;"), "it points at nothing");
    BOOST_TEST(says("gone.tsx", 2, "> 2 |  return;"));
    BOOST_TEST(says("page.tsx", 2, std::nullopt));
    BOOST_TEST(says(std::nullopt, 2, "> 2 |  return;"));
    auto before = std::filesystem::file_time_type::clock::now() - hears_within;
    std::filesystem::last_write_time(folder.path() / "page.tsx", before);
    BOOST_TEST(says("page.tsx", 2, "> 2 |  return;"), "it has had its time to hear of it");
}

BOOST_AUTO_TEST_CASE(closing_ends_what_is_under_way) {
    make();
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    auto asked = [&]() -> task<> {
        asio::co_spawn(io, serve(acceptor, "", 1, true), asio::detached);
        asio::steady_timer later(io, 100ms);
        later.async_wait([&](boost::system::error_code) { checker->close(); });
        page_target target{acceptor.local_endpoint().port(), folder.path()};
        auto told = co_await checker->ask(target, page_question::compile);
        BOOST_TEST((told.what == outcome::failed));
        told = co_await checker->ask(target, page_question::compile);
        BOOST_TEST(told.why == "Berth is ending.");
    };
    run(asked());
}

BOOST_AUTO_TEST_SUITE_END()
