// What Next's endpoint answers, as it was seen with Next 16.4, and all that it might answer.
#include "next/page_answer.hpp"

#include "core/names.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace berth;

namespace {

using json = nlohmann::json;
using outcome = page_answer::outcome;

const std::filesystem::path app_folder = "/home/ada/berth/created-apps/abcdefghij";

/// As Next sends it: one event.
std::string event(const json& told) {
    json envelope = {
        {"result", {{"content", {{{"type", "text"}, {"text", told.dump()}}}}}}, {"jsonrpc", "2.0"}, {"id", 1}};
    return "event: message\ndata: " + envelope.dump() + "\n\n";
}

json issue(int line = 70) {
    return {{"severity", "error"},
            {"filePath", "[project]/src/app/page.tsx"},
            {"title", "Expression expected"},
            {"description", "Parsing ecmascript source code failed"},
            {"source",
             {{"filePath", "[project]/src/app/page.tsx"},
              {"range", {{"start", {{"line", line}, {"column", 18}}}, {"end", {{"line", line}, {"column", 19}}}}}}},
            {"codeFrame", "  69 |   return (\n> 70 |     <p>\n     |      ^\n  71 |   );"}};
}

page_answer read(const std::string& body, page_question question = page_question::compile,
                 std::string type = "text/event-stream", int status = 200) {
    return parse_answer(status, type, body, question, app_folder);
}
page_answer told(const json& what, page_question question = page_question::compile) {
    return read(event(what), question);
}

} // namespace

BOOST_AUTO_TEST_SUITE(page_answers)

BOOST_AUTO_TEST_CASE(a_syntax_error) {
    auto seen = told({{"issues", {issue()}}});
    BOOST_TEST((seen.what == outcome::told));
    BOOST_TEST(seen.errors == 1);
    BOOST_TEST(*seen.first->file == "src/app/page.tsx");
    BOOST_TEST(*seen.first->line == 70);
    BOOST_TEST(*seen.first->column == 18);
    BOOST_TEST(seen.first->title == "Expression expected");
    BOOST_TEST(seen.first->frame->starts_with("  69 |   return (\n> 70 |"));
}

BOOST_AUTO_TEST_CASE(a_version_that_counts_from_zero_is_told_by_its_frame) {
    auto seen = told({{"issues", {issue(69)}}});
    BOOST_TEST(*seen.first->line == 70);
    BOOST_TEST(*seen.first->column == 19);
    auto bare = issue(0);
    bare.erase("codeFrame");
    seen = told({{"issues", {bare}}});
    BOOST_TEST(*seen.first->line == 1);
    BOOST_TEST(!seen.first->frame);
}

BOOST_AUTO_TEST_CASE(errors_count_and_nothing_less) {
    auto warning = issue(), fatal = issue(), odd = issue();
    warning["severity"] = "warning";
    fatal["severity"] = "fatal";
    odd.erase("severity");
    auto seen = told({{"issues", {warning, odd, fatal, issue(71)}}});
    BOOST_TEST(seen.errors == 2);
    BOOST_TEST(*seen.first->line == 70);
    BOOST_TEST(told({{"issues", json::array()}}).errors == 0);
    BOOST_TEST(!told({{"issues", {warning}}}).first);
}

BOOST_AUTO_TEST_CASE(plain_json_events_in_pieces_and_other_line_ends) {
    auto body = event({{"issues", {issue()}}});
    auto plain = body.substr(body.find('{'));
    BOOST_TEST(read(plain, page_question::compile, "application/json; charset=utf-8").errors == 1);
    for (std::string end : {"\r\n", "\n", "\r"}) {
        auto half = plain.find(',') + 1;
        auto stream = ": a comment" + end + "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}" + end + end +
                      "id: 4" + end + "data: " + plain.substr(0, half) + end +
                      "data:" + plain.substr(half, plain.find('\n') - half) + end;
        BOOST_TEST(read(stream).errors == 1); // cut before the empty line
        BOOST_TEST(read(stream + end).errors == 1);
    }
}

BOOST_AUTO_TEST_CASE(what_open_tabs_report) {
    auto tabs = page_question::tabs;
    json session = {
        {"url", "/"},
        {"buildError", nullptr},
        {"runtimeErrors",
         {{{"type", "console"}, {"errorName", "Error"}, {"message", "only written"}, {"stack", json::array()}},
          {{"type", "recoverable"}, {"errorName", "Error"}, {"message", "mended"}, {"stack", json::array()}},
          {{"type", "runtime"},
           {"errorName", "TypeError"},
           {"message", "x is not\na function"},
           {"stack", {{{"file", "src/app/page.tsx"}, {"methodName", "Page"}, {"line", 12}, {"column", 3}}}}}}}};
    auto seen = told({{"configErrors", json::array()}, {"sessionErrors", {session}}}, tabs);
    BOOST_TEST(seen.errors == 1);
    BOOST_TEST(seen.first->title == "TypeError: x is not a function");
    BOOST_TEST(seen.first->place() == "src/app/page.tsx:12");
    session["buildError"] = "./src/app/page.tsx\nboom";
    session["runtimeErrors"] = json::array();
    seen = told({{"sessionErrors", {session}}}, tabs);
    BOOST_TEST(seen.errors == 1);
    BOOST_TEST(seen.first->title == "./src/app/page.tsx boom");
    BOOST_TEST(told({{"configErrors", json::array()}, {"sessionErrors", json::array()}}, tabs).errors == 0);
}

BOOST_AUTO_TEST_CASE(who_cannot_tell) {
    struct {
        json what;
        outcome expected;
    } rows[] = {
        {{{"error", "No browser sessions connected. Please open your application in a browser."}},
         outcome::tells_nothing},
        {{{"error", "Timeout waiting for response from frontend. The browser may not be responding."}},
         outcome::tells_nothing},
        {{{"error", "Turbopack project is not available. This tool requires the Turbopack bundler."}},
         outcome::tells_nothing},
        {{{"error", "ENOSPC: no space left on device"}}, outcome::failed},
        {{{"neither", 1}}, outcome::failed},
        {json::array(), outcome::failed},
    };
    for (auto& row : rows)
        BOOST_TEST((told(row.what).what == row.expected), row.what.dump());
    auto no_tool = R"(data: {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool"}})";
    BOOST_TEST((read(no_tool).what == outcome::tells_nothing));
    auto as_content =
        R"(data: {"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"MCP error -32602: Tool get_compilation_issues not found"}]}})";
    BOOST_TEST((read(as_content).what == outcome::tells_nothing));
    auto broken = R"(data: {"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Internal server error"}})";
    BOOST_TEST((read(broken).what == outcome::failed));
}

BOOST_AUTO_TEST_CASE(what_is_not_the_endpoint) {
    for (int status : {301, 400, 401, 403, 404, 405, 406, 426})
        BOOST_TEST((read("", page_question::compile, "application/json", status).what == outcome::no_endpoint));
    BOOST_TEST((read("<!doctype html>", page_question::compile, "text/html").what == outcome::no_endpoint));
    BOOST_TEST((read("hello", page_question::compile, "").what == outcome::no_endpoint));
    BOOST_TEST((read("", page_question::compile, "text/html", 500).what == outcome::failed));
}

BOOST_AUTO_TEST_CASE(garbage_is_called_so) {
    std::string deep(5000, '[');
    const std::vector<std::string> bodies = {
        "",
        "data: ",
        "data: {",
        "{}",
        "null",
        "data: null\n\n",
        "data: []\n\n",
        "data: {\"jsonrpc\":\"2.0\",\"result\":{}}\n\n",
        "data: {\"jsonrpc\":\"2.0\",\"result\":{\"content\":[]}}\n\n",
        "data: {\"jsonrpc\":\"2.0\",\"result\":{\"content\":[7]}}\n\n",
        "data: {\"jsonrpc\":\"2.0\",\"result\":{\"content\":[{\"text\":\"{\"}]}}\n\n",
        "data: {\"jsonrpc\":\"1.0\",\"result\":{\"content\":[{\"text\":\"{}\"}]}}\n\n",
        std::string("data: \xff\xfe\n\n"),
        "data: " + deep + "\n\n"};
    for (auto& body : bodies)
        for (auto type : {"text/event-stream", "application/json"}) {
            auto seen = read(body, page_question::compile, type);
            BOOST_TEST((seen.what == outcome::failed), body.substr(0, 80));
            BOOST_TEST(!seen.why.empty());
        }
    auto odd = told({{"issues", {7, nullptr, {{"severity", 3}}, {{"severity", "error"}}}}});
    BOOST_TEST(odd.errors == 1);
    BOOST_TEST(!odd.first->file);
    BOOST_TEST(!odd.first->title.empty());
}

BOOST_AUTO_TEST_CASE(text_of_the_app_is_plain_and_short) {
    auto wild = issue();
    wild["title"] = "\x1b[31mred\x1b[0m\n\x01 \u202Eturned " + std::string(5000, 'x');
    wild["codeFrame"] = "\x1b[2J> 70 | a\tb\n" + std::string(20'000, 'y');
    wild["source"]["filePath"] = "[project]/src/\x1b[31mnew\nline.tsx";
    auto seen = told({{"issues", {wild}}});
    BOOST_TEST(seen.first->title.starts_with("red turned xx"));
    BOOST_TEST(seen.first->title.size() <= longest_title + 3); // and an ellipsis
    BOOST_TEST(seen.first->frame->starts_with("> 70 | a b\nyyy"));
    BOOST_TEST(seen.first->frame->size() <= longest_frame);
    BOOST_TEST(*seen.first->file == "src/new");
    for (auto text : {seen.first->title, *seen.first->frame, *seen.first->file}) {
        BOOST_TEST(is_utf8(text));
        BOOST_TEST(text.find('\x1b') == text.npos);
    }
    wild["source"]["range"]["start"] = {{"line", 4'000'000'000'000}, {"column", -5}};
    seen = told({{"issues", {wild}}});
    BOOST_TEST(!seen.first->line);
    BOOST_TEST(!seen.first->column);
}

BOOST_AUTO_TEST_CASE(a_title_is_no_markdown) {
    struct {
        std::string told, title;
    } const rows[] = {{"**Module not found**: Can't resolve `'x'`", "Module not found: Can't resolve 'x'"},
                      {"`a` and `b`", "a and b"},
                      {"2 ** 3 is `odd", "2 ** 3 is `odd"},
                      {"****", "An error without words"},
                      {"plain", "plain"}};
    for (auto& row : rows) {
        auto marked = issue();
        marked["title"] = row.told;
        BOOST_TEST(told({{"issues", {marked}}}).first->title == row.title);
    }
}

BOOST_AUTO_TEST_CASE(files) {
    struct {
        std::string told, app_folder, path;
    } rows[] = {
        {"[project]/src/app/page.tsx", app_folder.string(), "src/app/page.tsx"},
        {"./src/app/page.tsx", app_folder.string(), "src/app/page.tsx"},
        {"src/app/page.tsx", app_folder.string(), "src/app/page.tsx"},
        {app_folder.string() + "/src/a.ts", app_folder.string(), "src/a.ts"},
        {"file://" + app_folder.string() + "/src/a%20b.ts", app_folder.string(), "src/a b.ts"},
        {"about://React/Server/file://" + app_folder.string() + "/src/a.ts?5", app_folder.string(), "src/a.ts"},
        {"/elsewhere/a.ts", app_folder.string(), "/elsewhere/a.ts"},
        {"[project]/apps/web/src/page.tsx", "/home/ada/shop/apps/web", "apps/web/src/page.tsx"},
        {"[project]/", "/home/ada/app", "[project]/"},
        {"[next]/internal/font/google/geist.js", "/home/ada/app", "[next]/internal/font/google/geist.js"},
        {"app/", "/home/ada/app", "app/"},
        {"x", "/", "x"},
    };
    for (auto& row : rows)
        BOOST_TEST(read_path(row.told, row.app_folder) == row.path);
}

BOOST_AUTO_TEST_CASE(requests_in_the_log) {
    for (auto line : {" GET / 200 in 12ms\n", " GET /shop?a=b 500 in 1135ms (next.js: 1ms, application-code: 2ms)\n",
                      "POST /api/x 201 in 3s\n", " \x1b[32mGET / 200\x1b[0m in 5ms\n", " HEAD / 304 in 1ms\r\n",
                      "noise\n GET /x 404 in 8ms"})
        BOOST_TEST(shows_request(line), line);
    for (auto line :
         {"", "\n", " POST /_next/mcp 404 in 3ms\n", " GET /_next/static/x.js 200 in 3ms\n", " GET / 2000 in 3ms\n",
          " GET / 200\n", " GET http://x/ 200 in 3ms\n", "I will GET / 200 in 3ms\n", "GET / abc in 3ms\n",
          " ✓ Ready in 1200ms\n", " ✓ Compiled / in 2.1s\n", " ○ Compiling / ...\n",
          " GET / 200 in 12ms\n   ▲ Next.js 16.4.3 (Turbopack)\n - Local: http://localhost:3100\n"})
        BOOST_TEST(!shows_request(line), line);
    BOOST_TEST(shows_request("   ▲ Next.js 16.4.3\n GET / 200 in 12ms\n"));
}

BOOST_AUTO_TEST_CASE(the_question_names_its_tool) {
    auto asked = json::parse(question_text(page_question::compile));
    BOOST_TEST(asked["method"] == "tools/call");
    BOOST_TEST(asked["params"]["name"] == "get_compilation_issues");
    BOOST_TEST(asked["params"]["arguments"].is_object());
    BOOST_TEST(json::parse(question_text(page_question::tabs))["params"]["name"] == "get_errors");
}

/// As a fuzzer would, but the same each time: every answer cut, and with a byte changed.
BOOST_AUTO_TEST_CASE(whatever_comes_it_is_read_or_refused) {
    auto good = event({{"issues", {issue(), issue(71)}}});
    for (std::size_t i = 0; i < good.size(); ++i)
        for (auto question : {page_question::compile, page_question::tabs}) {
            auto cut = read(good.substr(0, i), question);
            BOOST_TEST(((cut.what == outcome::failed) == !cut.why.empty()));
            for (char byte : {'\0', '"', '\\', '\n', '\xff', '9'}) {
                auto changed = good;
                changed[i] = byte;
                auto seen = read(changed, question);
                BOOST_TEST_REQUIRE((seen.errors > 0) == seen.first.has_value());
                if (seen.first)
                    BOOST_TEST_REQUIRE(is_utf8(seen.first->title));
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
