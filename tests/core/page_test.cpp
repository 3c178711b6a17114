// What an app's page is said to be, and when its dev server is asked: rules, as tables.
#include "core/page.hpp"
#include "core/page_schedule.hpp"

#include "core/app_json.hpp"
#include "core/manifest.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace std::chrono_literals;

namespace {

using outcome = page_answer::outcome;
using end = page_schedule::end;

page_answer answer(outcome what, int errors = 0) {
    page_answer a;
    a.what = what;
    a.errors = errors;
    if (errors > 0)
        a.first = page_issue{"src/app/page.tsx", 70, 18, "Expression expected", {}};
    if (what == outcome::failed)
        a.why = "It did not answer within 10 s.";
    return a;
}

/// A schedule and a clock that a test turns.
struct timed {
    page_schedule schedule;
    page_schedule::time now = page_schedule::time(1h);

    timed() { schedule.online("a", 1); }
    std::string ask() {
        auto q = schedule.next(now);
        return q ? q->id : "";
    }
    /// Asks, and is answered at once.
    void answered(const std::string& id, end how = end::answered, std::int64_t run = 1) {
        BOOST_TEST_REQUIRE(ask() == id);
        BOOST_TEST(schedule.ended({id, run}, how, now));
    }
    /// How long from now until there is a question, to 100 ms, an hour at most.
    std::chrono::milliseconds wait() {
        for (auto after = 0ms; after < 1h; after += 100ms) {
            auto copy = schedule;
            if (copy.next(now + after)) {
                BOOST_TEST((schedule.wake() && *schedule.wake() <= now + after));
                return after;
            }
        }
        BOOST_TEST(!schedule.wake());
        return 1h;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(what_is_made_of_answers) {
    struct {
        page_answer compiled;
        std::optional<page_answer> tabs;
        std::string expected;
    } rows[] = {
        {answer(outcome::no_endpoint), {}, "none"},
        {answer(outcome::failed), {}, "unchecked"},
        {answer(outcome::told, 3), {}, "broken"},
        {answer(outcome::told), {}, "working"},
        {answer(outcome::told), answer(outcome::told), "working"},
        {answer(outcome::told), answer(outcome::told, 1), "broken"},
        {answer(outcome::told), answer(outcome::tells_nothing), "working"},
        {answer(outcome::told), answer(outcome::failed), "unchecked"},
        {answer(outcome::tells_nothing), answer(outcome::tells_nothing), "unchecked"},
        {answer(outcome::tells_nothing), answer(outcome::told), "working"},
        {answer(outcome::tells_nothing), answer(outcome::no_endpoint), "none"},
    };
    for (auto& row : rows) {
        auto made = page_of(row.compiled, row.tabs, 5000);
        BOOST_TEST((made ? std::string(to_string(made->state)) : "none") == row.expected);
        if (!made)
            continue;
        bool broken = made->state == page::condition::broken;
        BOOST_TEST((made->errors > 0) == broken);
        BOOST_TEST(made->first.has_value() == broken);
        BOOST_TEST(made->reason.has_value() == (made->state == page::condition::unchecked));
        BOOST_TEST(*made->checked_at == 5000);
    }
    BOOST_TEST(asks_tabs(answer(outcome::told)));
    BOOST_TEST(asks_tabs(answer(outcome::tells_nothing)));
    BOOST_TEST(!asks_tabs(answer(outcome::told, 1)));
    BOOST_TEST(!asks_tabs(answer(outcome::failed)));
    BOOST_TEST(!asks_tabs(answer(outcome::no_endpoint)));
}

BOOST_AUTO_TEST_CASE(what_clients_are_told) {
    BOOST_TEST(to_json(std::optional<page>()).is_null());
    auto broken = page_of(answer(outcome::told, 2), {}, 1769869800000);
    BOOST_TEST(dump(to_json(broken)) ==
               R"({"state":"broken","errors":2,"first":{"file":"src/app/page.tsx","line":70,"column":18,)"
               R"("title":"Expression expected","frame":null},"checkedAt":"2026-01-31T14:30:00.000Z","reason":null})");
    BOOST_TEST(dump(to_json(std::optional(page_that_nobody_opened()))) ==
               R"({"state":"unchecked","errors":0,"first":null,"checkedAt":null,)"
               R"("reason":"Nobody has opened a page of it since it started."})");
    BOOST_TEST(broken->first->place() == "src/app/page.tsx:70");
    broken->first->line.reset();
    BOOST_TEST(broken->first->place() == "src/app/page.tsx");
    broken->first->file.reset();
    BOOST_TEST(broken->first->place() == "");
}

BOOST_AUTO_TEST_CASE(a_page_is_no_part_of_the_manifest) {
    manifest m;
    m.apps["abcdefghij"].app.id = "abcdefghij";
    auto with = m;
    with.apps["abcdefghij"].app.page = page_that_nobody_opened();
    BOOST_TEST(format_manifest(m) == format_manifest(with));
    BOOST_TEST(same_in_file(m, with));
    BOOST_TEST((m != with));
    with.apps["abcdefghij"].app.memory_mb = 1;
    BOOST_TEST(!same_in_file(m, with));
}

BOOST_FIXTURE_TEST_CASE(nobody_is_asked_before_a_page_was_opened, timed) {
    schedule.connected("a", 1, now);
    schedule.wrote("a", now);
    BOOST_TEST((wait() == 1h));
    schedule.opened("a", now);
    BOOST_TEST((wait() == 300ms));
    BOOST_TEST(schedule.is_opened("a"));
    schedule.opened("nobody", now);
    schedule.wrote("nobody", now);
    BOOST_TEST(!schedule.is_opened("nobody"));
}

BOOST_FIXTURE_TEST_CASE(asked_again_when_it_wrote_and_that_has_settled, timed) {
    schedule.opened("a", now);
    now += 300ms;
    answered("a");
    BOOST_TEST((wait() == 1h)); // nothing happens
    now += 1min;
    schedule.wrote("a", now);
    BOOST_TEST((wait() == 300ms));
    now += 200ms;
    schedule.wrote("a", now);
    BOOST_TEST((wait() == 300ms));
    for (int i = 0; i < 17; ++i) { // it does not stop
        now += 100ms;
        schedule.wrote("a", now);
    }
    BOOST_TEST((wait() <= 200ms));
    now += 300ms;
    answered("a");
    schedule.wrote("a", now);
    BOOST_TEST((wait() == 1s)); // not more often
}

BOOST_FIXTURE_TEST_CASE(asked_again_and_again_while_somebody_is_connected, timed) {
    schedule.opened("a", now);
    now += 300ms;
    answered("a");
    schedule.connected("a", 2, now);
    for (int i = 0; i < 30; ++i) {
        BOOST_TEST((wait() == 2s));
        now += 2s;
        answered("a");
    }
    now += 2s;
    answered("a");
    BOOST_TEST((wait() == page_schedule::while_idle)); // nothing has happened for long
    schedule.wrote("a", now);
    BOOST_TEST((wait() == 1s));
    now += 1s;
    answered("a");
    BOOST_TEST((wait() == 2s));
    schedule.connected("a", 0, now);
    BOOST_TEST((wait() == 1h));
}

BOOST_FIXTURE_TEST_CASE(one_question_at_a_time_for_an_app_and_four_in_all, timed) {
    for (auto id : {"b", "c", "d", "e"})
        schedule.online(id, 1);
    for (auto id : {"e", "d", "c", "b", "a"}) {
        schedule.opened(id, now);
        now += 1ms;
    }
    now += 1s;
    BOOST_TEST(ask() == "e"); // who waits longest
    BOOST_TEST(ask() == "d");
    schedule.wrote("e", now);
    now += 1s;
    BOOST_TEST(ask() == "c");
    BOOST_TEST(ask() == "b");
    BOOST_TEST(ask() == "");
    BOOST_TEST(!schedule.wake());
    BOOST_TEST(schedule.ended({"d", 1}, end::answered, now));
    BOOST_TEST(ask() == "a");
    schedule.ended({"c", 1}, end::answered, now);
    BOOST_TEST(ask() == ""); // e is asked already
    schedule.ended({"e", 1}, end::answered, now);
    now += 1s;
    BOOST_TEST(ask() == "e"); // it wrote meanwhile
}

BOOST_FIXTURE_TEST_CASE(who_asks_in_person_comes_first_and_gets_a_question_of_their_own, timed) {
    schedule.online("b", 1);
    schedule.opened("a", now);
    now += 10s;
    auto number = schedule.want("b");
    BOOST_TEST(ask() == "b");
    auto later = schedule.want("b"); // the one under way began before
    BOOST_TEST(later > number);
    schedule.ended({"b", 1}, end::answered, now);
    BOOST_TEST(schedule.is_over("b", 1, number));
    BOOST_TEST(!schedule.is_over("b", 1, later));
    BOOST_TEST(ask() == "b");
    schedule.ended({"b", 1}, end::failed, now);
    BOOST_TEST(schedule.is_over("b", 1, later));
    BOOST_TEST(ask() == "a");
    auto third = schedule.want("b");
    schedule.gone("b");
    BOOST_TEST(schedule.is_over("b", 1, third));
    BOOST_TEST(schedule.want("b") == 0u);
}

BOOST_FIXTURE_TEST_CASE(an_answer_of_a_run_that_has_ended_is_void, timed) {
    schedule.opened("a", now);
    now += 1s;
    BOOST_TEST(ask() == "a");
    schedule.online("a", 2);
    BOOST_TEST(!schedule.is_opened("a"));
    schedule.opened("a", now);
    now += 1s;
    BOOST_TEST(ask() == ""); // the old one is still under way
    BOOST_TEST(!schedule.ended({"a", 1}, end::answered, now));
    BOOST_TEST(ask() == "a");
    BOOST_TEST(schedule.ended({"a", 2}, end::answered, now));
    schedule.gone("a");
    BOOST_TEST((wait() == 1h));
}

BOOST_FIXTURE_TEST_CASE(one_that_does_not_answer_is_asked_less_and_less_often, timed) {
    schedule.opened("a", now);
    schedule.connected("a", 1, now);
    now += 300ms;
    for (auto expected : {4s, 8s, 16s, 32s, 60s, 60s}) {
        answered("a", end::failed);
        auto due = wait();
        BOOST_TEST((due == expected));
        now += due;
    }
    answered("a", end::failed);
    schedule.want("a");
    BOOST_TEST((wait() == 0ms));
    answered("a");
    BOOST_TEST((wait() == page_schedule::while_idle)); // nothing has happened meanwhile
}

BOOST_FIXTURE_TEST_CASE(one_without_the_endpoint_is_asked_once, timed) {
    schedule.opened("a", now);
    schedule.connected("a", 1, now);
    now += 300ms;
    answered("a", end::no_endpoint);
    schedule.wrote("a", now);
    BOOST_TEST((wait() == 1h));
    schedule.want("a");
    answered("a"); // it has one now
    BOOST_TEST((wait() <= 2s));
    schedule.online("a", 2);
    schedule.opened("a", now);
    BOOST_TEST((wait() == 300ms));
}

BOOST_AUTO_TEST_SUITE_END()
