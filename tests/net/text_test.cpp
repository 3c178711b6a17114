#include "net/http/text.hpp"

#include "net/api/metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace berth;
using namespace berth::net;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(numbers) {
    BOOST_TEST(*parse_number("0", 10) == 0u);
    BOOST_TEST(*parse_number("10", 10) == 10u);
    for (auto given : {"", "11", "-1", "+1", " 1", "1 ", "01", "1e1", "1.0", "18446744073709551616"})
        BOOST_TEST(!parse_number(given, 10), given);
}

BOOST_AUTO_TEST_CASE(json_strings) {
    std::string every;
    for (int c = 0; c < 0x80; ++c)
        every += static_cast<char>(c);
    for (auto& given : {std::string(), std::string("a"), std::string("\""), every, every + "é日👩\uFFFD" + every}) {
        std::string out = "before";
        append_json_string(out, given);
        BOOST_TEST(json_string_size(given) + 6 == out.size());
        BOOST_TEST(out == "before" + nlohmann::json(given).dump());
    }
}

BOOST_AUTO_TEST_CASE(lists) {
    std::string seen;
    for_each_item(" a ,, b;q=1 ,\tc", [&](std::string_view item) { seen += "[" + std::string(item) + "]"; });
    BOOST_TEST(seen == "[a][b;q=1][c]");
}

BOOST_AUTO_TEST_CASE(dates) {
    BOOST_TEST(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    BOOST_TEST(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"); // the RFC's own example
}

BOOST_AUTO_TEST_CASE(metrics_escape_names) {
    auto view = std::make_shared<app_view>();
    view->app.id = "aaaaaaaaaa";
    view->app.name = "a\"b\\c\nd";
    view->app.status = status::errored;
    view->app.cpu_percent = 150;
    apps_view apps;
    apps.apps.push_back(view);
    request_counters counters;
    counters.count(endpoint::list_apps, 200);
    counters.count(endpoint::list_apps, 304);
    counters.count(endpoint::refused, 421);
    auto written = format_metrics({apps, counters, {}, {}});
    for (auto line : {"berth_apps{status=\"errored\"} 1\n", "berth_apps{status=\"online\"} 0\n",
                      "berth_app_cpu_cores{id=\"aaaaaaaaaa\",name=\"a\\\"b\\\\c\\nd\"} 1.5\n",
                      "berth_http_requests_total{route=\"list_apps\",status=\"2xx\"} 1\n",
                      "berth_http_requests_total{route=\"list_apps\",status=\"3xx\"} 1\n",
                      "berth_http_requests_total{route=\"refused\",status=\"4xx\"} 1\n", "berth_pm2_connected 0\n"})
        BOOST_TEST(written.find(line) != std::string::npos, line);
    BOOST_TEST(written.find("process_resident_memory_bytes") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
