#include "cli/address.hpp"

#include "cli/http_client.hpp"
#include "cli/opener.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(table) {
    struct {
        std::string_view given, url; // empty: refused
    } const rows[] = {
        {"http://localhost:3099", "http://localhost:3099"},
        {"http://localhost:3099/", "http://localhost:3099"},
        {"HTTP://LocalHost:4000", "http://localhost:4000"},
        {"localhost:3100", "http://localhost:3100"},
        {"localhost", "http://localhost:3099"},
        {"http://localhost", "http://localhost"},
        {"127.0.0.1:1", "http://127.0.0.1:1"},
        {"http://[::1]:3099", "http://[::1]:3099"},
        {"[::1]", "http://[::1]:3099"},
        {"[::1]:5000", "http://[::1]:5000"},
        {"https://localhost:3099", ""},
        {"http://example.com:3099", ""},
        {"http://localhost.evil.example", ""},
        {"http://localhost:0", ""},
        {"http://localhost:65536", ""},
        {"http://localhost:30x", ""},
        {"http://localhost:", ""},
        {"http://localhost:3099/api", ""},
        {"http://user@localhost:3099", ""},
        {"", ""},
        {"[::1", ""},
    };
    for (auto& row : rows) {
        auto parsed = parse_address(row.given);
        BOOST_TEST(parsed.has_value() == !row.url.empty(), row.given);
        if (parsed)
            BOOST_TEST(parsed->url() == row.url);
        else
            BOOST_TEST(parsed.error().code == exit_code::usage);
    }
}

BOOST_AUTO_TEST_CASE(localhost_is_both_loopbacks) {
    BOOST_TEST(parse_address("localhost")->ips().size() == 2u);
    BOOST_TEST(parse_address("[::1]")->ips().front() == "::1");
}

BOOST_AUTO_TEST_CASE(who_gave_a_bad_address_is_told) {
    BOOST_TEST(parse_address("x", "$BERTH_URL").error().text.starts_with("$BERTH_URL x: Berth answers only on"));
    BOOST_TEST(parse_address("x").error().text.starts_with("--url x: "));
}

BOOST_AUTO_TEST_CASE(failures_for_programs) {
    BOOST_TEST(problem_document(usage_error("no")) ==
               R"({"type":"about:blank","title":"The command was not understood","detail":"no","code":"usage"})");
    BOOST_TEST(problem_document(no_server(server_address{})).find(R"("code":"no_server")") != std::string::npos);
    BOOST_TEST(problem_document(failed("it")).find(R"("code":"failed")") != std::string::npos);
    auto told = body_or_problem({409, R"({"detail":"It is taken.","code":"name_taken"})"}, server_address{}).error();
    BOOST_TEST(problem_document(told) == R"({"detail":"It is taken.","code":"name_taken"})");
}

BOOST_AUTO_TEST_CASE(queries) { BOOST_TEST(percent_encoded("a b&c=漢~") == "a%20b%26c%3D%E6%BC%A2~"); }

BOOST_AUTO_TEST_CASE(problems) {
    server_address server;
    auto why = [&](int status, std::string body) { return body_or_problem({status, std::move(body)}, server).error(); };
    BOOST_TEST(body_or_problem({200, "[]"}, server).value() == "[]");
    auto taken =
        why(409, R"({"type":"about:blank","title":"t","status":409,"detail":"It is taken.","code":"name_taken"})");
    BOOST_TEST(taken.code == exit_code::failed);
    BOOST_TEST(taken.text == "It is taken.");
    BOOST_TEST(taken.api_code == "name_taken");
    BOOST_TEST(why(400, R"({"detail":"d","code":"invalid_request"})").code == exit_code::usage);
    auto scaffold = why(
        500,
        R"({"detail":"It ended with exit code 1. Its last lines:\nnpm \u001b[31merror\nmore","code":"scaffold_failed"})");
    BOOST_TEST(scaffold.text == "It ended with exit code 1. Its last lines:");
    BOOST_TEST(scaffold.quoted == "npm \x1b[31merror\nmore");
    for (auto* page :
         {"<html>", "", "{}", R"({"code":1})", R"({"code":"app_not_found"})", R"({"code":"x","detail":""})"}) {
        BOOST_TEST(why(404, page).text ==
                   "http://localhost:3099 answers, but it is not Berth; choose another with --url");
        BOOST_TEST(why(404, page).code == exit_code::no_server);
    }
    BOOST_TEST(no_server(server).text == "no berth server at http://localhost:3099; start one with: berth up");
    server.port = 4000;
    BOOST_TEST(no_server(server).text ==
               "no berth server at http://localhost:4000; start one with: berth up --port 4000");
}

BOOST_AUTO_TEST_CASE(browsers) {
    using words = std::vector<std::string>;
    BOOST_TEST(browser_command("", "u").empty());
    BOOST_TEST(browser_command("firefox", "u") == (words{"firefox", "u"}), boost::test_tools::per_element());
    BOOST_TEST(browser_command("my browser --url=%s -x:other", "u") == (words{"my", "browser", "--url=u", "-x"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
