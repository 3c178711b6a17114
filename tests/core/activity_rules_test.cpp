// What is remembered of what happened: the rules as tables, and the log.
#include "core/activity_rules.hpp"
#include "core/names.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(activity_news)

namespace {

constexpr std::int64_t noon = 1'769'860'800'000;

app an_app(status s, std::optional<std::int64_t> run = noon) {
    app a;
    a.id = "abc1234567";
    a.name = "shop";
    a.port = 3100;
    a.status = s;
    a.started_at = run;
    return a;
}

app_view seen(app a, activity operation = activity::none, bool ours = false) {
    app_view view;
    view.app = std::move(a);
    view.operation = operation;
    view.ours = ours;
    return view;
}

const circumstances later = {noon + 2'340, noon - 60'000, false};

std::vector<std::string> words(const std::vector<news>& all) {
    std::vector<std::string> told;
    for (auto& each : all)
        told.push_back(std::string(to_string(each.kind)) + ": " + each.text);
    return told;
}

/// What is told of one step, and a second time of the same: nothing.
std::vector<std::string> told(known_app& was, const app_view& now, const circumstances& c = later) {
    auto all = words(news_of(was, now, c));
    BOOST_TEST(news_of(was, now, c).empty());
    return all;
}

using list = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(activity_rules)

BOOST_AUTO_TEST_CASE(what_one_step_tells) {
    auto crashed = an_app(status::errored);
    crashed.status_reason = "It exited with code 1.";
    auto failed = an_app(status::stopped, std::nullopt);
    failed.status_reason = "It could not be started: pm2 does not answer.";
    auto second = an_app(status::launching, noon + 1'000);
    second.restarts = 1;
    auto flutters = an_app(status::online);
    flutters.memory_mb = 700;
    flutters.cpu_percent = 99;
    flutters.last_opened_at = noon;
    flutters.git = git_head{"main", {}};
    flutters.exposed = true;
    flutters.pid = 9;
    struct {
        const char* what;
        app before;
        app_view now;
        list expected;
    } rows[] = {
        {"bound", an_app(status::launching), seen(an_app(status::online)), {"online: Online after 2.3 s."}},
        {"a new run", an_app(status::stopped), seen(an_app(status::online, noon + 1'000)), {"online: Online after 1.3 s."}},
        {"started before this server", an_app(status::launching, noon - 90'000), seen(an_app(status::online, noon - 90'000)), {"online: Online."}},
        {"closed and bound again", an_app(status::online), seen(an_app(status::launching)), {}},
        {"figures", an_app(status::online), seen(flutters), {}},
        {"crash", an_app(status::online), seen(crashed), {"crashed: It exited with code 1."}},
        {"crash at its start", an_app(status::launching), seen(crashed), {"crashed: It exited with code 1."}},
        {"pm2 stop", an_app(status::online), seen(an_app(status::stopped)), {"stopped: Stopped by somebody with pm2."}},
        {"our stop", an_app(status::online), seen(an_app(status::stopped), activity::stopping, true), {"stopped: Stopped by Berth."}},
        {"being stopped", an_app(status::online), seen(an_app(status::online), activity::stopping, true), {}},
        {"on its way out", an_app(status::online), seen(an_app(status::stopped), activity::deleting, true), {}},
        {"could not be started", an_app(status::online), seen(failed), {"stopped: It could not be started: pm2 does not answer."}},
        {"never started", an_app(status::stopped, std::nullopt), seen(failed), {"stopped: It could not be started: pm2 does not answer."}},
        {"pm2 restart", an_app(status::online), seen(second), {"restarted: Restarted by somebody with pm2."}},
        {"our restart", an_app(status::online), seen(second, activity::restarting, true), {"restarted: Restarted by Berth."}},
        {"pm2 start", an_app(status::stopped), seen(second), {"restarted: Started by somebody with pm2."}},
        {"our start of a crashed one", crashed, seen(second, activity::none, true), {"restarted: Started by Berth."}},
        {"unknown", an_app(status::online), seen(an_app(status::unknown)), {}},
        {"first start", an_app(status::stopped, std::nullopt), seen(an_app(status::launching)), {}},
    };
    for (auto& row : rows) {
        auto was = known_app::found(row.before);
        BOOST_TEST_CONTEXT(row.what)
        BOOST_TEST(told(was, row.now) == row.expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(what_berth_did_is_known_when_its_operation_is_over) {
    auto was = known_app::found(an_app(status::online));
    BOOST_TEST(told(was, seen(an_app(status::online), activity::stopping, true)).empty());
    BOOST_TEST(told(was, seen(an_app(status::stopped))) == list{"stopped: Stopped by Berth."},
               boost::test_tools::per_element());
    // and the next one is somebody else's again
    auto third = an_app(status::online, noon + 2'000);
    third.restarts = 1;
    list started = {"restarted: Started by somebody with pm2.", "online: Online after 0.3 s."};
    BOOST_TEST(told(was, seen(third)) == started, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sleep_and_wake_are_told_once) {
    auto sleeping = an_app(status::stopped);
    sleeping.asleep = nap{noon - 120'000, nap::cause::idle};
    sleeping.status_reason = "Asleep since noon: nobody was there.";
    auto falling = sleeping;
    falling.status = status::online;
    auto woken = an_app(status::launching, noon + 1'000);
    woken.restarts = 1;
    auto marked = an_app(status::stopped); // on its way up, nothing runs yet

    auto was = known_app::found(an_app(status::online));
    BOOST_TEST(told(was, seen(falling, activity::sleeping, true)).empty());
    list slept = {"slept: Asleep since noon: nobody was there."};
    BOOST_TEST(told(was, seen(sleeping, activity::sleeping, true)) == slept, boost::test_tools::per_element());
    BOOST_TEST(told(was, seen(sleeping)).empty());
    BOOST_TEST(told(was, seen(marked, activity::waking, true)).empty());
    BOOST_TEST(told(was, seen(sleeping)).empty()); // it could not be started
    BOOST_TEST(told(was, seen(woken, activity::waking, true)) == list{"woke: Woke after 2 min."}, boost::test_tools::per_element());
    BOOST_TEST(told(was, seen(sleeping, activity::none, true)) == slept, boost::test_tools::per_element());

    was = known_app::found(sleeping); // by an earlier server
    BOOST_TEST(told(was, seen(sleeping)).empty());
    BOOST_TEST(told(was, seen(woken)) == list{"woke: Woken by somebody with pm2 after 2 min."}, boost::test_tools::per_element());

    was = known_app::found(sleeping);
    auto stopped = an_app(status::stopped);
    stopped.wanted = intent::stop;
    BOOST_TEST(told(was, seen(stopped, activity::stopping, true)) == list{"stopped: Stopped by Berth."}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_only_comes_back_into_sight_is_no_news) {
    for (auto before : {status::online, status::stopped, status::errored, status::launching}) {
        auto was = known_app::found(an_app(before));
        BOOST_TEST(told(was, seen(an_app(status::unknown))).empty());
        BOOST_TEST(told(was, seen(an_app(before))).empty());
    }
    // An earlier server knew nothing of it: that it stands still, or runs, may be as old as can be.
    for (auto now : {status::online, status::stopped, status::errored}) {
        auto was = known_app::found(an_app(status::unknown));
        BOOST_TEST(told(was, seen(an_app(now))).empty());
    }
    // What happened while pm2 was silent is told once it is seen.
    auto was = known_app::found(an_app(status::online));
    told(was, seen(an_app(status::unknown)));
    auto crashed = an_app(status::errored);
    crashed.status_reason = "It was ended by SIGKILL.";
    BOOST_TEST(told(was, seen(crashed)) == list{"crashed: It was ended by SIGKILL."}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(while_berth_was_away) {
    circumstances first = {noon, noon - 100, true};
    auto was = known_app::found(an_app(status::online, noon - 90'000));
    BOOST_TEST(told(was, seen(an_app(status::stopped, noon - 90'000)), first) ==
                   list{"stopped: Stopped while Berth did not run."},
               boost::test_tools::per_element());
    was = known_app::found(an_app(status::online, noon - 90'000));
    auto again = an_app(status::online, noon - 50);
    again.restarts = 1;
    list expected = {"restarted: Restarted by somebody with pm2.", "online: Online."};
    BOOST_TEST(told(was, seen(again), first) == expected, boost::test_tools::per_element());
    was = known_app::found(an_app(status::online, noon - 90'000));
    BOOST_TEST(told(was, seen(an_app(status::online, noon - 90'000)), first).empty());
}

BOOST_AUTO_TEST_CASE(an_edit_says_what) {
    auto before = an_app(status::stopped);
    before.notes = "old";
    auto was = known_app::found(before);
    auto now = before;
    now.name = "store";
    now.category = "work";
    now.notes.reset();
    now.lan = true;
    now.port = 3105;
    BOOST_TEST(told(was, seen(now)) == list{"edited: Edited: name (it was “shop”), category (“work”), notes, lan (all "
                                            "addresses), port (it was 3100)."},
               boost::test_tools::per_element());
    now.category.reset();
    BOOST_TEST(told(was, seen(now)) == list{"edited: Edited: category (none)."}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(how_an_app_came_and_went) {
    auto a = an_app(status::stopped, std::nullopt);
    BOOST_TEST(words({arrival_of(a)})[0] == "created: Created.");
    a.made_from = "next";
    BOOST_TEST(words({arrival_of(a)})[0] == "created: Created from the template next.");
    a.made_from = "app:xyz1234567";
    BOOST_TEST(words({arrival_of(a)})[0] == "created: Created as a fork of the app xyz1234567.");
    a.adopted = "/home/ada/shop";
    BOOST_TEST(words({arrival_of(a)})[0] == "adopted: Adopted from /home/ada/shop.");
    auto was = known_app::found(a);
    BOOST_TEST(words({departure_of(was)})[0] == "deleted: Its entry was taken out of manifest.json.");
    was.operation = activity::deleting;
    BOOST_TEST(words({departure_of(was)})[0] == "deleted: Deleted.");
}

BOOST_AUTO_TEST_CASE(pages_break_and_are_mended) {
    page unchecked, working, broken;
    working.state = page::condition::working;
    broken.state = page::condition::broken;
    broken.errors = 1;
    broken.first = page_issue{"src/app/page.tsx", 70, 18, "Expression expected", {}};
    auto several = broken;
    several.errors = 3;
    several.first->file.reset();
    auto silent = broken;
    silent.first.reset();
    struct {
        bool known_broken;
        std::optional<page> now;
        std::string expected; // empty: nothing
    } const rows[] = {
        {false, {}, ""},
        {true, {}, ""}, // it was stopped: as it was
        {true, unchecked, ""},
        {false, working, ""},
        {true, broken, ""}, // still, or again after a restart
        {false, broken, "page_broken: Page broken: src/app/page.tsx:70: Expression expected."},
        {false, several, "page_broken: Page broken: Expression expected (and 2 more)."},
        {false, silent, "page_broken: Page broken: an error."},
        {true, working, "page_mended: Its pages work again."},
    };
    for (auto& row : rows) {
        auto told = news_of_page(row.known_broken, row.now);
        BOOST_TEST((told ? words({*told})[0] : "") == row.expected);
    }
}

BOOST_AUTO_TEST_CASE(pm2_comes_and_goes) {
    struct {
        int daemon;
        list expected;
    } const rows[] = {
        {0, {}}, // it is on its way
        {812, {}},
        {812, {}},
        {0, {"pm2_lost: pm2 does not answer: hung"}},
        {0, {}},
        {812, {"pm2_back: pm2 answers again."}},
        {900, {"pm2_lost: pm2's daemon (pid 812) ended.", "pm2_back: A new daemon of pm2 runs (pid 900)."}},
        {0, {"pm2_lost: pm2 does not answer: hung"}},
        {901, {"pm2_back: A new daemon of pm2 runs (pid 901)."}},
        {901, {}},
    };
    known_pm2 was;
    for (auto& row : rows)
        BOOST_TEST(words(news_of_pm2(was, row.daemon, "hung")) == row.expected, boost::test_tools::per_element());
    known_pm2 never;
    list all;
    for (int i = 0; i < 10; ++i)
        for (auto& each : words(news_of_pm2(never, 0, "no bridge")))
            all.push_back(each);
    BOOST_TEST(all == list{"pm2_lost: pm2 does not answer: no bridge"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(activity_logs)

namespace {

activity_entry entry(std::int64_t at, std::optional<std::string> about = {}) {
    activity_entry e;
    e.at = at;
    e.app = std::move(about);
    e.kind = happening::online;
    e.text = "Online.";
    return e;
}

} // namespace

BOOST_AUTO_TEST_CASE(ids_count_up_whatever_the_clock_does) {
    activity_log log;
    BOOST_TEST(log.add(entry(noon)).id == static_cast<std::uint64_t>(noon));
    BOOST_TEST(log.add(entry(noon)).id == static_cast<std::uint64_t>(noon) + 1);
    BOOST_TEST(log.add(entry(noon - 3'600'000)).id == static_cast<std::uint64_t>(noon) + 2);
    BOOST_TEST(log.add(entry(noon + 50)).id == static_cast<std::uint64_t>(noon) + 50);
    activity_log next; // its file has lost the last two
    next.load({log.page({{}, static_cast<std::uint64_t>(noon) + 2, 100}).entries.back()});
    BOOST_TEST(next.add(entry(noon + 5'000)).id == static_cast<std::uint64_t>(noon) + 5'000);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_are_bounded) {
    activity_log log;
    for (int i = 0; i < 100'000; ++i)
        log.add(entry(noon + i, i % 2 ? "a" : "b"));
    BOOST_TEST(log.size() == most_activity);
    std::size_t read = 0;
    activity_query asked;
    asked.limit = 300;
    std::uint64_t last = noon + 100'000;
    for (;;) {
        auto page = log.page(asked);
        for (auto& e : page.entries) {
            BOOST_REQUIRE(e.id == last - 1); // each once, newest first
            last = e.id;
        }
        read += page.entries.size();
        if (!page.before)
            break;
        asked.before = page.before;
    }
    BOOST_TEST(read == most_activity);
    asked = {"a", {}, 500};
    auto page = log.page(asked);
    BOOST_TEST(page.entries.size() == 500u);
    BOOST_TEST(std::all_of(page.entries.begin(), page.entries.end(), [](auto& e) { return e.app == "a"; }));
    BOOST_TEST(page.before.has_value());
    asked.limit = 1'000;
    BOOST_TEST(!log.page(asked).before); // exactly all: nothing is older
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_between_characters) {
    activity_log log;
    auto e = entry(noon);
    e.text.clear();
    for (int i = 0; i < 1'000; ++i)
        e.text += "é";
    auto& kept = log.add(e);
    BOOST_TEST(kept.text.size() <= longest_activity);
    BOOST_TEST(is_utf8(kept.text));
    BOOST_TEST(kept.text.ends_with("é…"));
}

BOOST_AUTO_TEST_CASE(every_kind_has_a_word) {
    for (int i = 0; i <= static_cast<int>(happening::pm2_back); ++i) {
        auto kind = static_cast<happening>(i);
        BOOST_TEST(!to_string(kind).empty());
        BOOST_TEST((parse_happening(to_string(kind)) == kind));
    }
    BOOST_TEST(!parse_happening("dreamt"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
