#include "cli/sanitizer.hpp"

#include "cli/log_printer.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

namespace {

struct row {
    const char* what;
    std::string_view text, plain, coloured;
};

const row rows[] = {
    {"text", "hello 漢字\n", "hello 漢字\n", "hello 漢字\n"},
    {"a tab stays", "a\tb", "a\tb", "a\tb"},
    {"CR LF", "a\r\nb\r\n", "a\nb\n", "a\nb\n"},
    {"a spinner", "\rone\rtwo\r\x1b[Kthree\n", "one\ntwo\nthree\n", "one\ntwo\nthree\n"},
    {"a colour", "\x1b[32mok\x1b[0m!", "ok!", "\x1b[32mok\x1b[0m!"},
    {"a short reset", "\x1b[1;32mok\x1b[m", "ok", "\x1b[1;32mok\x1b[m"},
    {"a colour over lines", "\x1b[31mred\nstill\x1b[39m", "red\nstill",
     "\x1b[31mred\x1b[0m\n\x1b[31mstill\x1b[39m\x1b[0m"},
    {"a colour left open", "\x1b[31mred", "red", "\x1b[31mred\x1b[0m"},
    {"true colour", "\x1b[38;2;1;2;3mx\x1b[0m", "x", "\x1b[38;2;1;2;3mx\x1b[0m"},
    {"moving the cursor", "\x1b[2J\x1b[H\x1b[10;3Hx", "x", "x"},
    {"private modes", "\x1b[?1049hx\x1b[?25l", "x", "x"},
    {"not quite SGR", "\x1b[>4;2mx\x1b[ mq", "xq", "xq"},
    {"a title by BEL", "\x1b]0;title\x07x", "x", "x"},
    {"a link by ST", "\x1b]8;;http://a\x1b\\text\x1b]8;;\x1b\\", "text", "text"},
    {"the clipboard", "\x1b]52;c;aGk=\x07x", "x", "x"},
    {"DCS, APC, PM, SOS", "\x1bPq#0\x1b\\a\x1b_x\x1b\\b\x1b^y\x1b\\c\x1bXz\x1b\\d", "abcd", "abcd"},
    {"a string that never ends stops at the line", "\x1b]0;never\nnext", "\nnext", "\nnext"},
    {"a string ended by another sequence", "\x1b]0;t\x1b[31mx", "x", "\x1b[31mx\x1b[0m"},
    {"C1 CSI and OSC", "\u009b31mx\u009d0;t\u009cy", "xy", "\x1b[31mxy\x1b[0m"},
    {"other controls", "a\x07\x08\x0b\x0c\x0e\x0f\x7f\u0085z", "az", "az"},
    {"turned text", "a\u202Eb\u2066c", "abc", "abc"},
    {"a character set", "\x1b(0lqk\x1b(B", "lqk", "lqk"},
    {"two-byte escapes",
     "\x1b"
     "7a\x1b"
     "8b\x1b"
     "cc",
     "abc", "abc"},
    {"a lone ESC", "\x1b\x1b\x1b[32mx\x1b", "x", "\x1b[32mx\x1b[0m"},
    {"CSI cut by a control", "\x1b[3\nx", "\nx", "\nx"},
    {"NUL", std::string_view("a\0b", 3), "ab", "ab"},
};

std::string all_of(sanitizer s, std::string_view text) {
    auto out = s.feed(text);
    return out + s.finish();
}

/// One character at a time: whatever is cut where, the result is the same.
std::string in_pieces(sanitizer s, std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        while (at + length < text.size() && (text[at + length] & 0xC0) == 0x80)
            ++length;
        out += s.feed(text.substr(at, length));
        at += length;
    }
    return out + s.finish();
}

} // namespace

namespace {

log_printer::options shown(bool both, bool terminal, bool colours) {
    log_printer::options options;
    options.both = both;
    options.terminal = terminal;
    options.colours = colours;
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sanitizing)

BOOST_AUTO_TEST_CASE(table) {
    for (auto& r : rows) {
        BOOST_TEST_CONTEXT(r.what) {
            BOOST_TEST(all_of(sanitizer(false), r.text) == r.plain);
            BOOST_TEST(all_of(sanitizer(true), r.text) == r.coloured);
            BOOST_TEST(in_pieces(sanitizer(false), r.text) == r.plain);
            BOOST_TEST(in_pieces(sanitizer(true), r.text) == r.coloured);
        }
    }
}

BOOST_AUTO_TEST_CASE(sequences_are_bounded) {
    std::string open = "\x1b]0;" + std::string(10'000, 'x');
    BOOST_TEST(all_of(sanitizer(false), open).size() < 6'000);
    std::string parameters = "\x1b[" + std::string(10'000, '1') + "m";
    BOOST_TEST(all_of(sanitizer(true), parameters).find('\x1b') == std::string::npos);
    std::string colours;
    for (int i = 0; i < 1000; ++i)
        colours += "\x1b[31m";
    BOOST_TEST(all_of(sanitizer(true), colours + "\n").size() < colours.size() + 300);
}

BOOST_AUTO_TEST_CASE(one_line) {
    BOOST_TEST(plain_line("\x1b[32madded\x1b[0m 5\rpackages\nin 2s\xff") == "added 5 packages in 2s\uFFFD");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(log_printing)

BOOST_AUTO_TEST_CASE(one_stream_passes_through) {
    log_printer printer(shown(false, false, false));
    BOOST_TEST(printer.print(log_side::out, "half ") == "half ");
    BOOST_TEST(printer.print(log_side::out, "line") == "line");
    BOOST_TEST(printer.finish() == "");
}

BOOST_AUTO_TEST_CASE(on_a_terminal_the_prompt_gets_a_line_of_its_own) {
    log_printer printer(shown(false, true, true));
    BOOST_TEST(printer.print(log_side::out, "\x1b[31mred") == "\x1b[31mred");
    BOOST_TEST(printer.finish() == "\x1b[0m\n");
}

BOOST_AUTO_TEST_CASE(both_streams_come_in_whole_lines) {
    log_printer printer(shown(true, false, false));
    BOOST_TEST(printer.print(log_side::out, "half ") == "");
    BOOST_TEST(printer.print(log_side::error, "oops\nmore") == "oops\n");
    BOOST_TEST(printer.print(log_side::out, "line\n") == "half line\n");
    BOOST_TEST(printer.finish() == "more\n");
    BOOST_TEST(printer.finish() == "");
}

BOOST_AUTO_TEST_CASE(both_streams_on_a_terminal_say_which) {
    log_printer coloured(shown(true, true, true));
    BOOST_TEST(coloured.print(log_side::out, "a\n") == "\x1b[2mout \x1b[0ma\n");
    log_printer plain(shown(true, true, false));
    BOOST_TEST(plain.print(log_side::error, "b\nc\n") == "err b\nerr c\n");
}

BOOST_AUTO_TEST_CASE(a_line_without_end_is_cut) {
    log_printer printer(shown(true, false, false));
    auto shown = printer.print(log_side::out, std::string(100'000, 'x'));
    BOOST_TEST(shown.size() == 100'001u);
    BOOST_TEST(shown.back() == '\n');
}

BOOST_AUTO_TEST_CASE(only_lines_with_the_text_asked_for_their_colours_aside) {
    auto options = shown(false, false, true);
    options.grep = "GET /";
    log_printer printer(options);
    BOOST_TEST(printer.print(log_side::out, "GET") == "");
    BOOST_TEST(printer.print(log_side::out, " / 200\nPOST / 200\n\x1b[32mGET\x1b[0m / 404\nGET /x") ==
               "GET / 200\n\x1b[32mGET\x1b[0m / 404\n");
    BOOST_TEST(printer.finish() == "GET /x\n");
}

BOOST_AUTO_TEST_CASE(each_line_says_whose_it_is_and_when_it_came) {
    auto options = shown(true, true, false);
    options.label = "shop";
    options.times = true;
    log_printer printer(options);
    BOOST_TEST(printer.print(log_side::out, "before\n") == "- shop out before\n");
    BOOST_TEST(printer.print(log_side::error, "now\nhalf", "14:30:00.123") == "14:30:00.123 shop err now\n");
    BOOST_TEST(printer.print(log_side::error, " whole\n", "14:30:01.000") == "14:30:01.000 shop err half whole\n");
}

BOOST_AUTO_TEST_SUITE_END()
