#include "cli/list_fields.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

namespace {

std::vector<listed_app> samples() {
    std::vector<listed_app> apps = {sample_app("aaaaaaaa01", "shop"), sample_app("bbbbbbbb02", "Attic\tevil\x1b[2J"),
                                    sample_app("cccccccc03", "mill", "stopped")};
    apps[0].port = 3110;
    apps[0].memory_mb = 90;
    apps[1].port = 3102;
    apps[1].memory_mb = 1200;
    return apps;
}

std::string order(std::string_view field) {
    auto apps = samples();
    BOOST_REQUIRE(sort_by(apps, field).has_value());
    std::string ids;
    for (auto& app : apps)
        ids += app.id.substr(0, 1);
    return ids;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fields_of_apps)

BOOST_AUTO_TEST_CASE(lines_with_tabs) {
    BOOST_TEST(field_lines(samples(), {"name", "port", "memory", "status"}) ==
               "shop\t3110\t90\tonline\nAttic evil\uFFFD[2J\t3102\t1200\tonline\nmill\t3100\t\tstopped\n");
}

BOOST_AUTO_TEST_CASE(order_of_lists) {
    BOOST_TEST(order("name") == "bca");
    BOOST_TEST(order("-name") == "acb");
    BOOST_TEST(order("port") == "cba");
    BOOST_TEST(order("-memory") == "bac"); // figures as figures, the unknown last
    BOOST_TEST(order("category") == "abc");
}

BOOST_AUTO_TEST_CASE(each_field_has_a_value) {
    for (auto& name : field_names())
        BOOST_TEST(parse_fields(name).has_value(), name);
    BOOST_TEST(parse_fields("").has_error());
    BOOST_TEST(parse_fields("name,,port").has_error());
}

BOOST_AUTO_TEST_SUITE_END()
