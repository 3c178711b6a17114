// What tools answer: in words that agents can act upon, and small.
#include "net/fakes.hpp"
#include "net/mcp/answers.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::net::mcp;
using berth::test::make_app;

namespace {

app_view view_of(app a) {
    app_view v;
    v.app = std::move(a);
    return v;
}

app broken() {
    auto a = make_app("aaaaaaaaaa", "brave-otter", 3100, "demos");
    page p;
    p.state = page::condition::broken;
    p.errors = 1;
    p.first = page_issue{"src/app/page.tsx", 70, 18, "Expression expected", "> 70 | <p>"};
    a.page = p;
    return a;
}

} // namespace

BOOST_AUTO_TEST_SUITE(mcp_answers)

BOOST_AUTO_TEST_CASE(no_hint_names_a_command_that_a_tool_does) {
    std::vector<app> all = {broken()};
    for (auto s : {status::stopped, status::launching, status::online, status::errored, status::unknown}) {
        all.push_back(make_app("aaaaaaaaaa", "x", 3100));
        all.back().status = s;
    }
    auto unopened = make_app("aaaaaaaaaa", "x", 3100);
    unopened.page = page_that_nobody_opened();
    all.push_back(unopened);
    auto sleeper = make_app("aaaaaaaaaa", "x", 3100);
    sleeper.status = status::stopped;
    sleeper.asleep.emplace();
    all.push_back(sleeper);
    int hints = 0;
    for (auto& a : all) {
        auto answer = about_trouble(view_of(a), explain(a, "sh: next: not found\n"));
        hints += answer.structured.contains("hints");
        auto text = answer.text + answer.structured.dump();
        for (auto command : {"berth check", "berth logs", "berth restart", "berth start", "berth wake", "berth sleep",
                             "berth ls"})
            BOOST_TEST(text.find(command) == text.npos, text);
    }
    BOOST_TEST(hints >= 5);
}

BOOST_AUTO_TEST_CASE(a_broken_page_is_told_with_its_place) {
    auto told = about_page(view_of(broken()));
    BOOST_TEST(told.text == "brave-otter: It is online at http://localhost:3100, but its page is broken: "
                            "src/app/page.tsx:70: Expression expected.");
    BOOST_TEST(told.structured.dump() ==
               R"({"id":"aaaaaaaaaa","name":"brave-otter","status":"online","page":"broken",)"
               R"("error":{"file":"src/app/page.tsx","line":70,"column":18,"title":"Expression expected",)"
               R"("frame":"> 70 | <p>"}})");
    apps_view all;
    all.apps = {std::make_shared<app_view>(view_of(broken()))};
    auto listed = list_of(all, {});
    BOOST_TEST(listed.text ==
               "1 app: brave-otter: online at http://localhost:3100, page broken (src/app/page.tsx:70).");
    BOOST_TEST(listed.structured.dump().find("frame") == std::string::npos);
    BOOST_TEST(list_of(all, "others").structured.dump() == R"({"apps":[]})");
}

BOOST_AUTO_TEST_CASE(that_an_app_sleeps_is_told_in_a_word) {
    auto a = make_app("aaaaaaaaaa", "brave-otter", 3100);
    a.asleep = nap{1769869800000, nap::cause::asked};
    a.status_reason = "Asleep since 14:30.";
    app_view going = view_of(a); // its processes still live
    going.operation = activity::sleeping;
    BOOST_TEST(!about(going, "/root").structured.contains("asleep"));
    a.status = status::stopped;
    apps_view all;
    all.apps = {std::make_shared<app_view>(view_of(a))};
    auto listed = list_of(all, {});
    BOOST_TEST(listed.text == "1 app: brave-otter: asleep.");
    BOOST_TEST(listed.structured["apps"][0].dump() ==
               R"({"id":"aaaaaaaaaa","name":"brave-otter","status":"stopped","url":"http://localhost:3100",)"
               R"("asleep":true})");
    auto told = about(view_of(a), "/root");
    BOOST_TEST(told.text == "brave-otter: Asleep since 14:30.");
    BOOST_TEST(told.structured["reason"] == "Asleep since 14:30.");
    BOOST_TEST(next_step(a) == "wait_until_ready wakes it.");
}

BOOST_AUTO_TEST_CASE(absent_is_not_null) {
    auto a = make_app("aaaaaaaaaa", "x", 3100);
    a.status = status::errored;
    a.exit_code = 1;
    auto v = view_of(a);
    for (auto& answer : {about(v, "/root"), about_page(v), about_trouble(v, explain(a, ""))})
        BOOST_TEST(answer.structured.dump().find("null") == std::string::npos);
    BOOST_TEST(about(v, "/home/ada/berth").structured["directory"] == "/home/ada/berth/created-apps/aaaaaaaaaa");
}

BOOST_AUTO_TEST_CASE(a_failure_says_what_to_do) {
    auto told = failure({errc::app_not_found, "There is no app with the id or name \"x\"."});
    BOOST_TEST(told.failed);
    BOOST_TEST(to_json(told).dump() ==
               R"({"content":[{"type":"text","text":"There is no app with the id or name \"x\". )"
               R"(list_apps names those that there are."}],"isError":true})");
    auto a = make_app("aaaaaaaaaa", "x", 3100);
    a.status = status::errored;
    a.status_reason = "It exited with code 1.";
    BOOST_TEST(not_ready(view_of(a), "is not online.").text ==
               "x is not online. It exited with code 1. why tells its last words; mend it, then restart_app.");
}

BOOST_AUTO_TEST_CASE(the_last_words_are_short) {
    auto a = make_app("aaaaaaaaaa", "x", 3100);
    a.status = status::errored;
    std::string output;
    for (int i = 0; i < 100; ++i)
        output += "\x1b[31m" + std::string(1000, 'x') + "\x1b[0m\n";
    auto told = about_trouble(view_of(a), explain(a, output));
    BOOST_TEST(told.structured["lastWords"].size() == 10u);
    BOOST_TEST(told.structured.dump().size() < 3000u);
}

BOOST_AUTO_TEST_SUITE_END()
