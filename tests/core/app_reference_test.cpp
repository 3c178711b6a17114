// How apps are named, by people and by agents.
#include "core/app_reference.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(app_references)

BOOST_AUTO_TEST_CASE(ids_come_first_then_names_then_beginnings) {
    using enum meant_app::how;
    const std::vector<named_app> apps = {
        {"abcdefghi1", "brave-otter"}, {"abcdefghi2", "\u00dcber"},
        {"abcd000000", "abcdefghi1"}, // called as another's id
        {"zzzz000000", "abcde"},      // called as the beginning of others' ids
        {"qqqq000000", "calm-bay"},
    };
    const struct {
        std::string_view reference;
        meant_app::how how;
        std::vector<std::size_t> which;
    } rows[] = {
        {"abcdefghi1", whole, {0}},  {"abcdefghi2", whole, {1}},
        {"Brave-OTTER", whole, {0}}, {"\u00fcBER", whole, {1}},
        {"u\u0308ber", whole, {1}},  {"abcde", whole, {3}},
        {"abcdef", several, {0, 1}}, {"abcd", several, {0, 1, 2}},
        {"abcd0", prefix, {2}},      {"qqqq", prefix, {4}},
        {"QQQQ", none, {}},          {"qqq", too_short, {}},
        {"q", too_short, {}},        {"", none, {}},
        {"nobody", none, {}},        {"qqqq0000000", none, {}},
    };
    for (auto& row : rows) {
        auto meant = find_meant(apps, row.reference);
        BOOST_TEST((meant.found == row.how), row.reference);
        BOOST_TEST(meant.which == row.which, boost::test_tools::per_element());
    }
    BOOST_TEST((find_meant({}, "qqqq").found == none));
}

BOOST_AUTO_TEST_SUITE_END()
