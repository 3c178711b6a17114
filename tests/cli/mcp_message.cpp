#include "cli/mcp/message.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli::mcp;

BOOST_AUTO_TEST_SUITE(mcp_message)

BOOST_AUTO_TEST_CASE(what_a_line_is) {
    using kind = message::kind;
    struct row {
        std::string_view line;
        kind what;
        std::string_view id, method;
    };
    const row rows[] = {
        {R"({"jsonrpc":"2.0","id":1,"method":"ping"})", kind::request, "1", "ping"},
        {R"({"jsonrpc":"2.0","id":"1","method":"ping"})", kind::request, "\"1\"", "ping"},
        {R"({"jsonrpc":"2.0","method":"notifications/initialized"})", kind::notification, "",
         "notifications/initialized"},
        {R"({"jsonrpc":"2.0","id":null,"method":"x"})", kind::notification, "", "x"},
        {R"({"jsonrpc":"2.0","id":7,"result":{}})", kind::response, "7", ""},
        {R"({"jsonrpc":"2.0","id":7,"error":{"code":1,"message":""}})", kind::response, "7", ""},
        {R"({"jsonrpc":"2.0","id":7})", kind::other, "7", ""},
        {R"({"id":7,"method":5})", kind::other, "7", ""},
        {R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])", kind::other, "", ""},
        {"{", kind::other, "", ""},
        {"", kind::other, "", ""},
        {"\xff", kind::other, "", ""},
    };
    for (auto& row : rows) {
        auto m = read_message(row.line);
        BOOST_TEST((m.what == row.what), row.line);
        BOOST_TEST(m.id == row.id, row.line);
        BOOST_TEST(m.method == row.method, row.line);
    }
    BOOST_TEST(read_message(R"({"id":1,"method":"initialize"})").is_initialize());
    BOOST_TEST(!read_message(R"({"method":"initialize"})").is_initialize());
}

BOOST_AUTO_TEST_CASE(what_is_cancelled_and_what_is_subscribed_to) {
    BOOST_TEST(read_message(R"({"method":"notifications/cancelled","params":{"requestId":"a"}})").cancels == "\"a\"");
    BOOST_TEST(read_message(R"({"method":"notifications/cancelled","params":{"requestId":3}})").cancels == "3");
    for (auto* without :
         {R"({"method":"notifications/cancelled"})", R"({"method":"notifications/cancelled","params":[]})",
          R"({"method":"other","params":{"requestId":3}})"})
        BOOST_TEST(read_message(without).cancels.empty());
    BOOST_TEST(read_message(R"({"id":1,"method":"resources/subscribe","params":{"uri":"berth://apps"}})").uri ==
               "berth://apps");
    BOOST_TEST(read_message(R"({"id":1,"method":"resources/subscribe","params":{"uri":3}})").uri.empty());
}

BOOST_AUTO_TEST_CASE(the_revision_goes_into_a_header) {
    BOOST_TEST(agreed_revision(R"({"id":1,"result":{"protocolVersion":"2025-11-25"}})") == "2025-11-25");
    for (auto* none : {"", "[]", R"({"id":1,"error":{}})", R"({"id":1,"result":3})",
                       R"({"result":{"protocolVersion":3}})", R"({"result":{"protocolVersion":"2025\r\nX: y"}})"})
        BOOST_TEST(agreed_revision(none).empty());
}

BOOST_AUTO_TEST_CASE(errors_are_one_line_and_carry_the_id) {
    BOOST_TEST(error_answer("\"a\"", -32000, "gone\nfar") ==
               R"({"jsonrpc":"2.0","id":"a","error":{"code":-32000,"message":"gone\nfar"}})");
    BOOST_TEST(error_answer("", -32600, "\xff").find("null") != std::string::npos);
    // In the server's own words, to the one who asked: it may not have known the id.
    BOOST_TEST(refusal("4", 400, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}})") ==
               R"({"jsonrpc":"2.0","id":4,"error":{"code":-32700,"message":"no"}})");
    BOOST_TEST(refusal("", 400, R"({"jsonrpc":"2.0","id":3,"error":{"code":-32600,"message":"no"}})") ==
               R"({"jsonrpc":"2.0","id":3,"error":{"code":-32600,"message":"no"}})");
    BOOST_TEST(refusal("4", 503, R"({"title":"t","detail":"Berth is ending.","code":"shutting_down"})") ==
               R"({"jsonrpc":"2.0","id":4,"error":{"code":-32000,"message":"Berth is ending."}})");
    BOOST_TEST(refusal("4", 404, "<!doctype html>") ==
               R"({"jsonrpc":"2.0","id":4,"error":{"code":-32600,"message":"The server answered 404."}})");
    BOOST_TEST(refusal("4", 400, R"({"error":{"code":"x"}})").find("answered 400") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(our_own_messages) {
    BOOST_TEST(subscribe_request("s", "berth://apps") ==
               R"({"jsonrpc":"2.0","id":"s","method":"resources/subscribe","params":{"uri":"berth://apps"}})");
    BOOST_TEST(updated_notification("berth://apps") ==
               R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"berth://apps"}})");
    BOOST_TEST(on_one_line("{\r\n \"a\": 1\n}") == "{   \"a\": 1 }");
}

BOOST_AUTO_TEST_SUITE_END()
