// manifest.json, edited by hand at awkward moments.
#include "fixture.hpp"

using namespace berth;
using namespace berth::test;

namespace {

/// Somebody saves this manifest; returns when Berth has taken it over.
task<> edit(fixture& f, manifest theirs) {
    f.storage.edited = std::move(theirs);
    while (f.storage.edited)
        co_await f.berth->fresh();
}

using answers_to_creates = std::vector<result<std::shared_ptr<const app_view>>>;

/// The create under way, of a second app, ends with a port that the first does not have.
task<> ends_with_another_port(fixture& f, answers_to_creates& answers) {
    co_await until([&] { return answers.size() == 1; });
    BOOST_REQUIRE(answers[0].has_value());
    std::set<std::uint16_t> ports;
    for (auto& [id, entry] : f.storage.disk.apps)
        ports.insert(entry.app.port);
    BOOST_TEST(f.storage.disk.apps.size() == 2u);
    BOOST_TEST(ports.size() == 2u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(edits)

BOOST_FIXTURE_TEST_CASE(a_port_that_is_given_away_while_an_app_is_scaffolded_is_not_given_twice, fixture) {
    with([](fixture& f) -> task<> {
        auto first = co_await f.make("first");
        f.scaffolder.hold = true;
        answers_to_creates answers;
        spawn_create(f, "second", answers);
        co_await until([&] { return f.scaffolder.running == 1; });
        auto theirs = f.storage.disk;
        theirs.apps.at(first).app.port = f.berth->operations().at(0).port;
        co_await edit(f, theirs);
        f.scaffolder.hold = false;
        co_await ends_with_another_port(f, answers);
    });
}

BOOST_FIXTURE_TEST_CASE(a_name_that_is_given_away_while_an_app_is_scaffolded_is_taken, fixture) {
    with([](fixture& f) -> task<> {
        auto first = co_await f.make("first");
        f.scaffolder.hold = true;
        answers_to_creates answers;
        spawn_create(f, "second", answers);
        co_await until([&] { return f.scaffolder.running == 1; });
        auto theirs = f.storage.disk;
        theirs.apps.at(first).app.name = "Second";
        co_await edit(f, theirs);
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 1; });
        BOOST_REQUIRE(answers[0].has_error());
        BOOST_TEST((answers[0].error().code == errc::name_taken));
        BOOST_TEST(f.storage.disk.apps.size() == 1u);
        BOOST_TEST(f.storage.trashed.size() == 1u);
        BOOST_TEST(f.storage.entries.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_port_that_is_given_away_while_an_app_is_entered_is_not_given_twice, fixture) {
    with([](fixture& f) -> task<> {
        auto first = co_await f.make("first");
        auto theirs = f.storage.disk;
        f.storage.hold_saves = true;
        answers_to_creates answers;
        spawn_create(f, "second", answers);
        co_await until_starting(f);
        theirs.apps.at(first).app.port = f.berth->operations().at(0).port;
        f.storage.edited = theirs;
        f.storage.hold_saves = false;
        co_await ends_with_another_port(f, answers);
    });
}

BOOST_FIXTURE_TEST_CASE(an_entry_that_is_removed_while_its_app_is_deleted, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.hold_checks = true;
        std::optional<result<removed_app>> answer;
        asio::co_spawn(f.io, f.berth->remove(id, true),
                       [&](std::exception_ptr, auto removed) { answer = std::move(removed); });
        co_await until([&] { return f.storage.checking == 1; });
        auto theirs = f.storage.disk;
        theirs.apps.clear();
        co_await edit(f, theirs);
        BOOST_TEST(f.berth->apps()->apps.empty());
        f.storage.hold_checks = false;
        co_await until([&] { return answer.has_value(); });
        BOOST_TEST((answer->error().code == errc::app_not_found));
        BOOST_TEST(f.storage.entries.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(an_app_whose_port_was_edited_leaves_nothing_in_pm2, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        auto theirs = f.storage.disk;
        theirs.apps.at(id).app.port = 3150;
        co_await edit(f, theirs);
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->orphans().size() == 1u);
        auto removed = co_await f.berth->remove(id, true);
        BOOST_TEST(removed.has_value());
        co_await until([&] { return f.pm2.table.empty(); });
    });
}

BOOST_AUTO_TEST_SUITE_END()
