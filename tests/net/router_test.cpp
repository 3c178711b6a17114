#include "net/api/router.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::net;

namespace {

struct expected {
    std::string_view method, target, outcome; // the endpoint's name, or the error's and Allow
};

std::string outcome_of(std::string_view method, std::string_view text) {
    auto t = parse_target(text);
    if (!t)
        return std::string(to_string(t.error().code));
    auto r = find_route(method, *t);
    if (r)
        return std::string(to_string(r->to)) + (r->id.empty() ? "" : " " + std::string(r->id)) +
               (r->stream.empty() ? "" : " " + std::string(r->stream));
    return std::string(to_string(r.error().error.code)) + (r.error().allow.empty() ? "" : ": " + r.error().allow);
}

} // namespace

BOOST_AUTO_TEST_SUITE(router)

BOOST_AUTO_TEST_CASE(every_call_of_the_table) {
    const expected rows[] = {
        {"GET", "/api/apps", "list_apps"},
        {"HEAD", "/api/apps", "list_apps"},
        {"GET", "/api/apps?category=a", "list_apps"},
        {"POST", "/api/apps", "create_app"},
        {"POST", "/api/apps/actions", "bulk"},
        {"GET", "/api/apps/abc1234567", "get_app abc1234567"},
        {"PATCH", "/api/apps/abc1234567", "edit_app abc1234567"},
        {"DELETE", "/api/apps/abc1234567?cleanup=true", "delete_app abc1234567"},
        {"POST", "/api/apps/abc1234567/stop", "stop_app abc1234567"},
        // A name: nothing of it is ever taken for a path.
        {"GET", "/api/apps/my%20shop%2f%C3%9Cbersee", "get_app my shop/\u00dcbersee"},
        {"GET", "/api/apps/..%2f..%2fetc", "get_app ../../etc"},
        {"GET", "/api/apps/..", "get_app .."},
        {"POST", "/api/apps/%24(reboot)/stop", "stop_app $(reboot)"},
        {"POST", "/api/apps/abc1234567/restart", "restart_app abc1234567"},
        {"POST", "/api/apps/abc1234567/sleep", "sleep_app abc1234567"},
        {"POST", "/api/apps/abc1234567/wake", "wake_app abc1234567"},
        {"GET", "/api/apps/abc1234567/wake", "method_not_allowed: POST"},
        {"POST", "/api/apps/abc1234567/check", "check_app abc1234567"},
        {"GET", "/api/apps/abc1234567/check", "method_not_allowed: POST"},
        {"GET", "/api/apps/abc1234567/why", "why_app abc1234567"},
        {"HEAD", "/api/apps/abc1234567/why", "why_app abc1234567"},
        {"GET", "/api/apps/abc1234567/logs", "get_logs abc1234567"},
        {"GET", "/api/apps/abc1234567/logs/stdout", "download_log abc1234567 stdout"},
        {"HEAD", "/api/apps/abc1234567/logs/stderr", "download_log abc1234567 stderr"},
        {"GET", "/api/apps/abc1234567/history", "history abc1234567"},
        {"POST", "/mcp", "mcp_message"},
        {"GET", "/mcp", "mcp_stream"},
        {"DELETE", "/mcp", "mcp_end"},
        {"HEAD", "/mcp", "method_not_allowed: GET, POST, DELETE"},
        {"PUT", "/mcp", "method_not_allowed: GET, POST, DELETE"},
        {"GET", "/mcp/x", "page"},
        {"GET", "/api/templates", "list_templates"},
        {"POST", "/api/templates", "add_template"},
        {"DELETE", "/api/templates/shop-2.0", "delete_template shop-2.0"},
        {"POST", "/api/templates/shop/refresh", "refresh_template shop"},
        {"GET", "/api/operations", "list_operations"},
        {"DELETE", "/api/operations/abc1234567", "cancel_operation abc1234567"},
        {"GET", "/api/activity?app=abc1234567&before=9", "activity"},
        {"GET", "/api/manifest", "manifest"},
        {"GET", "/api/health", "health"},
        {"GET", "/api/openapi.json", "openapi"},
        {"GET", "/api/events", "events"},
        {"GET", "/metrics", "metrics"},
        {"GET", "/", "page"},
        {"GET", "/assets/index-0123abcd.js", "page"},
        {"GET", "/%61pi/apps", "list_apps"},
        {"GET", "http://localhost:3099/api/apps", "list_apps"},
        {"GET", "HTTP://localhost:3099/", "page"},
    };
    for (auto& row : rows)
        BOOST_TEST(outcome_of(row.method, row.target) == row.outcome, row.method << ' ' << row.target);
}

BOOST_AUTO_TEST_CASE(what_is_refused_and_how) {
    const expected rows[] = {
        {"PUT", "/api/apps", "method_not_allowed: GET, HEAD, POST"},
        {"OPTIONS", "/api/apps", "method_not_allowed: GET, HEAD, POST"},
        {"GET", "/api/apps/actions", "method_not_allowed: POST"},
        {"PUT", "/api/apps/abc1234567", "method_not_allowed: GET, HEAD, PATCH, DELETE"},
        {"GET", "/api/apps/abc1234567/stop", "method_not_allowed: POST"},
        {"POST", "/api/apps/abc1234567/logs", "method_not_allowed: GET, HEAD"},
        {"GET", "/api/operations/abc1234567", "method_not_allowed: DELETE"},
        {"GET", "/api/templates/shop/refresh", "method_not_allowed: POST"},
        {"POST", "/metrics", "method_not_allowed: GET, HEAD"},
        {"DELETE", "/", "method_not_allowed: GET, HEAD"},
        {"get", "/", "method_not_allowed: GET, HEAD"}, // methods are case-sensitive
        {"GET", "/api", "not_found"},
        {"GET", "/api/", "not_found"},
        {"GET", "/api/nothing", "not_found"},
        {"POST", "/api/nothing", "not_found"},
        {"GET", "/api/apps/", "not_found"},
        {"GET", "/api/apps/abc1234567/", "not_found"},
        {"GET", "/api/apps/abc1234567/logs/both", "not_found"},
        {"GET", "/api//apps", "not_found"},
        {"GET", "/api/apps/abc1234567/logs/../../manifest", "not_found"},
        {"DELETE", "/api/operations/..", "operation_not_found"},
        {"GET", "/api/apps/abc%00234567", "invalid_request"},
        {"GET", "/api/apps/%", "invalid_request"},
        {"GET", "/api/apps/%4", "invalid_request"},
        {"GET", "/api/apps/%zz", "invalid_request"},
        {"GET", "/api/apps/%ff%fe", "invalid_request"},
        {"GET", "/?a=%", "invalid_request"},
        {"GET", "/#top", "invalid_request"},
        {"GET", "", "invalid_request"},
        {"GET", "api/apps", "invalid_request"},
        {"OPTIONS", "*", "invalid_request"},
        {"CONNECT", "evil.example:443", "invalid_request"},
        {"GET", "http://", "invalid_request"},
        {"GET", "http:///api/apps", "invalid_request"},
        {"GET", "http://localhost:3099", "invalid_request"},
        {"GET", "https://localhost:3099/", "invalid_request"},
    };
    for (auto& row : rows)
        BOOST_TEST(outcome_of(row.method, row.target) == row.outcome, row.method << ' ' << row.target);
}

BOOST_AUTO_TEST_CASE(absolute_form_keeps_the_authority) {
    auto t = parse_target("http://evil.example:80/api/apps?x=1");
    BOOST_REQUIRE(t.has_value());
    BOOST_TEST(t->authority == "evil.example:80");
    BOOST_TEST(t->path() == "/api/apps");
}

BOOST_AUTO_TEST_CASE(queries) {
    auto t = parse_target("/api/apps?category=a+b%2Bc%20d&&empty=&bare");
    BOOST_REQUIRE(t.has_value());
    BOOST_REQUIRE(t->query.size() == 3u);
    BOOST_TEST(*find_query(*t, "category") == "a b+c d");
    BOOST_TEST(*find_query(*t, "empty") == "");
    BOOST_TEST(*find_query(*t, "bare") == "");
    BOOST_TEST(!find_query(*t, "other"));
    BOOST_TEST(check_query(*t, {"category", "empty", "bare"}).has_value());
    BOOST_TEST(check_query(*t, {"category", "empty"}).error().detail.find("\"bare\"") != std::string::npos);
    auto twice = parse_target("/?tail=1&tail=1");
    BOOST_TEST(!check_query(*twice, {"tail"}));
}

BOOST_AUTO_TEST_CASE(tails) {
    const std::pair<std::string_view, int> rows[] = {
        {"/", 200},           {"/?tail=0", 0},
        {"/?tail=1", 1},      {"/?tail=10000", 10000},
        {"/?tail=10001", -1}, {"/?tail=-1", -1},
        {"/?tail=", -1},      {"/?tail=1.5", -1},
        {"/?tail=1e3", -1},   {"/?tail=abc", -1},
        {"/?tail=01", -1},    {"/?tail=%201", -1},
        {"/?tail=0x10", -1},  {"/?tail=99999999999999999999", -1},
    };
    for (auto& [text, lines] : rows) {
        auto t = parse_target(text);
        auto r = parse_tail(*t, 200);
        BOOST_TEST((r ? static_cast<int>(*r) : -1) == lines, text);
    }
}

BOOST_AUTO_TEST_CASE(cleanups) {
    BOOST_TEST(*parse_switch(*parse_target("/"), "cleanup", true));
    BOOST_TEST(*parse_switch(*parse_target("/?cleanup=true"), "cleanup", true));
    BOOST_TEST(!*parse_switch(*parse_target("/?cleanup=false"), "cleanup", true));
    for (auto text : {"/?cleanup=", "/?cleanup=1", "/?cleanup=TRUE", "/?cleanup=yes"})
        BOOST_TEST(!parse_switch(*parse_target(text), "cleanup", true), text);
}

BOOST_AUTO_TEST_SUITE_END()
