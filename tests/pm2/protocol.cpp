#include "pm2/protocol.hpp"

#include "core/line_splitter.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace berth;

namespace {

template <class T>
T decoded(const std::string& line) {
    protocol::decoder decoder;
    auto message = decoder.decode(line);
    BOOST_REQUIRE_MESSAGE(message, decoder.why());
    BOOST_REQUIRE(std::holds_alternative<T>(*message));
    return std::get<T>(*message);
}

const std::string row =
    R"({"pmId":3,"name":"orch-a","pid":42,"status":"waiting restart","port":3101,"directory":"/r/a",)"
    R"("output":"/r/logs/orch-a-out.log","startedAt":1795436678184,"exitCode":null,"memory":60829696})";

} // namespace

BOOST_AUTO_TEST_SUITE(bridge_protocol)

BOOST_AUTO_TEST_CASE(each_message_is_understood) {
    auto ready = decoded<protocol::ready>(R"({"type":"ready","daemonPid":12,"version":"7.0.4"})");
    BOOST_TEST(ready.daemon_pid.value() == 12);
    BOOST_TEST(ready.version.value() == "7.0.4");
    BOOST_TEST(!decoded<protocol::ready>(R"({"type":"ready","daemonPid":null,"version":null})").daemon_pid);
    BOOST_TEST(decoded<protocol::failed>(R"({"type":"failed","message":"no"})").message == "no");
    BOOST_TEST(decoded<protocol::wrote>(R"({"type":"wrote","name":"orch-a"})").name == "orch-a");

    auto event = decoded<pm2_event>(
        R"({"type":"event","event":"exit","name":"orch-a","pmId":0,"startedAt":1795436600000,"status":"stopping",)"
        R"("exitCode":-1,"signal":"SIGKILL","at":1795436678184})");
    BOOST_TEST(event.event == "exit");
    BOOST_TEST((event.status == pm2_status::stopping));
    BOOST_TEST(event.exit_code.value() == -1);
    BOOST_TEST(event.exit_signal.value() == "SIGKILL");
    BOOST_TEST(event.at == 1795436678184);

    auto list = decoded<protocol::answer>(R"({"id":7,"ok":{"processes":[)" + row + "," + row + "]}}");
    BOOST_TEST(list.id == 7u);
    BOOST_REQUIRE(list.processes->size() == 2u);
    auto& first = list.processes->front();
    BOOST_TEST(first.pm_id == 3);
    BOOST_TEST(first.port == 3101);
    BOOST_TEST(first.output == "/r/logs/orch-a-out.log");
    BOOST_TEST((first.status == pm2_status::waiting_restart));
    BOOST_TEST(first.memory == 60829696u);
    BOOST_TEST(!first.exit_code);

    BOOST_TEST(decoded<protocol::answer>(R"({"id":8,"ok":{"pmId":5,"pid":42,"startedAt":1}})").run->pm_id == 5);
    BOOST_TEST(!decoded<protocol::answer>(R"({"id":8,"ok":{}})").error);
    auto failed = decoded<protocol::answer>(R"({"id":9,"error":{"message":"id unknown","code":null}})");
    BOOST_TEST(failed.error.value() == "id unknown");
}

BOOST_AUTO_TEST_CASE(malformed_lines_are_refused_with_a_reason) {
    auto bad_row = [](std::string from, std::string to) {
        auto text = row;
        text.replace(text.find(from), from.size(), to);
        return R"({"id":7,"ok":{"processes":[)" + text + "]}}";
    };
    const std::string lines[] = {
        "",
        "garbage",
        "null",
        "[]",
        "7",
        "{",
        R"({"id":7})",
        R"({"id":-1,"ok":{}})",
        R"({"id":"7","ok":{}})",
        R"({"ok":{}})",
        R"({"id":7,"ok":[]})",
        R"({"id":7,"ok":{"processes":[7]}})",
        R"({"id":7,"error":{}})",
        R"({"type":"strange"})",
        R"({"type":7})",
        R"({"type":"wrote"})",
        R"({"type":"wrote","name":7})",
        R"({"type":"event","event":"exit"})",
        R"({"id":7,"ok":{}} trailing)",
        "{\"type\":\"wrote\",\"name\":\"\xff\"}",
        bad_row("3101", "65536"),
        bad_row("3101", "-1"),
        bad_row("42", "1e3"),
        bad_row("42", "99999999999"),
        bad_row("\"orch-a\"", "null"),
        bad_row("60829696", "-5"),
        bad_row("\"pmId\":3,", ""),
    };
    for (auto& line : lines) {
        protocol::decoder decoder;
        BOOST_TEST(!decoder.decode(line), line);
        BOOST_TEST(!decoder.why().empty());
        BOOST_TEST(decoder.decode(R"({"type":"wrote","name":"x"})").has_value()); // and goes on
    }
}

BOOST_AUTO_TEST_CASE(a_stream_is_found_again_after_garbage_and_oversized_lines) {
    line_splitter lines(1000, line_splitter::overlong::drop);
    protocol::decoder decoder;
    std::vector<std::string> names;
    std::string stream = "\x01\x02garbage\n"
                         R"({"type":"wrote","name":"a"})"
                         "\n" +
                         std::string(5000, '{') +
                         "\n"
                         R"({"type":"wrote","name":"b"})"
                         "\n"
                         R"({"type":"wrote","name":"c)";
    for (char c : stream) // the worst split there is
        lines.feed({&c, 1}, [&](std::string_view line) {
            if (auto message = decoder.decode(line))
                names.push_back(std::get<protocol::wrote>(*message).name);
        });
    BOOST_TEST((names == std::vector<std::string>{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(a_large_table_is_understood) {
    std::string line = R"({"id":7,"ok":{"processes":[)" + row;
    for (int i = 1; i < 20000; ++i)
        line += "," + row;
    auto list = decoded<protocol::answer>(line + "]}}");
    BOOST_TEST(list.processes->size() == 20000u);
}

BOOST_AUTO_TEST_CASE(requests_are_one_line_whatever_is_in_them) {
    start_options app;
    app.name = "orch-a";
    app.directory = "/r/a\nb\"\\";
    app.port = 3101;
    app.category = "two\nlines \xff";
    app.output = "/o";
    app.error = "/e";
    auto line = protocol::encode_start(5, app);
    BOOST_TEST(line.find('\n') == line.size() - 1);
    auto json = nlohmann::json::parse(line);
    BOOST_TEST(json["app"]["directory"] == app.directory);
    BOOST_TEST(json["app"]["category"] == "two\nlines \ufffd");
    BOOST_TEST((json["app"]["command"] == nlohmann::json{"npm", "run", "dev"}));
    app.category.reset();
    BOOST_TEST(nlohmann::json::parse(protocol::encode_start(5, app))["app"]["category"].is_null());
    BOOST_TEST(protocol::encode_list(1) == "{\"id\":1,\"op\":\"list\"}\n");
    BOOST_TEST(protocol::encode_one(2, "stop", {"orch-a", "/r/a"}) ==
               "{\"id\":2,\"op\":\"stop\",\"app\":{\"name\":\"orch-a\",\"directory\":\"/r/a\"}}\n");
    BOOST_TEST(nlohmann::json::parse(protocol::encode_one(2, "stop", {"orch-a", "/projects/shop", "/r/l"}))["app"]["log"] ==
               "/r/l");
}

BOOST_AUTO_TEST_SUITE_END()
