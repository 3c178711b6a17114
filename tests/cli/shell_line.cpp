#include "cli/shell_line.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

BOOST_AUTO_TEST_SUITE(lines_of_shell)

BOOST_AUTO_TEST_CASE(words_and_what_is_put_in) {
    using list = std::vector<std::string>;
    constexpr auto breaks = " \t\n\"'><=;|&(:";
    struct {
        const char* line;
        list words;
        const char *value, *reply; // what the last word shall become, and what bash puts in for it
    } const rows[] = {
        {"berth sh", {"berth", "sh"}, "show", "show"},
        {"berth show ", {"berth", "show", ""}, "My shop", "My\\ shop"},
        {"berth show My\\ ", {"berth", "show", "My "}, "My shop", "My\\ shop"},
        {"berth show \"My s", {"berth", "show", "My s"}, "My shop", "My shop"},
        {"berth show 'My ", {"berth", "show", "My "}, "My 'own'", "My '\\''own'\\''"},
        {"berth show \"a", {"berth", "show", "a"}, "a $\"`\\", "a \\$\\\"\\`\\\\"},
        {"berth show beta:", {"berth", "show", "beta:"}, "beta: one", "\\ one"},
        {"berth show beta:\\ o", {"berth", "show", "beta: o"}, "beta: one", "\\ one"},
        {"berth show beta\\:", {"berth", "show", "beta:"}, "beta: one", "beta:\\ one"},
        {"berth show \"beta: ", {"berth", "show", "beta: "}, "beta: one", "beta: one"},
        {"berth ls --category=te", {"berth", "ls", "--category=te"}, "--category=test bed", "test\\ bed"},
        {"berth ls --category=\"te", {"berth", "ls", "--category=te"}, "--category=test bed", "test bed"},
        {"berth stop \"My shop\" o", {"berth", "stop", "My shop", "o"}, "other", "other"},
        {"BERTH_URL=x berth sh", {"berth", "sh"}, "show", "show"},
        {"berth", {"berth"}, "berth", "berth"},
        {"", {""}, "berth", "berth"},
        {"berth show \xe6\xbc\xa2", {"berth", "show", "\xe6\xbc\xa2"}, "\xe6\xbc\xa2 x", "\xe6\xbc\xa2\\ x"},
    };
    for (auto& row : rows)
        BOOST_TEST_CONTEXT(row.line) {
            auto read = read_shell_line(row.line, breaks);
            BOOST_TEST(read.words == row.words, boost::test_tools::per_element());
            BOOST_TEST(bash_reply(row.value, read.typing) == row.reply);
        }
}

BOOST_AUTO_TEST_SUITE_END()
