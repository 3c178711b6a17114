// Sleep and wake: who sleeps, as a table, and what comes of it in an orchestrator on stand-ins.
#include "core/sleep_rule.hpp"

#include "fixture.hpp"

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;

namespace {

const auto noon = sleep_candidate::time() + 24h;

sleep_candidate idle_for(std::string name, std::chrono::minutes idle) {
    sleep_candidate a;
    a.id = std::move(name);
    a.since = noon - 5h;
    a.visited = noon - idle;
    return a;
}

machine_load with_available(std::uint64_t mb) {
    machine_load load;
    load.memory_total_mb = 16'000;
    load.memory_used_mb = 16'000 - mb;
    return load;
}

/// Nobody is put to sleep but one after another, as fast as the looks go.
struct drowsy : fixture {
    drowsy() { sleep = {1s, 0, 0ms}; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sleeping)

BOOST_AUTO_TEST_CASE(who_is_put_to_sleep) {
    sleep_settings how; // after an hour, or under 10 % of the memory
    auto roomy = with_available(1'601), short_of_it = with_available(1'599);
    auto chosen = [&](std::vector<sleep_candidate> all, const machine_load& load) {
        return next_to_sleep(all, load, how, noon);
    };
    auto a = idle_for("a", 59min), b = idle_for("b", 60min), c = idle_for("c", 90min);
    BOOST_TEST(!chosen({}, short_of_it));
    BOOST_TEST(!chosen({a}, roomy));
    BOOST_TEST((chosen({a, b}, roomy) == bedtime{"b", nap::cause::idle}));
    BOOST_TEST((chosen({b, c, a}, roomy) == bedtime{"c", nap::cause::idle}));
    BOOST_TEST((chosen({a}, short_of_it) == bedtime{"a", nap::cause::memory}));
    auto newer = idle_for("d", 2min);
    BOOST_TEST((chosen({newer, a}, short_of_it) == bedtime{"a", nap::cause::memory}));

    // Never these, however short of memory the machine is and however long they were idle.
    auto connected = c, busy = c, kept = c, young = c;
    connected.connected = true;
    busy.busy = true;
    kept.keep_awake = true;
    young.since = noon - 59s;
    BOOST_TEST(!chosen({connected, busy, kept, young}, short_of_it));
    BOOST_TEST((chosen({connected, busy, kept, young, newer}, short_of_it) == bedtime{"d", nap::cause::memory}));

    how.after.reset(); // never
    BOOST_TEST(!chosen({c}, roomy));
    BOOST_TEST((chosen({c}, short_of_it) == bedtime{"c", nap::cause::memory}));
    how.memory_floor = 0;
    BOOST_TEST(!chosen({c}, with_available(0)));
    how.memory_floor = 10;
    BOOST_TEST(!chosen({c}, machine_load())); // nothing is known of the machine
}

BOOST_FIXTURE_TEST_CASE(sleep_and_wake, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        auto slept = co_await f.berth->sleep(id);
        auto& app = slept.value()->app;
        BOOST_TEST(app.asleep.has_value());
        BOOST_TEST((app.status == status::stopped));
        BOOST_TEST((app.wanted == intent::run));
        BOOST_TEST(app.status_reason.value_or("").starts_with("Asleep since "));
        BOOST_TEST(app.memory_mb == 0);
        BOOST_TEST(f.storage.disk.apps.at(id).app.asleep.has_value());
        BOOST_TEST((f.pm2.table.begin()->second.status == pm2_status::stopped));
        BOOST_TEST((co_await f.berth->sleep(id)).has_value()); // it does already
        for (int i = 0; i < 3; ++i)
            co_await f.berth->fresh();
        BOOST_TEST(f.shown(id).asleep.has_value()); // no crash, and no stop

        auto woken = co_await f.berth->wake(id);
        BOOST_TEST((woken.value()->app.status == status::online));
        BOOST_TEST(!woken.value()->app.asleep);
        BOOST_TEST(!woken.value()->app.status_reason);
        BOOST_TEST(!f.storage.disk.apps.at(id).app.asleep);
        BOOST_TEST((co_await f.berth->wake(id)).has_value());

        co_await f.berth->stop(id);
        BOOST_TEST(((co_await f.berth->sleep(id)).error().code == errc::not_running));
        BOOST_TEST(((co_await f.berth->wake(id)).error().code == errc::not_asleep));
        BOOST_TEST(((co_await f.berth->wake("0000000000")).error().code == errc::app_not_found));
        std::vector<std::string> kinds;
        for (auto& each : f.berth->activity({}).entries)
            kinds.insert(kinds.begin(), std::string(to_string(each.kind)));
        BOOST_TEST(kinds == (std::vector<std::string>{"server_started", "created", "online", "slept", "woke", "online",
                                                      "stopped"}),
                   boost::test_tools::per_element());
    });
}

BOOST_FIXTURE_TEST_CASE(a_port_is_let_go_of_before_pm2_starts_what_wakes, fixture) {
    struct watching final : watcher {
        fake_pm2* pm2 = nullptr;
        std::string whose;
        int starts_when_let_go = -1;
        bool held = false;
        void on_change(const change& c) override {
            for (auto& v : c.apps) {
                bool sleeps = v->app.asleep && v->operation != activity::sleeping;
                if (held && !sleeps)
                    starts_when_let_go = pm2->starts;
                held = sleeps;
            }
        }
        void on_event(const std::string&, const std::string&, std::int64_t) override {}
        void on_operation(const operation&) override {}
        void on_wrote(const std::string&) override {}
        void on_problems() override {}
        void on_activity(const activity_entry&) override {}
    };
    with([](fixture& f) -> task<> {
        watching w;
        w.pm2 = &f.pm2;
        auto id = co_await f.make("demo");
        f.berth->watch(&w);
        co_await f.berth->sleep(id);
        BOOST_TEST(w.held);
        BOOST_TEST(f.pm2.starts == 1);
        co_await f.berth->wake(id);
        BOOST_TEST(!w.held);
        BOOST_TEST(w.starts_when_let_go == 1); // of two
        BOOST_TEST(f.pm2.starts == 2);
        f.berth->watch(nullptr);
    });
}

BOOST_FIXTURE_TEST_CASE(what_sleeps_is_stopped_restarted_and_deleted_like_any_other, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        co_await f.berth->sleep(id);
        auto stopped = co_await f.berth->stop(id);
        BOOST_TEST((stopped.value()->app.wanted == intent::stop));
        BOOST_TEST(!stopped.value()->app.asleep);
        co_await f.berth->restart(id);
        co_await f.berth->sleep(id);
        auto restarted = co_await f.berth->restart(id);
        BOOST_TEST((restarted.value()->app.status == status::online));
        BOOST_TEST(!restarted.value()->app.asleep);
        co_await f.berth->sleep(id);
        BOOST_TEST((co_await f.berth->remove(id, true)).has_value());
        BOOST_TEST(f.berth->apps()->apps.empty());
        BOOST_TEST(f.pm2.table.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(pm2s_own_start_wakes_it, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        co_await f.berth->sleep(id);
        auto& row = f.pm2.table.begin()->second;
        row.status = pm2_status::online;
        row.pid = 4800;
        row.started_at += 1000;
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST(!f.shown(id).asleep);
        BOOST_TEST((f.shown(id).wanted == intent::run));
        auto last = f.berth->activity({}).entries;
        BOOST_TEST(last.at(1).text.starts_with("Woken by somebody with pm2 after "));
    });
}

BOOST_FIXTURE_TEST_CASE(what_pm2_knows_matters_nothing_to_one_that_sleeps, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        co_await f.berth->sleep(id);
        auto rows = std::exchange(f.pm2.table, {});
        co_await f.berth->fresh(); // the daemon was reset
        BOOST_TEST((f.shown(id).status == status::stopped));
        BOOST_TEST(f.shown(id).asleep.has_value());
        f.berth->not_held(id, "nobody can listen on port 3100 in its place.");
        co_await f.berth->fresh();
        BOOST_TEST(f.shown(id).status_reason.value_or("").ends_with(" But nobody can listen on port 3100 in its place."));
        f.berth->not_held(id, "");
        co_await f.berth->fresh();
        BOOST_TEST(f.shown(id).status_reason.value_or("").ends_with("when it is opened."));
        auto woken = co_await f.berth->wake(id);
        BOOST_TEST((woken.value()->app.status == status::online));
    });
}

BOOST_FIXTURE_TEST_CASE(a_sleep_outlives_berth_and_one_that_was_cut_short_is_finished, fixture) {
    auto first = [](fixture& f) -> task<> {
        auto made = co_await f.make("demo");
        co_await f.berth->sleep(made);
    };
    with(first);
    machine.left[storage.disk.apps.begin()->first] = {{4711, "next-server"}}; // killed between the mark and the end
    with([](fixture& f) -> task<> {
        auto id = f.storage.disk.apps.begin()->first;
        BOOST_TEST(f.shown(id).asleep.has_value());
        co_await until([&] { return f.machine.left.empty(); });
        co_await f.berth->fresh();
        BOOST_TEST(f.shown(id).asleep.has_value());
        BOOST_TEST(f.pm2.starts == 1); // it was not started
    });
}

BOOST_FIXTURE_TEST_CASE(the_disk_refuses_the_mark, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.save_error = error{errc::storage_failed, "The disk is full."};
        auto slept = co_await f.berth->sleep(id);
        BOOST_TEST((slept.error().code == errc::storage_failed));
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST(!f.shown(id).asleep);
        f.storage.save_error.reset();
        f.machine.survivors = {{4711, "stubborn"}};
        slept = co_await f.berth->sleep(id);
        BOOST_TEST((slept.error().code == errc::stop_incomplete));
        BOOST_TEST(!f.shown(id).asleep);
        f.machine.survivors.clear();
    });
}

BOOST_FIXTURE_TEST_CASE(one_that_cannot_be_started_sleeps_on, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        co_await f.berth->sleep(id);
        f.pm2.start_error = error{errc::pm2_failed, "Script not found."};
        auto woken = co_await f.berth->wake(id);
        BOOST_TEST(woken.has_error());
        BOOST_TEST(f.shown(id).asleep.has_value());
        f.pm2.start_error.reset();
        woken = co_await f.berth->wake(id);
        BOOST_TEST((woken.value()->app.status == status::online));
    });
}

BOOST_FIXTURE_TEST_CASE(those_that_nobody_opens_fall_asleep_and_those_with_a_tab_do_not, drowsy) {
    with([](fixture& f) -> task<> {
        auto idle = co_await f.make("idle");
        auto open = co_await f.make("open");
        auto asked = co_await f.make("asked");
        auto kept = co_await f.make("kept");
        (*f.machine.visitors)[f.shown(open).port].connected = 1;
        (*f.machine.visitors)[f.shown(asked).port].lately = true;
        app_edit awake;
        awake.keep_awake = true;
        co_await f.berth->edit(kept, awake);
        co_await until([&] { return f.shown(idle).asleep.has_value(); });
        BOOST_TEST((f.shown(idle).asleep->why == nap::cause::idle));
        asio::steady_timer longer(f.io, 1500ms); // longer than the time after which they would
        co_await longer.async_wait(as_result);
        for (auto& id : {open, asked, kept})
            BOOST_TEST(!f.shown(id).asleep);
    });
}

BOOST_FIXTURE_TEST_CASE(one_that_is_opened_at_that_very_moment_stays_awake, drowsy) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.hold_saves = true; // the mark is on its way to the disk
        co_await until([&] { return f.berth->apps()->find(id)->operation == activity::sleeping; });
        (*f.machine.visitors)[f.shown(id).port].connected = 1;
        f.storage.hold_saves = false;
        co_await until([&] { return f.berth->apps()->find(id)->operation == activity::none; });
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST(!f.shown(id).asleep);
        BOOST_TEST(!f.storage.disk.apps.at(id).app.asleep);
    });
}

BOOST_FIXTURE_TEST_CASE(a_machine_that_is_short_of_memory_puts_the_longest_idle_to_sleep, fixture) {
    sleep = {1h, 10, 0ms};
    with([](fixture& f) -> task<> {
        auto first = co_await f.make("first");
        auto second = co_await f.make("second");
        auto tab = co_await f.make("tab");
        (*f.machine.visitors)[f.shown(tab).port].connected = 1;
        (*f.machine.visitors)[f.shown(first).port].lately = true; // it was idle for less long
        f.machine.burden = with_available(100);
        co_await until([&] { return f.shown(second).asleep.has_value(); });
        BOOST_TEST((f.shown(second).asleep->why == nap::cause::memory));
        BOOST_TEST(!f.shown(first).asleep); // one at a time
        f.machine.burden = with_available(8'000);
        asio::steady_timer longer(f.io, 6s); // longer than between two looks
        co_await longer.async_wait(as_result);
        BOOST_TEST(!f.shown(first).asleep);
        f.machine.burden = with_available(100);
        co_await until([&] { return f.shown(first).asleep.has_value(); });
        BOOST_TEST(!f.shown(tab).asleep);
    });
}

BOOST_FIXTURE_TEST_CASE(where_visitors_cannot_be_seen_nobody_is_put_to_sleep, drowsy) {
    machine.visitors.reset();
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        asio::steady_timer longer(f.io, 1500ms);
        co_await longer.async_wait(as_result);
        BOOST_TEST(!f.shown(id).asleep);
        BOOST_TEST((co_await f.berth->sleep(id)).has_value());
    });
}

BOOST_FIXTURE_TEST_CASE(a_wake_beyond_the_limit_puts_the_longest_idle_to_sleep, fixture) {
    with(
        [](fixture& f) -> task<> {
            auto first = co_await f.make("first");
            co_await f.berth->sleep(first);
            auto second = co_await f.make("second"); // those that sleep take no place
            auto third = co_await f.make("third");
            (*f.machine.visitors)[f.shown(second).port].connected = 1;
            auto how = co_await f.berth->ready(first, 10s, true);
            BOOST_TEST((how.is == readiness::state::ready), how.reason);
            BOOST_TEST((f.shown(third).asleep.value().why == nap::cause::room));
            BOOST_TEST((f.shown(second).status == status::online));

            (*f.machine.visitors)[f.shown(first).port].connected = 1;
            how = co_await f.berth->ready(third, 10s, true);
            BOOST_TEST((how.is == readiness::state::down));
            BOOST_TEST(how.reason.find("None of those that run may be put to sleep") != std::string::npos, how.reason);
            BOOST_TEST(f.shown(third).asleep.has_value());
        },
        2);
}

BOOST_FIXTURE_TEST_CASE(many_who_wake_the_same_app_put_one_to_sleep, fixture) {
    with(
        [](fixture& f) -> task<> {
            auto first = co_await f.make("first");
            co_await f.berth->sleep(first);
            auto second = co_await f.make("second");
            auto third = co_await f.make("third");
            int ready = 0;
            for (int i = 0; i < 30; ++i)
                asio::co_spawn(f.io, f.berth->ready(first, 10s, true),
                               [&](std::exception_ptr, readiness how) { ready += how.is == readiness::state::ready; });
            co_await until([&] { return ready == 30; });
            BOOST_TEST((f.shown(second).asleep.has_value() != f.shown(third).asleep.has_value()));
        },
        2);
}

BOOST_FIXTURE_TEST_CASE(all_are_put_to_sleep_but_those_that_are_kept_awake, fixture) {
    with([](fixture& f) -> task<> {
        auto any = co_await f.make("any", "work");
        auto kept = co_await f.make("kept", "work");
        auto stopped = co_await f.make("stopped", "work");
        co_await f.berth->stop(stopped);
        app_edit awake;
        awake.keep_awake = true;
        co_await f.berth->edit(kept, awake);
        bulk_selection category = apps_of_category{"work"}, by_name = std::vector<std::string>{kept}, all = all_apps();
        auto done = co_await f.berth->bulk(bulk_action::sleep, category);
        BOOST_REQUIRE(done.size() == 1u);
        BOOST_TEST(done[0].id == any);
        BOOST_TEST((f.shown(kept).status == status::online));
        done = co_await f.berth->bulk(bulk_action::sleep, by_name);
        BOOST_TEST(f.shown(kept).asleep.has_value()); // who names it means it
        done = co_await f.berth->bulk(bulk_action::wake, all);
        BOOST_TEST(done.size() == 2u);
        BOOST_TEST((f.shown(any).status == status::online));
        BOOST_TEST((f.shown(kept).status == status::online));
    });
}

BOOST_FIXTURE_TEST_CASE(a_stop_during_a_wake_and_a_wake_during_a_sleep_come_one_after_the_other, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.machine.hold_ends = true;
        bool slept = false, woken = false;
        asio::co_spawn(f.io, f.berth->sleep(id), [&](std::exception_ptr, auto r) { slept = r.has_value(); });
        co_await until([&] { return f.machine.ending == 1; });
        asio::co_spawn(f.io, f.berth->ready(id, 10s, true),
                       [&](std::exception_ptr, readiness how) { woken = how.is == readiness::state::ready; });
        co_await settle(50);
        BOOST_TEST(!slept);
        f.machine.hold_ends = false;
        co_await until([&] { return slept && woken; });

        co_await f.berth->sleep(id);
        f.pm2.hold_starts = true;
        auto starts = f.pm2.starts;
        bool stopped = false;
        asio::co_spawn(f.io, f.berth->wake(id), asio::detached);
        co_await until([&] { return f.pm2.starts > starts; });
        asio::co_spawn(f.io, f.berth->stop(id), [&](std::exception_ptr, auto r) { stopped = r.has_value(); });
        co_await settle(50);
        f.pm2.hold_starts = false;
        co_await until([&] { return stopped; });
        BOOST_TEST((f.shown(id).status == status::stopped));
        BOOST_TEST((f.shown(id).wanted == intent::stop));
        BOOST_TEST(!f.shown(id).asleep);
    });
}

BOOST_AUTO_TEST_SUITE_END()
