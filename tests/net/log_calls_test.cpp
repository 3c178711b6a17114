// The calls that give out log text, through a real socket; the harness holds each answer against openapi.json.
#include "net/harness.hpp"

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(log_calls)

BOOST_AUTO_TEST_CASE(logs_as_json) {
    world w;
    w.logs.files[{app_a, log_stream::out}].bytes = "one\ntwo \xff\xE2\x82 \x1b[31mred\n";
    w.logs.files[{app_a, log_stream::error}].bytes = "oops";
    w.run([&]() -> task<> {
        raw_client c(w);
        auto both = co_await c.ask("GET", "/api/apps/" + app_a + "/logs");
        BOOST_TEST(json_of(both)["stdout"] == "one\ntwo \uFFFD\uFFFD \x1b[31mred\n");
        BOOST_TEST(json_of(both)["stderr"] == "oops");
        auto last = co_await c.ask("GET", "/api/apps/" + app_a + "/logs?tail=1");
        BOOST_TEST(json_of(last)["stdout"] == "two \uFFFD\uFFFD \x1b[31mred\n");
        auto empty = co_await c.ask("GET", "/api/apps/" + app_b + "/logs?tail=10000");
        BOOST_TEST(empty.body() == R"({"stdout":"","stderr":"","next":{"stdout":0,"stderr":0}})");
        for (std::string tail : {"10001", "-1", "x", ""}) {
            auto bad = co_await c.ask("GET", "/api/apps/" + app_a + "/logs?tail=" + tail);
            BOOST_TEST(code_of(bad) == "400 invalid_request");
        }
        auto twice = co_await c.ask("GET", "/api/apps/" + app_a + "/logs?tail=1&tail=2");
        BOOST_TEST(code_of(twice) == "400 invalid_request");
        auto gone = co_await c.ask("GET", "/api/apps/zzzzzzzzzz/logs");
        BOOST_TEST(code_of(gone) == "404 app_not_found");
    });
}

BOOST_AUTO_TEST_CASE(logs_filtered_and_from_an_offset_on) {
    world w;
    w.logs.files[{app_a, log_stream::out}].bytes = "one\ntwo\n";
    w.run([&]() -> task<> {
        raw_client c(w);
        auto logs = "/api/apps/" + app_a + "/logs";
        auto r = co_await c.ask("GET", logs + "?tail=1");
        BOOST_TEST(json_of(r)["next"]["stdout"] == 8);
        BOOST_TEST(json_of(r)["next"]["stderr"] == 0);
        BOOST_TEST(!w.logs.asked.after);
        struct {
            std::string query;
            std::size_t lines;
            std::optional<std::uint64_t> after; // of stderr, which is asked for last
            std::string grep;
            bool regex = false;
            std::optional<std::int64_t> since = {};
        } rows[] = {
            {"", 200, {}, ""},
            {"?grep=a%20b%2B", 200, {}, "a b+"},
            {"?grep=", 200, {}, ""},
            {"?after=stdout:4,stderr:7", 10'000, 7, ""},
            {"?after=stderr:7,%20stdout:4&tail=5&grep=x", 5, 7, "x"},
            {"?after=stdout:4", 10'000, 0, ""},
            {"?grep=a.b&regex=true", 200, {}, "a.b", true},
            {"?grep=a.b&regex=false&since=1769869800000", 200, {}, "a.b", false, 1769869800000},
        };
        for (auto& row : rows) {
            auto got = co_await c.ask("GET", logs + row.query);
            BOOST_TEST(got.result_int() == 200);
            BOOST_TEST(w.logs.asked.lines == row.lines, row.query);
            BOOST_TEST((w.logs.asked.after == row.after), row.query);
            BOOST_TEST(w.logs.asked.grep == row.grep, row.query);
            BOOST_TEST(w.logs.asked.regex == row.regex, row.query);
            BOOST_TEST((w.logs.asked.since == row.since), row.query);
        }
        for (std::string query :
             {"?after=", "?after=4", "?after=stdout", "?after=stdout:", "?after=stdout:-1", "?after=stdout:1,stdout:2",
              "?after=both:1", "?after=stdout:99999999999999999", "?after=stdout:x,stderr:1", "?regex=1", "?since=", "?since=10m",
              "?since=-1"}) {
            auto bad = co_await c.ask("GET", logs + query);
            BOOST_TEST(code_of(bad) == "400 invalid_request", query);
        }
    });
}

// Who asks for logs and does not read the answers keeps others from logs for a while, and from nothing else.
BOOST_AUTO_TEST_CASE(logs_that_are_not_read_have_a_bound_together) {
    world w;
    for (auto stream : {log_stream::out, log_stream::error})
        w.logs.files[{app_a, stream}].bytes = std::string(1 << 20, '\x01'); // six times as much of JSON
    w.run([&]() -> task<> {
        auto request = "GET /api/apps/" + app_a + "/logs HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n";
        auto first = std::make_unique<raw_client>(w);
        raw_client second(w), other(w);
        co_await first->send(request);
        co_await w.until([&] { return w.logs.excerpts == 2; });
        co_await second.send(request);
        for (int i = 0; i < 20; ++i) {
            auto r = co_await other.ask("GET", "/api/apps");
            BOOST_TEST(r.result_int() == 200);
        }
        BOOST_TEST(w.logs.excerpts == 2); // not even read: there is no room for it
        first.reset();
        auto r = co_await second.receive();
        BOOST_TEST(json_of(r)["stderr"].get<std::string>().size() == 1u << 20);
        BOOST_TEST(w.logs.excerpts == 4);
    });
}

BOOST_AUTO_TEST_CASE(patience_with_those_who_do_not_read_their_logs_ends) {
    world w([](auto& o) {
        o.request_deadline = std::chrono::seconds(60);
        o.idle_deadline = std::chrono::milliseconds(60);
    });
    for (auto stream : {log_stream::out, log_stream::error})
        w.logs.files[{app_a, stream}].bytes = std::string(1 << 20, '\x01');
    w.run([&]() -> task<> {
        raw_client first(w);
        co_await first.send("GET /api/apps/" + app_a + "/logs HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
        co_await w.until([&] { return w.logs.excerpts == 2; });
        raw_client second(w); // not before: it would be idle itself for as long as the answer is made
        auto refused = co_await second.ask("GET", "/api/apps/" + app_a + "/logs");
        BOOST_TEST(code_of(refused) == "503 too_many_connections");
        BOOST_TEST(refused["Retry-After"] == "1");
    });
}

BOOST_AUTO_TEST_CASE(a_part_of_a_log) {
    world w;
    std::string text;
    for (int i = 0; text.size() < 200'000; ++i)
        text += "line " + std::to_string(i) + "\n";
    w.logs.files[{app_a, log_stream::out}].bytes = text;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto log = "/api/apps/" + app_a + "/logs/stdout";
        auto size = std::to_string(text.size());
        auto part = co_await c.ask("GET", log, "Range: bytes=1000-150999\r\n");
        BOOST_TEST(part.result_int() == 206);
        BOOST_TEST(part["Content-Range"] == "bytes 1000-150999/" + size);
        BOOST_TEST((part.body() == text.substr(1000, 150'000)));
        auto end = co_await c.ask("GET", log, "Range: bytes=-5\r\n");
        BOOST_TEST(end.body() == text.substr(text.size() - 5));
        auto behind = co_await c.ask("GET", log, "Range: bytes=" + size + "-\r\n");
        BOOST_TEST(code_of(behind) == "416 range_not_satisfiable");
        BOOST_TEST(behind["Content-Range"] == "bytes */" + size);
        // With a validator that none was given for, with several ranges, and to HEAD: the whole.
        for (std::string fields : {"Range: bytes=0-9\r\nIf-Range: \"x\"\r\n", "Range: bytes=0-1,5-6\r\n",
                                   "Range: bytes=0-9\r\nRange: bytes=0-9\r\n", "Range: words=0-9\r\n"}) {
            auto whole = co_await c.ask("GET", log, fields);
            BOOST_TEST(whole.result_int() == 200, fields);
            BOOST_TEST(whole["Accept-Ranges"] == "bytes");
            BOOST_TEST((whole.body() == text), fields);
        }
        auto head = co_await c.ask("HEAD", log, "Range: bytes=0-9\r\n");
        BOOST_TEST(head.result_int() == 200);
        BOOST_TEST(head[http::field::content_length] == size);
    });
}

BOOST_AUTO_TEST_CASE(logs_as_downloads) {
    world w;
    std::string big;
    for (int i = 0; big.size() < 3'000'000; ++i)
        big += "line " + std::to_string(i) + " \xff<script>\n";
    w.logs.files[{app_a, log_stream::out}].bytes = big;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto r = co_await c.ask("GET", "/api/apps/" + app_a + "/logs/stdout");
        BOOST_TEST((r.body() == big));
        BOOST_TEST(r[http::field::content_disposition] == "attachment; filename=\"orch-aaaaaaaaaa-out.log\"");
        BOOST_TEST(r["X-Content-Type-Options"] == "nosniff");
        BOOST_TEST(w.logs.most_read <= 64u * 1024);
        auto head = co_await c.ask("HEAD", "/api/apps/" + app_a + "/logs/stdout");
        BOOST_TEST(head[http::field::content_length] == std::to_string(big.size()));
        auto empty = co_await c.ask("GET", "/api/apps/" + app_a + "/logs/stderr");
        BOOST_TEST(empty.result_int() == 200);
        BOOST_TEST(empty.body() == "");
        auto other = co_await c.ask("GET", "/api/apps/" + app_a + "/logs/both");
        BOOST_TEST(code_of(other) == "404 not_found");
    });
}

BOOST_AUTO_TEST_CASE(a_download_has_the_length_it_began_with) {
    world w;
    auto& file = w.logs.files[{app_a, log_stream::out}];
    file.bytes = std::string(100'000, 'a');
    w.logs.before_read = [&](auto&, auto) { file.bytes += "more"; };
    w.run([&]() -> task<> {
        raw_client c(w);
        auto r = co_await c.ask("GET", "/api/apps/" + app_a + "/logs/stdout");
        BOOST_TEST((r.body() == std::string(100'000, 'a')));
        // A file that is replaced meanwhile cannot be finished: better a broken download than a mixed one.
        w.logs.before_read = [&](auto&, auto) { file = {2, std::string(200'000, 'b')}; };
        co_await c.send("GET /api/apps/" + app_a + "/logs/stdout HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
        bool whole = true;
        try {
            co_await c.receive();
        } catch (const boost::system::system_error&) {
            whole = false;
        }
        BOOST_TEST(!whole);
    });
}

BOOST_AUTO_TEST_SUITE_END()
