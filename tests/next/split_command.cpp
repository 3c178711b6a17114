#include "next/split_command.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(command_splitting)

BOOST_AUTO_TEST_CASE(words_are_cut_as_a_shell_would) {
    using words = std::vector<std::string>;
    struct {
        const char* text;
        words expected;
    } rows[] = {
        {"node make.js", {"node", "make.js"}},
        {"  node\t make.js \n", {"node", "make.js"}},
        {R"(cp -r "my template" 'it is')", {"cp", "-r", "my template", "it is"}},
        {R"(a\ b c\\d \"e\")", {"a b", "c\\d", "\"e\""}},
        {R"("a \"b\" \\ \$x \n")", {"a \"b\" \\ $x \\n"}},
        {R"('$HOME * \ "' x)", {"$HOME * \\ \"", "x"}},
        {R"(a"b"'c'd)", {"abcd"}},
        {R"(x '' "")", {"x", "", ""}},
        {"a\\\nb", {"ab"}},
        {"\"a\\\nb\"", {"ab"}},
        {"--opt=a,b ./x/y-1.2@latest a#b a~", {"--opt=a,b", "./x/y-1.2@latest", "a#b", "a~"}},
        {"node déjà", {"node", "déjà"}},
    };
    for (auto& row : rows) {
        auto got = split_command(row.text);
        BOOST_REQUIRE_MESSAGE(got, row.text);
        BOOST_TEST((*got == row.expected), row.text);
    }
}

BOOST_AUTO_TEST_CASE(what_would_need_a_shell_is_an_error) {
    for (auto* text : {"",      "   ",        "''",       "a | b",   "a; b", "a && b",  "a > f",
                       "a < f", "echo $HOME", "echo `x`", "ls *.js", "(a)",  "a 'b",    "a \"b",
                       "a\\",   "\"$HOME\"",  "\"`x`\"",  "~/x",     "# x",  "a {b,c}", "!x"}) {
        auto got = split_command(text);
        BOOST_REQUIRE_MESSAGE(!got, text);
        BOOST_TEST((got.error().code == errc::invalid_request));
        BOOST_TEST(got.error().detail.starts_with("The scaffold command cannot be read: "));
    }
    BOOST_TEST(!split_command(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_SUITE_END()
