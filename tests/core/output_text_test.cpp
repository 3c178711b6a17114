#include "core/output_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(output_texts)

BOOST_AUTO_TEST_CASE(lines_become_plain) {
    struct {
        const char* raw;
        const char* plain;
    } rows[] = {
        {"hello", "hello"},
        {"\x1b[1;32mgreen\x1b[0m text", "green text"},
        {"\x1b]0;title\aafter", "after"},
        {"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"},
        {"\x1b(Bx\x1b=y", "xy"},
        {"10%\r50%\r100%", "100%"},
        {"done\r", "done"},
        {"\x1b[2K\x1b[1Gspinner", "spinner"},
        {"a\tb\x01\x07", "a b"},
        {"bad \xff\xfe", "bad \ufffd\ufffd"},
        {"d\u00e9j\u00e0", "d\u00e9j\u00e0"},
        {"\u009b6n \x9b \u202ea\u2066b\u200b", "6n \ufffd ab"},
        {"cut \x1b[", "cut "},
        {"cut \x1b", "cut "},
        {"", ""},
    };
    for (auto& row : rows)
        BOOST_TEST(plain_line(row.raw, 500) == row.plain);
}

BOOST_AUTO_TEST_CASE(long_lines_are_cut_between_characters) {
    BOOST_TEST(plain_line("aaaa\u00e9", 5) == "aaaa");
    BOOST_TEST(plain_line("aaaa\u00e9", 6) == "aaaa\u00e9");
    BOOST_TEST(plain_line(std::string(1000, 'x'), 500).size() == 500u);
}

BOOST_AUTO_TEST_CASE(only_the_last_lines_are_kept) {
    last_lines lines(3);
    BOOST_TEST(lines.text() == "");
    for (auto* line : {"1", "2", "3", "4"})
        lines.add(line);
    BOOST_TEST(lines.text() == "2\n3\n4");
}

BOOST_AUTO_TEST_SUITE_END()
