#include "core/creates.hpp"
#include "core/orchestrator.hpp"
#include "core/sync.hpp"

#include "fixture.hpp"

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(orchestrators)

BOOST_FIXTURE_TEST_CASE(create_stop_restart_delete, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo", "demos");
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST(f.shown(id).port == 3100);
        BOOST_TEST(f.storage.disk.apps.contains(id));
        BOOST_TEST(f.storage.entries.empty());

        auto stopped = co_await f.berth->stop(id);
        BOOST_TEST((stopped.value()->app.status == status::stopped));
        BOOST_TEST((f.storage.disk.apps.at(id).app.wanted == intent::stop));
        auto again = co_await f.berth->stop(id);
        BOOST_TEST((again.error().code == errc::not_running));

        auto restarted = co_await f.berth->restart(id);
        BOOST_TEST((restarted.value()->app.status == status::online));
        BOOST_TEST((restarted.value()->operation == activity::none));
        auto in_place = co_await f.berth->restart(id);
        BOOST_TEST(in_place.value()->app.restarts == 2);

        auto removed = co_await f.berth->remove(id, true);
        BOOST_TEST(removed.has_value());
        BOOST_TEST(!removed->warning);
        BOOST_TEST(f.berth->apps()->apps.empty());
        BOOST_TEST(f.storage.disk.apps.empty());
        BOOST_TEST(f.storage.trashed.contains(id));
        BOOST_TEST(f.pm2.table.empty());
        auto gone = co_await f.berth->remove(id, true);
        BOOST_TEST((gone.error().code == errc::app_not_found));
    });
}

BOOST_FIXTURE_TEST_CASE(a_thousand_reads_share_their_syncs, fixture) {
    with([](fixture& f) -> task<> {
        co_await f.make("demo");
        auto before = f.pm2.lists;
        int answered = 0;
        for (int i = 0; i < 1000; ++i)
            asio::co_spawn(f.io, f.berth->fresh(), [&](std::exception_ptr) { ++answered; });
        co_await until([&] { return answered == 1000; });
        BOOST_TEST(f.pm2.lists - before <= 3);
    });
}

BOOST_FIXTURE_TEST_CASE(a_read_is_never_answered_from_a_sync_that_began_before_it, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        for (int i = 0; i < 20; ++i) {
            f.pm2.listener->on_wrote("x");
            asio::co_spawn(f.io, f.berth->fresh(), asio::detached); // a sync is under way
            co_await settle(i % 7);
            f.pm2.end(f.shown(id).pm_id.value(), 3 + i);
            co_await f.berth->fresh();
            BOOST_TEST(f.shown(id).exit_code.value_or(-1) == 3 + i);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(two_creates_at_once_share_nothing, fixture) {
    with([](fixture& f) -> task<> {
        f.scaffolder.hold = true;
        std::vector<result<std::shared_ptr<const app_view>>> answers;
        for (auto name : {"a", "b", "c", "d", "A"})
            spawn_create(f, name, answers);
        co_await until([&] { return f.scaffolder.running == 2; });
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 5; });
        std::set<int> ports;
        int taken = 0;
        for (auto& answer : answers) {
            if (answer.has_value())
                ports.insert((*answer)->app.port);
            else
                taken += answer.error().code == errc::name_taken;
        }
        BOOST_TEST(ports.size() == 4u);
        BOOST_TEST(taken == 1);
        BOOST_TEST(f.scaffolder.most == 2);
    });
}

BOOST_FIXTURE_TEST_CASE(the_limit_holds_for_creates_and_restarts, fixture) {
    with(
        [](fixture& f) -> task<> {
            auto first = co_await f.make("first");
            f.scaffolder.hold = true;
            std::vector<result<std::shared_ptr<const app_view>>> answers;
            spawn_create(f, "second", answers);
            spawn_create(f, "third", answers);
            co_await until([&] { return answers.size() == 1; });
            BOOST_TEST((answers[0].error().code == errc::limit_reached));
            f.scaffolder.hold = false;
            co_await until([&] { return answers.size() == 2; });
            co_await f.berth->stop(first);
            auto third = co_await f.make("third");
            auto refused = co_await f.berth->restart(first);
            BOOST_TEST((refused.error().code == errc::limit_reached));
            auto running = co_await f.berth->restart(third); // runs already: takes no further place
            BOOST_TEST(running.has_value());
        },
        2);
}

BOOST_FIXTURE_TEST_CASE(the_limit_counts_an_app_that_is_being_entered, fixture) {
    with(
        [](fixture& f) -> task<> {
            co_await f.make("first");
            f.storage.hold_saves = true;
            std::vector<result<std::shared_ptr<const app_view>>> answers;
            spawn_create(f, "second", answers);
            co_await until_starting(f);
            spawn_create(f, "third", answers);
            co_await until([&] { return answers.size() == 1 || f.berth->operations().size() == 2; });
            BOOST_REQUIRE(answers.size() == 1);
            BOOST_TEST((answers[0].error().code == errc::limit_reached));
            f.storage.hold_saves = false;
            co_await until([&] { return answers.size() == 2; });
        },
        2);
}

BOOST_FIXTURE_TEST_CASE(the_limit_counts_an_app_that_was_started_just_now, fixture) {
    with(
        [](fixture& f) -> task<> {
            auto first = co_await f.make("first");
            co_await f.berth->stop(first);
            f.pm2.hold_starts = true;
            asio::co_spawn(f.io, f.berth->restart(first), asio::detached);
            co_await until([&] { return f.pm2.starts == 2; });
            f.machine.hold_looks = true;
            std::vector<result<std::shared_ptr<const app_view>>> answers;
            spawn_create(f, "second", answers); // its sync looks before the app has started, and ends after it
            co_await until([&] { return f.machine.looking == 1; });
            f.pm2.hold_starts = false;
            co_await until([&] { return !f.pm2.table.empty(); });
            co_await settle();
            f.machine.hold_looks = false;
            co_await until([&] { return answers.size() == 1 || f.berth->operations().size() == 1; });
            BOOST_REQUIRE(answers.size() == 1);
            BOOST_TEST((answers[0].error().code == errc::limit_reached));
        },
        1);
}

BOOST_FIXTURE_TEST_CASE(an_operation_ends_with_what_came_of_it, fixture) {
    struct listener final : watcher {
        std::vector<std::pair<status, activity>> seen;
        void on_change(const change& c) override {
            for (auto& view : c.apps)
                seen.emplace_back(view->app.status, view->operation);
        }
        void on_event(const std::string&, const std::string&, std::int64_t) override {}
        void on_operation(const operation&) override {}
        void on_wrote(const std::string&) override {}
        void on_problems() override {}
        void on_activity(const activity_entry&) override {}
        bool saw(status s) const { return std::count(seen.begin(), seen.end(), std::pair(s, activity::none)) > 0; }
    };
    with([](fixture& f) -> task<> {
        listener told;
        f.berth->watch(&told);
        auto id = co_await f.make("demo");
        BOOST_TEST(!told.saw(status::stopped));
        told.seen.clear();
        co_await f.berth->stop(id);
        BOOST_TEST(!told.saw(status::online));
        told.seen.clear();
        co_await f.berth->restart(id);
        BOOST_TEST(!told.saw(status::stopped));
        f.berth->watch(nullptr);
    });
}

BOOST_FIXTURE_TEST_CASE(what_another_berth_runs_in_the_same_pm2_is_left_alone, fixture) {
    pm2_process theirs;
    theirs.pm_id = 7;
    theirs.name = "orch-anotherone";
    theirs.directory = "/elsewhere/created-apps/anotherone";
    theirs.port = 3100;
    pm2.table[7] = theirs;
    pm2.set_online(7);
    with([](fixture& f) -> task<> {
        auto pid = f.pm2.table.at(7).pid;
        auto id = co_await f.make("demo");
        BOOST_TEST(f.shown(id).port == 3101); // theirs is taken
        BOOST_TEST(f.shown(id).pid != pid);
        co_await f.berth->restart(id);
        co_await f.berth->stop(id);
        co_await f.berth->remove(id, true);
        BOOST_REQUIRE(f.pm2.table.size() == 1u);
        BOOST_TEST(f.pm2.table.at(7).pid == pid);
        BOOST_TEST(f.berth->orphans().size() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(clients_that_come_and_go_hold_up_no_sync, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.machine.sights[id].accepting = false;
        f.berth->set_audience(1);
        co_await f.berth->fresh();
        auto before = f.pm2.lists;
        std::size_t clients = 1;
        co_await until([&] {
            f.berth->set_audience(++clients);
            return f.pm2.lists >= before + 3;
        });
    });
}

BOOST_FIXTURE_TEST_CASE(a_create_can_be_cancelled_while_it_waits_and_while_it_scaffolds, fixture) {
    with([](fixture& f) -> task<> {
        f.scaffolder.hold = true;
        std::vector<result<std::shared_ptr<const app_view>>> answers;
        for (auto name : {"a", "b", "c"})
            spawn_create(f, name, answers);
        co_await until([&] { return f.scaffolder.running == 2; });
        auto all = f.berth->operations();
        BOOST_TEST((all.at(2).at == operation::phase::waiting));
        auto third = co_await f.berth->cancel(all.at(2).id);
        BOOST_TEST((third.value().at == operation::phase::cancelled));
        auto first = co_await f.berth->cancel(all.at(0).id);
        BOOST_TEST(first.has_value());
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 3; });
        BOOST_TEST(f.berth->apps()->apps.size() == 1u);
        BOOST_TEST(f.storage.entries.empty());
        auto gone = co_await f.berth->cancel(all.at(0).id);
        BOOST_TEST((gone.error().code == errc::operation_not_found));
    });
}

BOOST_FIXTURE_TEST_CASE(the_last_line_of_a_silent_scaffold_is_told, fixture) {
    struct listener final : watcher {
        std::string line;
        void on_change(const change&) override {}
        void on_event(const std::string&, const std::string&, std::int64_t) override {}
        void on_operation(const operation& o) override { line = o.line.value_or(""); }
        void on_wrote(const std::string&) override {}
        void on_problems() override {}
        void on_activity(const activity_entry&) override {}
    };
    with([](fixture& f) -> task<> {
        listener told;
        f.berth->watch(&told);
        f.scaffolder.hold = true;
        std::vector<result<std::shared_ptr<const app_view>>> answers;
        spawn_create(f, "a", answers);
        co_await until([&] { return told.line == "Creating a new Next.js app"; });
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 1; });
        f.berth->watch(nullptr);
    });
}

BOOST_FIXTURE_TEST_CASE(a_failed_scaffold_leaves_nothing, fixture) {
    with([](fixture& f) -> task<> {
        f.scaffolder.fail = error{errc::scaffold_failed, "npm: no space left on device"};
        create_options wish;
        auto made = co_await f.berth->create(wish);
        BOOST_TEST((made.error().code == errc::scaffold_failed));
        BOOST_TEST(f.berth->apps()->apps.empty());
        BOOST_TEST(f.storage.disk.apps.empty());
        BOOST_TEST(f.storage.trashed.size() == 1u);
        BOOST_TEST(f.storage.entries.empty());
        BOOST_TEST(f.berth->operations().empty());
    });
}

BOOST_FIXTURE_TEST_CASE(an_app_that_cannot_be_started_is_there_and_stopped, fixture) {
    with([](fixture& f) -> task<> {
        f.pm2.start_error = error{errc::pm2_failed, "npm was not found"};
        auto id = co_await f.make("demo");
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::stopped));
        BOOST_TEST(f.shown(id).status_reason.value_or("").find("npm was not found") != std::string::npos);
        f.pm2.start_error.reset();
        auto started = co_await f.berth->restart(id);
        BOOST_TEST((started.value()->app.status == status::online));
        BOOST_TEST(!started.value()->app.status_reason);
    });
}

BOOST_FIXTURE_TEST_CASE(a_crash_is_errored_and_a_foreign_stop_is_a_wish, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        int pm_id = f.shown(id).pm_id.value();
        f.pm2.crash(pm_id, 0);
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::errored));
        co_await f.berth->restart(id);
        BOOST_TEST((f.shown(id).status == status::online));
        pm_id = f.shown(id).pm_id.value();
        f.pm2.end(pm_id, 0);
        f.pm2.say("exit", pm_id, pm2_status::stopping, 0);
        f.pm2.say("exit", pm_id, pm2_status::stopped, 0);
        f.pm2.say("stop", pm_id, pm2_status::stopped, 0);
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::stopped));
        co_await until([&] { return f.storage.disk.apps.at(id).app.wanted == intent::stop; });
    });
}

BOOST_FIXTURE_TEST_CASE(a_read_waits_for_no_disk, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.hold_saves = true;
        int pm_id = f.shown(id).pm_id.value();
        f.pm2.end(pm_id, 0);
        f.pm2.say("exit", pm_id, pm2_status::stopping, 0); // a change of intent, which wants to be written
        f.pm2.say("stop", pm_id, pm2_status::stopped, 0);
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::stopped));
        co_await f.berth->fresh();
        f.storage.hold_saves = false;
    });
}

BOOST_FIXTURE_TEST_CASE(what_lives_by_the_kernel_counts_and_so_does_all_while_pm2_is_silent, fixture) {
    with(
        [](fixture& f) -> task<> {
            auto first = co_await f.make("first");
            auto refused = [&]() -> task<> {
                create_options wish;
                auto made = co_await f.berth->create(wish);
                BOOST_TEST((made.error().code == errc::limit_reached));
            };
            f.pm2.list_error = error{errc::pm2_unavailable, "no answer within 2 s"};
            co_await f.berth->fresh();
            BOOST_TEST((f.shown(first).status == status::unknown));
            co_await refused();
            f.pm2.list_error.reset();
            f.pm2.table.clear(); // a new daemon
            f.machine.sights[first].lives = true;
            co_await f.berth->fresh();
            BOOST_TEST((f.shown(first).status == status::unknown));
            co_await refused();
            auto restarted = co_await f.berth->restart(first); // has its place already
            BOOST_TEST(restarted.has_value());
        },
        1);
}

BOOST_FIXTURE_TEST_CASE(a_port_on_which_somebody_listens_is_not_given_out, fixture) {
    with([](fixture& f) -> task<> {
        f.machine.in_use = {3100, 3102};
        auto first = co_await f.make("first");
        auto second = co_await f.make("second");
        BOOST_TEST(f.shown(first).port == 3101);
        BOOST_TEST(f.shown(second).port == 3103);
        f.scaffolder.hold = true;
        std::vector<result<std::shared_ptr<const app_view>>> answers;
        spawn_create(f, "third", answers);
        co_await until([&] { return f.scaffolder.running == 1; });
        f.machine.in_use.insert(3104); // while it is scaffolded
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 1; });
        BOOST_TEST(answers[0].value()->app.port == 3105);
    });
}

BOOST_FIXTURE_TEST_CASE(a_crash_says_the_last_words, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.outputs[id] = "Error: Cannot find module './x'\n    at f (a.js:1)\n";
        f.pm2.crash(f.shown(id).pm_id.value(), 1);
        co_await until(
            [&] { return f.shown(id).status_reason == "It exited with code 1: Error: Cannot find module './x'."; });
    });
}

BOOST_FIXTURE_TEST_CASE(without_pm2_reads_succeed_and_stop_still_stops, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.pm2.list_error = error{errc::pm2_unavailable, "no answer within 2 s"};
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::unknown));
        BOOST_TEST(f.berth->problems().size() == 1u);
        f.machine.left[id] = {{42, "next-server"}};
        auto stopped = co_await f.berth->stop(id);
        BOOST_TEST(stopped.has_value());
        BOOST_TEST(f.machine.left.empty());
        f.pm2.list_error.reset();
        f.pm2.listener->on_connected();
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->problems().empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_refuses_changes_nothing, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.save_error = error{errc::storage_failed, "manifest.json: No space left on device"};
        auto stopped = co_await f.berth->stop(id);
        BOOST_TEST((stopped.error().code == errc::storage_failed));
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST((f.shown(id).wanted == intent::run));
        auto removed = co_await f.berth->remove(id, true);
        BOOST_TEST(removed.has_error());
        BOOST_TEST(f.berth->apps()->apps.size() == 1u);
        create_options wish;
        auto made = co_await f.berth->create(wish);
        BOOST_TEST((made.error().code == errc::storage_failed));
        BOOST_TEST(f.berth->apps()->apps.size() == 1u);
        f.storage.save_error.reset();
        auto later = co_await f.berth->remove(id, true);
        BOOST_TEST(later.has_value());
    });
}

BOOST_FIXTURE_TEST_CASE(the_same_request_twice_is_done_once, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.pm2.hold_stops = true;
        int answered = 0;
        for (int i = 0; i < 3; ++i)
            asio::co_spawn(f.io, f.berth->stop(id), [&](std::exception_ptr, auto stopped) {
                BOOST_TEST(stopped.has_value());
                ++answered;
            });
        co_await until([&] { return f.pm2.stops == 1; });
        BOOST_TEST((f.berth->apps()->find(id)->operation == activity::stopping));
        f.pm2.hold_stops = false;
        co_await until([&] { return answered == 3; });
        BOOST_TEST(f.pm2.stops == 1);
    });
}

BOOST_FIXTURE_TEST_CASE(an_edit_by_hand_and_a_create_are_both_kept, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        auto theirs = f.storage.disk;
        theirs.port_range = {4000, 4010};
        theirs.apps.at(id).app.name = "renamed";
        f.storage.edited = theirs;
        auto second = co_await f.make("second");
        BOOST_TEST(f.storage.disk.apps.at(id).app.name == "renamed");
        BOOST_TEST(f.storage.disk.apps.contains(second));
        BOOST_TEST(f.berth->port_range().first == 4000);
        BOOST_TEST((f.shown(id).status == status::online));
    });
}

BOOST_FIXTURE_TEST_CASE(what_a_crash_left_is_cleared, fixture) {
    storage.entries.insert("halfmade00");
    with([](fixture& f) -> task<> {
        co_await until([&] { return f.storage.entries.empty(); });
        BOOST_TEST(f.storage.trashed.contains("halfmade00"));
    });
}

BOOST_FIXTURE_TEST_CASE(bulk_by_category, fixture) {
    with([](fixture& f) -> task<> {
        auto a = co_await f.make("a", "demos");
        auto b = co_await f.make("b", "demos");
        auto c = co_await f.make("c");
        bulk_selection demos = apps_of_category{"demos"};
        auto stopped = co_await f.berth->bulk(bulk_action::stop, demos);
        BOOST_TEST(stopped.size() == 2u);
        bulk_selection all = all_apps{};
        stopped = co_await f.berth->bulk(bulk_action::stop, all);
        BOOST_TEST(stopped.size() == 1u);
        BOOST_TEST(stopped.at(0).id == c);
        bulk_selection some = std::vector<std::string>{a, "nosuchapp0", a};
        auto removed = co_await f.berth->bulk(bulk_action::remove, some);
        BOOST_TEST(removed.size() == 2u);
        BOOST_TEST(!removed.at(0).error);
        BOOST_TEST((removed.at(1).error->code == errc::app_not_found));
        BOOST_TEST(f.berth->apps()->apps.size() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(names_are_trimmed_and_checked, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("  demo ", " demos");
        BOOST_TEST(f.shown(id).name == "demo");
        BOOST_TEST(f.shown(id).category.value_or("") == "demos");
        for (auto bad : {"", "a\nb", "DEMO "}) {
            create_options wish;
            wish.name = bad;
            auto refused = co_await f.berth->create(wish);
            BOOST_TEST(refused.has_error());
        }
        create_options wish;
        wish.category = std::string(65, 'x');
        auto refused = co_await f.berth->create(wish);
        BOOST_TEST((refused.error().code == errc::invalid_request));
        BOOST_TEST(f.berth->apps()->apps.size() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_start_waits_for_pm2, fixture) {
    pm2.connect_at_run = false;
    with([](fixture& f) -> task<> {
        create_options wish;
        bool answered = false;
        asio::co_spawn(f.io, f.berth->create(wish), [&](std::exception_ptr, auto made) {
            BOOST_TEST((made.value()->app.status == status::online));
            answered = true;
        });
        co_await until([&] { return f.berth->operations().size() == 1; });
        f.pm2.listener->on_connected();
        co_await until([&] { return answered; });
    });
}

BOOST_AUTO_TEST_CASE(ports) {
    BOOST_TEST(allocate_port({3100, 3102}, {}).value() == 3100);
    BOOST_TEST(allocate_port({3100, 3102}, {3100, 3102}).value() == 3101);
    BOOST_TEST((allocate_port({3100, 3101}, {3100, 3101}).error().code == errc::no_port_available));
    BOOST_TEST((allocate_port({65535, 65535}, {65535}).error().code == errc::no_port_available));
}

BOOST_AUTO_TEST_CASE(spacing) {
    using namespace std::chrono_literals;
    std::chrono::steady_clock::time_point t{};
    BOOST_TEST((next_sync(t, 3ms) == t + 12ms));
    BOOST_TEST((next_sync(t, 2s) == t + 200ms)); // one that hung does not hold up the next
    BOOST_TEST((sync_interval(true, false) == 3s));
    BOOST_TEST((sync_interval(false, false) == 30s));
}

BOOST_AUTO_TEST_SUITE_END()
