// What is remembered, as the orchestrator tells it: the story of an app, and what is shown of its folder and its visitors.
#include "core/activity_log.hpp"
#include "core/status.hpp"

#include "fixture.hpp"

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(what_is_remembered)

namespace {

using list = std::vector<std::string>;

constexpr std::int64_t noon = 1'769'860'800'000;

class fake_activity final : public activity_store {
public:
    std::vector<activity_entry> kept;
    task<std::vector<activity_entry>> load() override { co_return kept; }
    void append(const activity_entry& e) override { kept.push_back(e); }
    task<> close() override { co_return; }
};

class fake_git final : public git_reader {
public:
    std::optional<git_head> head;
    std::vector<git_place> asked;
    task<std::vector<std::optional<git_head>>> read(std::vector<git_place> places) override {
        asked = places;
        std::vector<std::optional<git_head>> all(places.size(), head);
        co_return all;
    }
};

struct story : fixture {
    fake_activity disk;
    fake_git git;
    void tell(task<> (*body)(story&)) {
        orchestrator_parts parts{storage, pm2, machine, scaffolder, projects, templates, tools};
        parts.activity = &disk;
        parts.git = &git;
        berth = create_orchestrator(io.get_executor(), parts, 20);
        auto session = [](story& s, task<> (*within)(story&)) -> task<> {
            auto opened = co_await s.berth->open();
            BOOST_REQUIRE(opened.has_value());
            co_await within(s);
            co_await s.berth->shut_down();
        };
        io.restart(); // a story may have a second server
        run(io, session(*this, body));
        berth.reset();
    }
    /// "kind: text" of what is remembered, oldest first, without what happened to Berth.
    list told() const {
        list all;
        auto page = berth->activity({{}, {}, 500});
        for (auto it = page.entries.rbegin(); it != page.entries.rend(); ++it)
            if (it->app)
                all.push_back(std::string(to_string(it->kind)) + ": " +
                              (it->kind == happening::online ? std::string("…") : it->text));
        return all;
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_story_of_an_app, story) {
    tell([](story& f) -> task<> {
        auto id = co_await f.make("demo");
        list expected = {"created: Created.", "online: …"};
        BOOST_TEST(f.told() == expected, boost::test_tools::per_element());
        co_await f.berth->stop(id);
        co_await f.berth->restart(id);
        co_await f.berth->restart(id);
        app_edit wish;
        wish.name = "shop";
        co_await f.berth->edit(id, wish);
        co_await f.berth->remove(id, true);
        expected = {"created: Created.",
                    "online: …",
                    "stopped: Stopped by Berth.",
                    "restarted: Started by Berth.",
                    "online: …",
                    "restarted: Restarted by Berth.",
                    "online: …",
                    "edited: Edited: name (it was “demo”).",
                    "deleted: Deleted."};
        BOOST_TEST(f.told() == expected, boost::test_tools::per_element());
        auto page = f.berth->activity({id, {}, 500});
        BOOST_TEST(page.entries.front().name.value() == "shop");
        BOOST_TEST(page.entries.back().name.value() == "demo");
        BOOST_TEST(f.disk.kept.size() == page.entries.size() + 1); // and that Berth started
        for (int i = 0; i < 10; ++i)
            co_await f.berth->fresh();
        BOOST_TEST(f.told().size() == expected.size());
    });
}

BOOST_FIXTURE_TEST_CASE(a_crash_is_told_once_with_its_last_words, story) {
    tell([](story& f) -> task<> {
        auto id = co_await f.make("demo");
        f.pm2.crash(f.shown(id).pm_id.value(), 3);
        co_await until([&] { return f.shown(id).status == status::errored; });
        BOOST_TEST(f.told().size() == 2u); // its reason may get longer
        f.storage.outputs[id] = "Error: Cannot find module './x'\n";
        co_await until([&] { return f.told().size() > 2; });
        BOOST_TEST(f.told()[2] == "crashed: It exited with code 3: Error: Cannot find module './x'.");
        co_await f.berth->restart(id);
        // The next one has nothing to say, and is told before what follows it.
        f.storage.outputs.clear();
        f.pm2.crash(f.shown(id).pm_id.value(), 4);
        co_await until([&] { return f.shown(id).status == status::errored; });
        co_await f.berth->restart(id);
        auto all = f.told();
        list last(all.end() - 3, all.end());
        list expected = {"crashed: It exited with code 4.", "restarted: Started by Berth.", "online: …"};
        BOOST_TEST(last == expected, boost::test_tools::per_element());
    });
}

BOOST_FIXTURE_TEST_CASE(somebody_with_pm2, story) {
    tell([](story& f) -> task<> {
        auto id = co_await f.make("demo");
        auto row = f.shown(id).pm_id.value();
        f.pm2.end(row, 0);
        f.pm2.say("stop", row, pm2_status::stopped);
        co_await until([&] { return f.shown(id).status == status::stopped; });
        f.pm2.set_online(row);
        f.pm2.listener->on_connected();
        co_await until([&] { return f.shown(id).status == status::online; });
        list expected = {"created: Created.", "online: …", "stopped: Stopped by somebody with pm2.",
                         "restarted: Started by somebody with pm2.", "online: …"};
        BOOST_TEST(f.told() == expected, boost::test_tools::per_element());
    });
}

BOOST_FIXTURE_TEST_CASE(a_restart_of_berth_is_no_news_of_its_apps, story) {
    tell([](story& f) -> task<> {
        co_await f.make("one");
        auto id = co_await f.make("two");
        co_await f.berth->stop(id);
    });
    auto before = disk.kept;
    tell([](story& f) -> task<> {
        co_await f.berth->fresh();
        co_await f.berth->fresh();
        auto page = f.berth->activity({{}, {}, 1});
        BOOST_TEST((page.entries[0].kind == happening::server_started));
        BOOST_TEST(page.before.has_value()); // what the last one wrote is there
    });
    BOOST_TEST(disk.kept.size() == before.size() + 1);
    BOOST_TEST(disk.kept.back().id > before.back().id);
}

BOOST_FIXTURE_TEST_CASE(clients_are_told_as_it_happens, story) {
    struct listener final : watcher {
        std::vector<activity_entry> entries;
        void on_change(const change&) override {}
        void on_event(const std::string&, const std::string&, std::int64_t) override {}
        void on_operation(const operation&) override {}
        void on_wrote(const std::string&) override {}
        void on_problems() override {}
        void on_activity(const activity_entry& e) override { entries.push_back(e); }
    };
    tell([](story& f) -> task<> {
        listener told;
        f.berth->watch(&told);
        co_await f.make("demo");
        BOOST_TEST(told.entries.size() == 2u);
        auto page = f.berth->activity({});
        BOOST_TEST((told.entries.back() == page.entries.front()));
        f.berth->watch(nullptr);
    });
}

BOOST_FIXTURE_TEST_CASE(where_an_app_is_in_git_is_shown_and_not_stored, story) {
    git.head = git_head{"main", std::string(40, 'a')};
    tell([](story& f) -> task<> {
        auto id = co_await f.make("demo");
        auto saves = f.storage.saves;
        co_await until([&] { return f.shown(id).git.has_value(); });
        BOOST_TEST(f.berth->apps()->find(id)->json.find(R"("git":{"branch":"main","commit":"aaaa)") !=
                   std::string::npos);
        BOOST_TEST((f.git.asked == std::vector<git_place>{{f.storage.app_directory(id), false}}));
        co_await f.berth->fresh();
        co_await settle();
        BOOST_TEST(f.storage.saves == saves);
        BOOST_TEST(f.berth->manifest_text().find("branch") == std::string::npos);
    });
}

BOOST_FIXTURE_TEST_CASE(an_open_page_is_noted_every_ten_seconds, story) {
    app a;
    note_opened(a, 0, noon);
    BOOST_TEST(!a.last_opened_at);
    note_opened(a, 2, noon);
    BOOST_TEST(a.last_opened_at.value() == noon);
    note_opened(a, 1, noon + 9'999);
    BOOST_TEST(a.last_opened_at.value() == noon);
    note_opened(a, 1, noon + 10'000);
    BOOST_TEST(a.last_opened_at.value() == noon + 10'000);
    note_opened(a, 1, noon); // the clock was set back
    BOOST_TEST(a.last_opened_at.value() == noon);

    tell([](story& f) -> task<> {
        auto id = co_await f.make("demo");
        app_sight open;
        open.accepting = true;
        open.connections = 1;
        f.machine.sights[id] = open;
        co_await f.berth->fresh();
        BOOST_TEST(f.shown(id).last_opened_at.has_value());
        auto changes = f.berth->apps()->revision;
        for (int i = 0; i < 5; ++i)
            co_await f.berth->fresh();
        BOOST_TEST(f.berth->apps()->revision == changes);
        f.machine.sights.clear();
    });
    BOOST_TEST(storage.disk.apps.begin()->second.app.last_opened_at.has_value()); // written at the end at the latest
}

BOOST_AUTO_TEST_SUITE_END()
