// What is wrong with an app, in words.
#include "core/why.hpp"

#include "core/app_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

namespace {

app app_that_is(status s, std::optional<std::string> reason = {}) {
    app a;
    a.id = "abcdefghij";
    a.name = "demo";
    a.port = 3104;
    a.status = s;
    a.started_at = 1000;
    a.status_reason = std::move(reason);
    return a;
}

app broken(std::string title) {
    auto a = app_that_is(status::online);
    page p;
    p.state = page::condition::broken;
    p.errors = 2;
    p.first = page_issue{"src/app/page.tsx", 70, 18, std::move(title), "> 70 | <p>"};
    a.page = p;
    return a;
}

bool has(const std::vector<std::string>& hints, std::string_view words) {
    for (auto& hint : hints)
        if (hint.find(words) != hint.npos)
            return true;
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(whys)

BOOST_AUTO_TEST_CASE(sentences) {
    auto working = app_that_is(status::online);
    working.page = page();
    working.page->state = page::condition::working;
    auto unopened = app_that_is(status::online);
    unopened.page = page_that_nobody_opened();
    auto never = app_that_is(status::stopped);
    never.started_at.reset();
    struct {
        app what;
        std::string expected;
    } rows[] = {
        {working, "It is online at http://localhost:3104 and its pages work."},
        {unopened,
         "It is online at http://localhost:3104; whether its pages work is not known: Nobody has opened a page "
         "of it since it started."},
        {broken("Expression expected"), "It is online at http://localhost:3104, but its page is broken: "
                                        "src/app/page.tsx:70: Expression expected (and 1 more)."},
        {app_that_is(status::online), "It is online at http://localhost:3104; whether its pages work, its dev server does "
                                 "not tell (Next 16 and later "
                                 "do)."},
        {app_that_is(status::launching), "It is starting."},
        {app_that_is(status::errored, "It exited with code 3."), "It exited with code 3."},
        {app_that_is(status::stopped), "It is stopped, as somebody asked for."},
        {never, "It was never started."},
        {app_that_is(status::unknown, "pm2 has no record of it."), "pm2 has no record of it."},
    };
    for (auto& row : rows)
        BOOST_TEST(explain(row.what, "").sentence == row.expected);
    auto healthy = explain(working, "noise\n");
    BOOST_TEST(healthy.hints.empty());
    BOOST_TEST(healthy.last_words.empty());
}

BOOST_AUTO_TEST_CASE(last_words_are_the_last_twenty_lines_as_plain_text) {
    std::string output = "half a li";
    for (int i = 0; i < 30; ++i)
        output += "\x1b[31mline\x1b[0m " + std::to_string(i) + "\r\n\n";
    auto told = explain(app_that_is(status::errored), output).last_words;
    BOOST_TEST(told.size() == 20u);
    BOOST_TEST(told.front() == "line 10");
    BOOST_TEST(told.back() == "line 29");
    BOOST_TEST(last_lines_of("").empty());
    BOOST_TEST(last_lines_of("\n\n \n").empty());
    BOOST_TEST(last_lines_of("\xff\x01").front() == "\uFFFD");
    BOOST_TEST(last_lines_of(std::string(5000, 'x')).front().size() == 400u);
    BOOST_TEST(!is_in_trouble(app_that_is(status::stopped)));
    BOOST_TEST(is_in_trouble(broken("x")));
    BOOST_TEST(!is_in_trouble(app_that_is(status::online)));
}

BOOST_AUTO_TEST_CASE(hints) {
    BOOST_TEST(has(explain(broken("x"), "").hints, "Mend src/app/page.tsx:70"));
    auto missing = broken("Module not found: Can't resolve '@scope/pack/part'");
    missing.package_manager = "pnpm";
    BOOST_TEST(has(explain(missing, "").hints, "If \"@scope/pack\" is a package, install it with pnpm"));
    for (auto own : {"./part", "@/lib/part", "~/part", "/part", "#part", ""})
        BOOST_TEST(!has(explain(broken(std::string("Can't resolve '") + own + "'"), "").hints, "install"), own);
    auto crashed = explain(app_that_is(status::errored, "It exited with code 127."), "sh: 1: next: not found\n");
    BOOST_TEST(has(crashed.hints, "`npm install` in ./created-apps/abcdefghij"));
    BOOST_TEST(has(crashed.hints, "berth logs abcdefghij"));
    auto taken = explain(app_that_is(status::errored, "port 3104 is in use by node, pid 812"), "");
    BOOST_TEST(has(taken.hints, "holds the port"));
    BOOST_TEST(has(explain(app_that_is(status::stopped), "").hints, "berth start abcdefghij"));
    BOOST_TEST(has(explain(app_that_is(status::unknown), "").hints, "berth restart abcdefghij"));
}

BOOST_AUTO_TEST_CASE(as_json) {
    auto a = app_that_is(status::errored, "It exited with code 3.");
    a.exit_code = 3;
    auto told = to_json(explain(a, "boom\n"));
    BOOST_TEST(told["status"] == "errored");
    BOOST_TEST(told["exit"].dump() == R"({"code":3,"signal":null})");
    BOOST_TEST(told["page"].is_null());
    BOOST_TEST(told["lastWords"].dump() == R"(["boom"])");
    BOOST_TEST(to_json(explain(app_that_is(status::stopped), ""))["exit"].is_null());
}

BOOST_AUTO_TEST_SUITE_END()
