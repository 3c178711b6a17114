// Projects that are taken in where they are.
#include "fixture.hpp"

using namespace berth;
using namespace berth::test;

namespace {

create_options a_project(std::string directory = "/projects/shop", std::string script = "dev") {
    adoption adopt;
    adopt.directory = std::move(directory);
    adopt.script = std::move(script);
    create_options wish;
    wish.adopt = adopt;
    return wish;
}

task<error> refusal(fixture& f, create_options wish) {
    auto made = co_await f.berth->create(std::move(wish));
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST(f.berth->operations().empty());
    co_return made.error();
}

task<std::string> adopt(fixture& f) {
    auto wish = a_project();
    auto made = co_await f.berth->create(std::move(wish));
    BOOST_REQUIRE(made.has_value());
    co_return made.value()->app.id;
}

} // namespace

BOOST_AUTO_TEST_SUITE(adoptions)

BOOST_FIXTURE_TEST_CASE(a_project_is_started_where_it_is, fixture) {
    with([](fixture& f) -> task<> {
        auto wish = a_project("/projects/shop", "start:dev");
        wish.category = "work";
        wish.notes = "the shop";
        auto made = co_await f.berth->create(std::move(wish));
        auto& a = made.value()->app;
        BOOST_TEST(a.name == "shop"); // the folder's own
        BOOST_TEST(!a.owned());
        BOOST_TEST(a.directory() == "/projects/shop");
        BOOST_TEST(a.notes.value_or("") == "the shop");
        BOOST_TEST(a.package_manager.value_or("") == "npm");
        BOOST_TEST((a.status == status::online)); // its row is found by its own folder
        auto& row = f.pm2.table.begin()->second;
        BOOST_TEST(row.directory == "/projects/shop");
        BOOST_TEST(f.projects.asked.back().script == "start:dev");
        BOOST_TEST(f.projects.asked.back().part_of_more);
        BOOST_TEST(f.scaffolder.most == 0);
        BOOST_TEST(f.storage.entries.empty());
        auto second = a_project("/elsewhere/Shop");
        auto other = co_await f.berth->create(std::move(second));
        BOOST_TEST(other.value()->app.name != "Shop"); // taken: one is made up
    });
}

BOOST_FIXTURE_TEST_CASE(refusals, fixture) {
    with([](fixture& f) -> task<> {
        auto wish = a_project("shop");
        auto why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::invalid_request));
        wish = a_project((f.storage.root() / "created-apps" / "abcdefghij").string());
        why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::not_a_project));
        BOOST_TEST(why.detail.find("inside Berth's own folder") != std::string::npos);
        wish = a_project(f.storage.root().string());
        why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::not_a_project));
        f.projects.refuse = error{errc::not_a_project, "There is no package.json in /projects/shop."};
        wish = a_project();
        why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::not_a_project));
        f.projects.refuse.reset();
        co_await adopt(f);
        wish = a_project();
        why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::already_adopted));
        BOOST_TEST(why.detail.find("\"shop\"") != std::string::npos);
        BOOST_TEST(f.berth->apps()->apps.size() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_folder_beside_the_root_is_not_inside_of_it, fixture) {
    with([](fixture& f) -> task<> {
        auto wish = a_project(f.storage.root().string() + "-shop");
        auto made = co_await f.berth->create(std::move(wish));
        BOOST_TEST(made.has_value());
    });
}

BOOST_FIXTURE_TEST_CASE(a_dev_server_that_runs_is_named_or_ended, fixture) {
    with([](fixture& f) -> task<> {
        f.machine.servers = {{{812, "next-server"}, 3000}};
        auto wish = a_project();
        auto why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::project_running));
        BOOST_TEST(why.detail.find("next-server (pid 812, port 3000)") != std::string::npos);
        f.machine.stubborn_servers = {{{813, "node"}, 3000}};
        wish = a_project();
        wish.adopt->take_over = true;
        why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::project_running));
        BOOST_TEST(why.detail.find("pid 813") != std::string::npos);
        f.machine.stubborn_servers.clear();
        f.machine.servers = {{{814, "next-server"}, 3000}};
        wish = a_project();
        wish.adopt->take_over = true;
        auto made = co_await f.berth->create(std::move(wish));
        BOOST_TEST(made.has_value());
        BOOST_TEST(f.machine.servers.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(nothing_is_ended_for_an_adoption_that_is_refused, fixture) {
    with([](fixture& f) -> task<> {
        co_await f.make("shop");
        f.machine.servers = {{{812, "next-server"}, 3000}};
        auto wish = a_project();
        wish.name = "Shop";
        wish.adopt->take_over = true;
        auto why = co_await refusal(f, std::move(wish));
        BOOST_TEST((why.code == errc::name_taken));
        BOOST_TEST(f.machine.servers.size() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_delete_takes_the_entry_and_the_row, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await adopt(f);
        f.storage.check_error = error{errc::not_removable, "something is mounted in it"}; // whatever that is to us
        auto gone = co_await f.berth->remove(id, true);
        BOOST_TEST(!gone.value().warning.has_value());
        BOOST_TEST(f.storage.trashed.empty());
        BOOST_TEST(f.storage.disk.apps.empty());
        BOOST_TEST(f.pm2.table.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_delete_waits_for_pm2_as_nothing_else_tells_whose_the_row_is, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await adopt(f);
        f.pm2.remove_error = error{errc::pm2_unavailable, "not now"};
        auto gone = co_await f.berth->remove(id, true);
        BOOST_TEST(gone.value().warning.value_or("").find("when pm2 answers again") != std::string::npos);
        BOOST_TEST((f.storage.disk.apps.at(id).app.deleting == removal::all));
        f.pm2.remove_error.reset();
        co_await until([&] { return f.storage.disk.apps.empty(); });
        BOOST_TEST(f.pm2.table.empty());
        BOOST_TEST(f.storage.trashed.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_vanishes_says_so_and_works_again_when_it_is_back, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await adopt(f);
        co_await f.berth->stop(id);
        auto away = error{errc::not_a_project, "There is no folder /projects/shop."};
        f.projects.refuse = away;
        auto ends = f.machine.ends;
        auto refused = co_await f.berth->restart(id);
        BOOST_TEST((refused.error().code == errc::not_startable));
        BOOST_TEST(f.machine.ends == ends); // and nothing was ended for it
        f.berth->set_audience(1);
        co_await until([&] { return f.shown(id).status_reason == away.detail; });
        BOOST_TEST((f.shown(id).status == status::stopped));
        f.projects.refuse.reset();
        co_await until([&] { return !f.shown(id).status_reason; });
        auto started = co_await f.berth->restart(id);
        BOOST_TEST((started.value()->app.status == status::online));
    });
}

BOOST_FIXTURE_TEST_CASE(an_app_that_was_running_stays_so_when_its_folder_could_not_be_started, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await adopt(f);
        f.projects.refuse = error{errc::not_a_project, "There is no folder /projects/shop."};
        auto refused = co_await f.berth->restart(id);
        BOOST_TEST(refused.has_error());
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST((f.shown(id).wanted == intent::run));
    });
}

BOOST_AUTO_TEST_SUITE_END()
