#include "cli/login_item.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_items)

BOOST_AUTO_TEST_CASE(a_unit) {
    auto unit = systemd_unit(
        {{"/opt/berth", "serve", "--port=3099"}, {{"PATH", "/usr/bin:/bin"}, {"BERTH_ROOT", "/home/ada/berth"}}});
    BOOST_TEST(has_line(unit, R"(ExecStart=/bin/sh -c "exec \"$$0\" \"$$@\"" "/opt/berth" "serve" "--port=3099")"));
    BOOST_TEST(has_line(unit, R"(Environment="PATH=/usr/bin:/bin")"));
    BOOST_TEST(has_line(unit, R"(Environment="BERTH_ROOT=/home/ada/berth")"));
    BOOST_TEST(has_line(unit, "KillMode=process"));
    BOOST_TEST(has_line(unit, "Restart=on-failure"));
    BOOST_TEST(has_line(unit, "WantedBy=default.target"));
    BOOST_TEST(is_our_login_item(unit));
}

BOOST_AUTO_TEST_CASE(what_means_something_to_systemd_is_escaped) {
    struct row {
        const char *word, *in_command, *in_environment;
    };
    for (auto& each : {
             row{"/a b", R"("/a b")", R"("X=/a b")"},
             row{"50%h", R"("50%%h")", R"("X=50%%h")"},
             row{"$HOME ${X} $$", R"("$$HOME $${X} $$$$")", R"("X=$HOME ${X} $$")"},
             row{R"(a"b'c)", R"("a\"b'c")", R"("X=a\"b'c")"},
             row{R"(a\nb\)", R"("a\\nb\\")", R"("X=a\\nb\\")"},
             row{"a&b;c#d", R"("a&b;c#d")", R"("X=a&b;c#d")"},
             row{"", R"("")", R"("X=")"},
             row{";", R"(";")", R"("X=;")"},
         }) {
        auto unit = systemd_unit({{each.word}, {{"X", each.word}}});
        BOOST_TEST(unit.find("\"$$@\\\"\" " + std::string(each.in_command) + "\n") != std::string::npos, unit);
        BOOST_TEST(has_line(unit, "Environment=" + std::string(each.in_environment)), unit);
    }
}

BOOST_AUTO_TEST_CASE(an_agent) {
    auto agent = launchd_agent({{"/opt/a & b/<berth>", "--scaffold=\"x\""}, {{"PATH", "/a&b"}}},
                               "/Users/ada/Library/Logs/berth.log");
    for (auto* part : {"<string>/opt/a &amp; b/&lt;berth&gt;</string>", "<string>--scaffold=\"x\"</string>",
                       "<key>PATH</key>\n    <string>/a&amp;b</string>",
                       "<string>/Users/ada/Library/Logs/berth.log</string>", "<key>RunAtLoad</key>\n  <true/>",
                       "<key>SuccessfulExit</key>\n    <false/>", "<key>AbandonProcessGroup</key>\n  <true/>"})
        BOOST_TEST(agent.find(part) != std::string::npos, part);
    auto comment = agent.substr(agent.find("<!--") + 4);
    BOOST_TEST(comment.substr(0, comment.find("-->")).find("--") == std::string::npos);
    BOOST_TEST(is_our_login_item(agent));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_refused) {
    BOOST_TEST(check_login_item({{"/a b", "ü %"}, {{"PATH", "/x"}}}).has_value());
    BOOST_TEST(check_login_item({{"/a\nb"}, {}}).has_error());
    BOOST_TEST(check_login_item({{"/a"}, {{"PATH", "/x\x01"}}}).has_error());
    BOOST_TEST(check_login_item({{"/a\xff"}, {}}).has_error());
    BOOST_TEST(!is_our_login_item("[Service]\nExecStart=/bin/true\n"));
}

BOOST_AUTO_TEST_SUITE_END()
