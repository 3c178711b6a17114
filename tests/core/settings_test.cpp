// The change of an app's settings: core/settings.hpp.
#include "core/settings.hpp"

#include "fixture.hpp"

using namespace berth;
using namespace berth::test;

namespace {

app_edit renamed(std::string name) {
    app_edit edit;
    edit.name = std::move(name);
    return edit;
}

std::string refusal(app_edit edit) {
    auto checked = check_edit(std::move(edit));
    BOOST_REQUIRE(checked.has_error());
    BOOST_TEST((checked.error().code == errc::invalid_request));
    return checked.error().detail;
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(fields_are_checked_as_in_a_create) {
    BOOST_TEST(check_edit(renamed("  one ")).value().name.value() == "one");
    BOOST_TEST(refusal(renamed(" ")).find("name") == 0u);
    app_edit edit;
    edit.category.emplace("a\tb");
    BOOST_TEST(refusal(edit).find("category") == 0u);
    edit = {};
    edit.notes.emplace("two\nlines\tof text");
    BOOST_TEST(check_edit(edit).value().notes.value().value() == "two\nlines\tof text");
    edit.notes.emplace(" \n ");
    BOOST_TEST(!check_edit(edit).value().notes.value().has_value()); // blank clears
    edit.notes.emplace(std::string(2000, 'x'));
    BOOST_TEST(check_edit(edit).has_value());
    for (auto bad : {std::string(2001, 'x'), std::string("\x1b[2J"), std::string("\xff"), std::string("\xc2\x9b")}) {
        edit.notes.emplace(bad);
        BOOST_TEST(refusal(edit).find("notes") == 0u);
    }
}

BOOST_FIXTURE_TEST_CASE(an_edit_is_on_the_disk_and_seen, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("one", "demos");
        app_edit edit = renamed("two");
        edit.category.emplace(std::nullopt);
        edit.notes.emplace("for Tuesday");
        edit.keep_awake = true;
        auto edited = co_await f.berth->edit(id, edit);
        auto& shown = edited.value()->app;
        BOOST_TEST(shown.name == "two");
        BOOST_TEST(!shown.category.has_value());
        BOOST_TEST(shown.notes.value() == "for Tuesday");
        BOOST_TEST(shown.keep_awake);
        BOOST_TEST((f.storage.disk.apps.at(id).app.name == "two"));
        app_edit nothing;
        auto same = co_await f.berth->edit(id, nothing);
        BOOST_TEST((same.value()->app == shown));
        auto none = co_await f.berth->edit("zzzzzzzzzz", nothing);
        BOOST_TEST((none.error().code == errc::app_not_found));
    });
}

BOOST_FIXTURE_TEST_CASE(names_stay_unique_by_case_folding, fixture) {
    with([](fixture& f) -> task<> {
        auto one = co_await f.make("Über");
        auto two = co_await f.make("two");
        auto taken = co_await f.berth->edit(two, renamed("ÜBER"));
        BOOST_TEST((taken.error().code == errc::name_taken));
        auto own = co_await f.berth->edit(one, renamed("ÜBER"));
        BOOST_TEST((own.value()->app.name == "ÜBER"));
        f.scaffolder.hold = true;
        std::vector<result<std::shared_ptr<const app_view>>> answers;
        spawn_create(f, "three", answers);
        co_await until([&] { return f.scaffolder.running == 1; });
        auto under_way = co_await f.berth->edit(two, renamed("Three"));
        BOOST_TEST((under_way.error().code == errc::name_taken));
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 1; });
    });
}

BOOST_FIXTURE_TEST_CASE(what_a_run_does_not_have_yet_is_pending_until_its_next_start, fixture) {
    with([](fixture& f) -> task<> {
        using names = std::vector<std::string_view>;
        auto id = co_await f.make("one");
        BOOST_TEST(f.shown(id).pending().empty());
        app_edit edit;
        edit.lan = true;
        edit.category.emplace("demos");
        auto edited = co_await f.berth->edit(id, edit);
        BOOST_TEST((edited.value()->app.pending() == names{"category", "lan"}));
        BOOST_TEST(edited.value()->json.find(R"("pending":["category","lan"])") != std::string::npos);
        edit = {};
        edit.category.emplace(std::nullopt);
        edited = co_await f.berth->edit(id, edit);
        BOOST_TEST((edited.value()->app.pending() == names{"lan"}));
        auto again = co_await f.berth->restart(id);
        BOOST_TEST(again.value()->app.pending().empty());
        BOOST_TEST(f.projects.asked.back().lan);
        edit = {};
        edit.lan = false;
        co_await f.berth->stop(id);
        edited = co_await f.berth->edit(id, edit);
        BOOST_TEST(edited.value()->app.pending().empty()); // it does not run
    });
}

BOOST_FIXTURE_TEST_CASE(an_edit_goes_on_beside_an_operation, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("one");
        f.machine.hold_ends = true;
        bool stopped = false;
        asio::co_spawn(f.io, f.berth->stop(id), [&](std::exception_ptr, auto) { stopped = true; });
        co_await until([&] { return f.machine.ending == 1; });
        auto edited = co_await f.berth->edit(id, renamed("two"));
        BOOST_TEST((edited.value()->app.name == "two"));
        BOOST_TEST((edited.value()->operation == activity::stopping));
        BOOST_TEST(!stopped);
        f.machine.hold_ends = false;
        co_await until([&] { return stopped; });
        BOOST_TEST(f.shown(id).name == "two");
    });
}

BOOST_FIXTURE_TEST_CASE(what_the_disk_refuses_is_as_before, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("one");
        f.storage.save_error = error{errc::storage_failed, "full"};
        app_edit edit = renamed("two");
        edit.lan = true;
        auto edited = co_await f.berth->edit(id, edit);
        BOOST_TEST((edited.error().code == errc::storage_failed));
        f.storage.save_error.reset();
        co_await f.berth->fresh();
        BOOST_TEST(f.shown(id).name == "one");
        BOOST_TEST(!f.shown(id).lan);
        BOOST_TEST((f.storage.disk.apps.at(id).app.name == "one"));
    });
}

BOOST_FIXTURE_TEST_CASE(a_rename_and_a_hand_at_the_file_do_not_undo_each_other, fixture) {
    with([](fixture& f) -> task<> {
        auto one = co_await f.make("one");
        auto two = co_await f.make("two");
        auto theirs = f.storage.disk;
        theirs.apps.at(two).app.notes = "theirs";
        f.storage.edited = theirs;
        auto edited = co_await f.berth->edit(one, renamed("uno"));
        BOOST_TEST((edited.value()->app.name == "uno"));
        BOOST_TEST(f.shown(two).notes.value_or("") == "theirs");
        theirs = f.storage.disk;
        theirs.apps.at(two).app.name = "eins";
        f.storage.edited = theirs; // the same name at the same time: the file's stands, which could not be read else
        auto lost = co_await f.berth->edit(one, renamed("eins"));
        BOOST_TEST((lost.error().code == errc::name_taken));
        BOOST_TEST(f.shown(one).name == "uno");
        BOOST_TEST(f.shown(two).name == "eins");
        BOOST_TEST(parse_manifest(format_manifest(f.storage.disk)).has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
