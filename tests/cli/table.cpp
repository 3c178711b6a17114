#include "cli/table.hpp"

#include "cli/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

namespace {

table sample() {
    table t;
    t.columns = {{"NAME", false, 6, 0}, {"PORT", true, 0, 0}, {"ID", false, 0, 1}};
    t.rows = {{{"a long name", "1"}, {"3100", ""}, {"k3v9q0x1ab", ""}}, {{"漢字", "1"}, {"80", ""}, {"b", ""}}};
    return t;
}

std::size_t widest(const std::string& text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto end = text.find('\n', at);
        columns = std::max(columns, width_of(std::string_view(text).substr(at, end - at)));
        at = end + 1;
    }
    return columns;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(without_a_width_nothing_is_cut) {
    BOOST_TEST(layout(sample(), 0, false) == "NAME         PORT  ID\n"
                                             "a long name  3100  k3v9q0x1ab\n"
                                             "漢字           80  b\n");
}

BOOST_AUTO_TEST_CASE(shrinks_first) {
    BOOST_TEST(layout(sample(), 26, false) == "NAME      PORT  ID\n"
                                              "a long …  3100  k3v9q0x1ab\n"
                                              "漢字        80  b\n");
}

BOOST_AUTO_TEST_CASE(then_drops) {
    BOOST_TEST(layout(sample(), 20, false) == "NAME         PORT\n"
                                              "a long name  3100\n"
                                              "漢字           80\n");
}

BOOST_AUTO_TEST_CASE(never_wider_than_the_terminal) {
    for (std::size_t width = 1; width < 40; ++width)
        BOOST_TEST(widest(layout(sample(), width, false)) <= width, "at width " << width);
}

BOOST_AUTO_TEST_CASE(colours_do_not_count) {
    auto shown = layout(sample(), 0, true);
    BOOST_TEST(shown.find("\x1b[1ma long name\x1b[0m  3100") != std::string::npos);
    BOOST_TEST(shown.find("\x1b[2mNAME\x1b[0m       ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_of_others_is_harmless) {
    auto t = sample();
    t.rows[0][0].text = "x\x1b[2J\ny";
    auto shown = layout(t, 0, false);
    BOOST_TEST(shown.find('\x1b') == std::string::npos);
    BOOST_TEST(std::count(shown.begin(), shown.end(), '\n') == 3);
}

BOOST_AUTO_TEST_SUITE_END()
