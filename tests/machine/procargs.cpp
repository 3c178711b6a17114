#include "machine/procargs.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string>

using namespace berth;

namespace {

/// As macOS lays it out; '|' stands for NUL.
std::string block(int arguments, std::string text) {
    std::string number(sizeof arguments, '\0');
    std::memcpy(number.data(), &arguments, sizeof arguments);
    std::replace(text.begin(), text.end(), '|', '\0');
    return number + text;
}

std::string variables(int arguments, const std::string& text) {
    auto whole = block(arguments, text);
    std::string found(variables_in(whole));
    std::replace(found.begin(), found.end(), '\0', '|');
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(arguments_of_a_process)

BOOST_AUTO_TEST_CASE(variables_follow_the_arguments) {
    BOOST_TEST(variables(2, "/bin/sh||||sh|-c|A=1|B=2||ptr_munge=|") == "A=1|B=2|");
    BOOST_TEST(variables(1, "/usr/local/bin/node|||node|name=orch-a|") == "name=orch-a|");
}

BOOST_AUTO_TEST_CASE(an_empty_argument_is_one) { BOOST_TEST(variables(3, "/bin/sh||sh||x|A=1||") == "A=1|"); }

BOOST_AUTO_TEST_CASE(nothing_is_made_up) {
    BOOST_TEST(variables(1, "/bin/sh||sh|") == ""); // another user's: without its variables
    BOOST_TEST(variables(1, "/bin/sh||sh|A=1|B=cut o") == "A=1|");
    BOOST_TEST(variables(1000, "/bin/sh||sh|A=1|") == "");
    BOOST_TEST(variables(-1, "/bin/sh||") == "");
    BOOST_TEST(variables(1, "/bin/sh") == "");
    BOOST_TEST(variables(1, "") == "");
    BOOST_TEST(variables_in("").empty());
    BOOST_TEST(variables_in("abc").empty());
}

BOOST_AUTO_TEST_SUITE_END()
