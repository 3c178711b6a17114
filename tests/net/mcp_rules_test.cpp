// The pure rules of /mcp: messages, arguments, events, subscriptions, the handshake.
#include "net/mcp/arguments.hpp"
#include "net/mcp/event_log.hpp"
#include "net/mcp/json_rpc.hpp"
#include "net/mcp/protocol.hpp"
#include "net/mcp/resources.hpp"
#include "net/mcp/subscriptions.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::net;
using namespace berth::net::mcp;
using namespace std::chrono_literals;

namespace {

/// "request 7 ping", "notification x", "response", or the fault's number with the id.
std::string told(std::string_view text) {
    auto m = read_message(text);
    if (!m)
        return std::to_string(static_cast<int>(m.error().error.code)) + " " + m.error().id.dump();
    if (m->kind == rpc_message::sort::response)
        return "response";
    if (m->kind == rpc_message::sort::notification)
        return "notification " + m->method;
    return "request " + m->id.dump() + " " + m->method + " " + m->params.dump();
}

std::string nested(int depth) {
    auto count = static_cast<std::size_t>(depth - 1); // beside the message itself
    std::string open, close;
    for (std::size_t i = 0; i < count; ++i) {
        open += R"({"a":)";
        close += '}';
    }
    return R"({"jsonrpc":"2.0","id":1,"method":"m","params":)" + open + "1" + close + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(mcp_rules)

BOOST_AUTO_TEST_CASE(messages) {
    const struct {
        std::string_view text, expected;
    } rows[] = {
        {R"({"jsonrpc":"2.0","id":7,"method":"ping"})", "request 7 ping {}"},
        {"\r\n {\"jsonrpc\":\"2.0\",\r\n\"id\":\"a\",\"method\":\"ping\",\"params\":{\"x\":null}}\r\n",
         R"(request "a" ping {"x":null})"},
        {R"({"jsonrpc":"2.0","id":-1,"method":"ping"})", "request -1 ping {}"},
        {R"({"jsonrpc":"2.0","id":"","method":"ping","more":[]})", R"(request "" ping {})"},
        {R"({"jsonrpc":"2.0","method":"notifications/initialized"})", "notification notifications/initialized"},
        {R"({"jsonrpc":"2.0","id":1,"result":{}})", "response"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})", "response"},
        {"", "-32700 null"},
        {"{", "-32700 null"},
        {"\xff", "-32700 null"},
        {R"({"jsonrpc":"2.0","id":1,"method":")"
         "\xc3"
         R"("})",
         "-32700 null"},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping"} {})", "-32700 null"},
        {"[]", "-32600 null"},
        {R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])", "-32600 null"},
        {"7", "-32600 null"},
        {"null", "-32600 null"},
        {"{}", "-32600 null"},
        {R"({"id":1,"method":"ping"})", "-32600 1"},
        {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", "-32600 1"},
        {R"({"jsonrpc":2.0,"id":1,"method":"ping"})", "-32600 1"},
        {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", "-32600 null"},
        {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", "-32600 null"},
        {R"({"jsonrpc":"2.0","id":{},"method":"ping"})", "-32600 null"},
        {R"({"jsonrpc":"2.0","id":true,"method":"ping"})", "-32600 null"},
        {R"({"jsonrpc":"2.0","id":1})", "-32600 1"},
        {R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})", "-32600 1"},
        {R"({"jsonrpc":"2.0","result":{}})", "-32600 null"},
        {R"({"jsonrpc":"2.0","id":1,"method":7})", "-32600 1"},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", "-32602 1"},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})", "-32602 1"},
        {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})", "-32600 null"},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":{"b":1,"b":2}}})", "-32600 null"},
    };
    for (auto& row : rows)
        BOOST_TEST(told(row.text) == row.expected, row.text);
    BOOST_TEST(told(nested(deepest_message)).starts_with("request 1"));
    BOOST_TEST(told(nested(deepest_message + 1)) == "-32600 null");
    BOOST_TEST(told(std::string(60'000, '[')) == "-32600 null");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_one_line) {
    auto result = result_text("a\nb", {{"text", "c\r\nd \xff"}});
    BOOST_TEST(result.find_first_of("\r\n") == result.npos);
    BOOST_TEST(nlohmann::json::parse(result)["id"] == "a\nb");
    BOOST_TEST(result_text(7, nlohmann::ordered_json::object()) == R"({"jsonrpc":"2.0","id":7,"result":{}})");
    BOOST_TEST(error_text(nullptr, {fault::not_json, "No."}) ==
               R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"No."}})");
    BOOST_TEST(notification_text("n", nlohmann::ordered_json::object()) == R"({"jsonrpc":"2.0","method":"n"})");
    BOOST_TEST(notification_text("n", {{"uri", "u"}}) == R"({"jsonrpc":"2.0","method":"n","params":{"uri":"u"}})");
}

BOOST_AUTO_TEST_CASE(arguments_are_held_against_the_schema) {
    auto schema = nlohmann::json::parse(R"({
        "type": "object",
        "properties": {
            "app": {"type": "string"},
            "wait": {"type": "boolean"},
            "lines": {"type": "integer", "minimum": 1, "maximum": 600},
            "stream": {"type": "string", "enum": ["stdout", "both"]},
            "category": {"type": ["string", "null"]}
        },
        "required": ["app"], "additionalProperties": false})");
    const struct {
        std::string_view given, outcome; // the arguments as they are meant, or the refusal
    } rows[] = {
        {R"({"app":"x"})", R"({"app":"x"})"},
        {R"({"app":"x","wait":null,"lines":null,"stream":null})", R"({"app":"x"})"},
        {R"({"app":"x","category":null})", R"({"app":"x","category":null})"},
        {R"({"app":"x","lines":1,"wait":false,"stream":"both"})",
         R"({"app":"x","lines":1,"stream":"both","wait":false})"},
        {R"({"app":"x","lines":600})", R"({"app":"x","lines":600})"},
        {"{}", "app: is missing."},
        {R"({"app":null})", "app: is missing."},
        {R"({"app":7})", "app: must be a text."},
        {R"({"app":"x","lines":0})", "lines: must be a whole number from 1 to 600."},
        {R"({"app":"x","lines":601})", "lines: must be a whole number from 1 to 600."},
        {R"({"app":"x","lines":-1})", "lines: must be a whole number from 1 to 600."},
        {R"({"app":"x","lines":1.5})", "lines: must be a whole number from 1 to 600."},
        {R"({"app":"x","lines":18446744073709551615})", "lines: must be a whole number from 1 to 600."},
        {R"({"app":"x","lines":"7"})", "lines: must be a whole number from 1 to 600."},
        {R"({"app":"x","wait":"yes"})", "wait: must be true or false."},
        {R"({"app":"x","stream":"stdin"})", "stream: must be one of stdout, both."},
        {R"({"app":"x","category":[]})", "category: must be a text or null."},
        {R"({"app":"x","App":"y"})", R"(t has no argument "App"; it takes app, category, lines, stream, wait.)"},
    };
    for (auto& row : rows) {
        auto meant = read_arguments("t", schema, nlohmann::json::parse(row.given));
        BOOST_TEST((meant ? meant->dump() : meant.error().detail) == row.outcome, row.given);
    }
    auto none = nlohmann::json::parse(R"({"type":"object","properties":{},"additionalProperties":false})");
    BOOST_TEST(read_arguments("t", none, {{"x", 1}}).error().detail == "t has no argument \"x\"; it takes none.");
}

BOOST_AUTO_TEST_CASE(a_stream_is_taken_up_where_it_was_left) {
    event_log log;
    log.add(1, "a", false);
    log.add(2, "b", false);
    log.add(1, "c", true);
    event_place at{1, 0};
    BOOST_TEST(log.take(at) == "id: 1-1\ndata: a\n\nid: 1-3\ndata: c\n\n");
    BOOST_TEST(log.take(at) == "");
    BOOST_TEST(to_text(at) == "1-3");
    at = *parse_place("1-1");
    BOOST_TEST(log.take(at) == "id: 1-3\ndata: c\n\n");
    at = *parse_place("2-3"); // a number of another stream's is a place too
    BOOST_TEST(log.take(at) == "");
    for (auto text : {"", "-", "1", "1-", "-1", "1-2-3", "a-1", "01-1", "1- 1", "99999999999999999999-1", "1-+1"})
        BOOST_TEST(!parse_place(text), text);
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_bounded_and_responses_go_last) {
    event_log log;
    log.add(1, "the answer", true);
    for (int i = 0; i < 10'000; ++i)
        log.add(0, "news", false);
    BOOST_TEST(log.events() == event_log::most_events);
    event_place at{1, 0};
    BOOST_TEST(log.take(at) == "id: 1-1\ndata: the answer\n\n");
    log.add(0, std::string(event_log::most_bytes, 'x'), false); // as large as all: the answer goes too
    BOOST_TEST(log.events() == 1u);
    BOOST_TEST(log.bytes() == event_log::most_bytes);
    log.add(2, std::string(3 * event_log::most_bytes, 'y'), true); // larger: kept until there is another
    BOOST_TEST(log.events() == 1u);
    log.add(3, "z", true);
    BOOST_TEST(log.bytes() == 1u);
    event_log answers;
    for (std::uint64_t i = 1; i <= 1000; ++i)
        answers.add(i, "answer", true);
    BOOST_TEST(answers.events() == event_log::most_events);
    at = {1000, 0};
    BOOST_TEST(answers.take(at) != "");
}

BOOST_AUTO_TEST_CASE(each_resource_is_told_of_once_a_second_and_never_forgotten) {
    subscriptions s;
    using due = std::vector<std::string>;
    auto at = subscriptions::time() + 1h;
    auto take = [&](std::chrono::milliseconds later) { return s.take_due(at + later); };
    s.touch("a");
    BOOST_TEST(take(0ms) == due());
    BOOST_TEST(s.add("a"));
    BOOST_TEST(s.add("b"));
    BOOST_TEST(take(0ms) == due());
    s.touch("a");
    BOOST_TEST(take(0ms) == due{"a"});
    s.touch("a");
    s.touch("b");
    BOOST_TEST(take(999ms) == due{"b"});
    s.touch("a");
    BOOST_TEST(take(1000ms) == due{"a"});
    BOOST_TEST(take(5000ms) == due());
    s.touch("a");
    s.remove("a");
    BOOST_TEST(take(9000ms) == due());
    for (std::size_t i = 1; i < subscriptions::most; ++i)
        BOOST_TEST(s.add(std::to_string(i)));
    BOOST_TEST(!s.add("one more"));
    BOOST_TEST(s.add("b")); // there already
}

BOOST_AUTO_TEST_CASE(revisions_and_what_a_client_accepts) {
    for (auto known : {"2025-11-25", "2025-06-18", "2025-03-26"}) {
        BOOST_TEST(agreed_revision(known) == known);
        BOOST_TEST(!refuse_revision({1, known}));
    }
    for (auto unknown : {"2024-11-05", "2026-01-01", "", "x"}) {
        BOOST_TEST(agreed_revision(unknown) == "2025-11-25");
        BOOST_TEST(refuse_revision({1, unknown}).has_value());
    }
    BOOST_TEST(!refuse_revision({}));
    BOOST_TEST(refuse_revision({2, "2025-11-25"}).has_value());
    const struct {
        std::string_view accept;
        bool json, events;
    } rows[] = {
        {"application/json, text/event-stream", true, true},
        {"TEXT/Event-Stream;q=0.9 , application/json", true, true},
        {"*/*", true, true},
        {"application/*, text/*", true, true},
        {"application/json", true, false},
        {"text/event-stream", false, true},
        {"text/html", false, false},
        {"application/jsonp", false, false},
        {"", false, false},
    };
    for (auto& row : rows) {
        BOOST_TEST(accepts({1, row.accept}, "application/json") == row.json, row.accept);
        BOOST_TEST(accepts({1, row.accept}, "text/event-stream") == row.events, row.accept);
    }
    BOOST_TEST(accepts({}, "text/event-stream"));
}

BOOST_AUTO_TEST_CASE(names_of_resources) {
    BOOST_TEST(logs_uri("abcdefghij") == "berth://apps/abcdefghij/logs");
    BOOST_TEST(id_of_logs("berth://apps/abcdefghij/logs").value_or("-") == "abcdefghij");
    for (auto uri : {"berth://apps", "berth://apps/", "berth://apps/logs", "berth://apps//logs",
                     "berth://apps/ABCDEFGHIJ/logs", "berth://apps/../../etc/logs", "berth://apps/abcdefghij/logs/",
                     "berth://apps/abcdefghij/logs?x", "berth://appsXabcdefghij/logs", "file:///etc/passwd", ""})
        BOOST_TEST(!id_of_logs(uri), uri);
}

BOOST_AUTO_TEST_SUITE_END()
