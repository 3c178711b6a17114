// What Berth makes of a server, a bridge or a daemon that dies in the middle of something.
#include "fixture.hpp"

using namespace berth;
using namespace berth::test;

namespace {

const error gone{errc::pm2_unavailable, "The bridge to pm2 was ended (SIGKILL)."};

manifest_entry an_entry(std::string id, std::uint16_t port, intent wanted = intent::run) {
    manifest_entry entry;
    entry.app.id = std::move(id);
    entry.app.name = entry.app.id;
    entry.app.port = port;
    entry.app.created_at = "2026-01-31T14:30:00.000Z";
    entry.app.wanted = wanted;
    entry.app.started_at = 1'700'000'000'000;
    entry.app.status = status::online;
    return entry;
}

journal_entry a_delete(std::string id, bool files_too = true) {
    journal_entry entry;
    entry.what = journal_entry::kind::remove;
    entry.id = std::move(id);
    entry.files_too = files_too;
    return entry;
}

int add_row(fake_pm2& pm2, int id, const std::string& app, std::uint16_t port) {
    pm2_process row;
    row.pm_id = id;
    row.name = "orch-" + app;
    row.port = port;
    pm2.table[id] = row;
    pm2.set_online(id);
    return id;
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_FIXTURE_TEST_CASE(a_delete_that_a_crash_cut_short_is_finished, fixture) {
    storage.disk.apps["aaaaaaaaaa"] = an_entry("aaaaaaaaaa", 3100);
    storage.entries["aaaaaaaaaa"] = a_delete("aaaaaaaaaa");
    storage.disk.apps["bbbbbbbbbb"] = an_entry("bbbbbbbbbb", 3101);
    storage.entries["bbbbbbbbbb"] = a_delete("bbbbbbbbbb", false);
    add_row(pm2, 7, "aaaaaaaaaa", 3100);
    machine.left["aaaaaaaaaa"] = {{42, "next-server"}};
    with([](fixture& f) -> task<> {
        BOOST_TEST(f.storage.disk.apps.empty());
        BOOST_TEST(f.machine.left.empty());
        BOOST_TEST(f.storage.trashed.contains("aaaaaaaaaa"));
        BOOST_TEST(!f.storage.trashed.contains("bbbbbbbbbb"));
        co_await until([&] { return f.pm2.table.empty() && f.storage.entries.empty(); });
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->orphans().empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_delete_that_the_journal_cannot_hold_ends_nothing, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.journal_error = error{errc::storage_failed, "No space left on device."};
        auto removed = co_await f.berth->remove(id, true);
        BOOST_TEST((removed.error().code == errc::storage_failed));
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST((f.shown(id).wanted == intent::run));
        BOOST_TEST(f.pm2.removes == 0);
    });
}

BOOST_FIXTURE_TEST_CASE(a_manifest_that_cannot_be_written_ends_no_delete_by_half, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.save_error = error{errc::storage_failed, "No space left on device."};
        auto removed = co_await f.berth->remove(id, true);
        BOOST_TEST((removed.error().code == errc::storage_failed));
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST(f.pm2.removes == 0);
        BOOST_TEST(f.storage.entries.empty());
        f.storage.save_error.reset();
    });
}

BOOST_FIXTURE_TEST_CASE(a_row_that_pm2_could_not_be_told_to_forget_is_nobodys, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("first");
        f.pm2.remove_error = gone;
        auto removed = co_await f.berth->remove(id, true);
        BOOST_REQUIRE(removed.has_value());
        BOOST_TEST(removed->warning.has_value());
        BOOST_TEST(f.storage.entries.contains(id)); // for the next server, should this one die first
        auto second = co_await f.make("second");    // takes the port that is free again
        BOOST_TEST(f.shown(second).port == 3100);
        BOOST_TEST((f.shown(second).status == status::online));
        BOOST_TEST(f.pm2.starts == 2);
        BOOST_TEST(f.pm2.restarts == 0);
        f.pm2.remove_error.reset();
        co_await f.berth->fresh();
        co_await until([&] { return f.pm2.table.size() == 1 && f.storage.entries.empty(); });
        BOOST_TEST(f.pm2.table.begin()->second.name == "orch-" + second);
    });
}

BOOST_FIXTURE_TEST_CASE(a_stop_that_a_crash_cut_short_is_finished, fixture) {
    storage.disk.apps["aaaaaaaaaa"] = an_entry("aaaaaaaaaa", 3100, intent::stop);
    storage.disk.apps["bbbbbbbbbb"] = an_entry("bbbbbbbbbb", 3101, intent::stop);
    storage.disk.apps["cccccccccc"] = an_entry("cccccccccc", 3102, intent::stop);
    storage.disk.apps["cccccccccc"].app.status = status::stopped; // its stop had ended
    add_row(pm2, 2, "bbbbbbbbbb", 3101);
    for (auto id : {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"})
        machine.left[id] = {{42, "next-server"}};
    with([](fixture& f) -> task<> {
        co_await until([&] { return !f.machine.left.contains("aaaaaaaaaa"); });
        co_await until([&] { return f.berth->apps()->find("bbbbbbbbbb")->app.status == status::online; });
        BOOST_TEST(f.machine.left.contains("bbbbbbbbbb")); // pm2 runs it: somebody started it again
        BOOST_TEST((f.shown("bbbbbbbbbb").wanted == intent::run));
        BOOST_TEST(f.machine.left.contains("cccccccccc")); // whoever works in its folder now is not ours to end
    });
}

BOOST_FIXTURE_TEST_CASE(a_create_outlives_the_bridge, fixture) {
    with([](fixture& f) -> task<> {
        f.pm2.on_start = [&](auto&) -> std::optional<error> {
            if (f.pm2.starts > 1)
                return std::nullopt;
            f.pm2.listener->on_disconnected(gone.detail);
            f.pm2.listener->on_connected();
            return gone;
        };
        auto id = co_await f.make("demo");
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST(f.pm2.starts == 2);
    });
}

BOOST_FIXTURE_TEST_CASE(of_an_app_that_could_not_be_started_nothing_runs, fixture) {
    with([](fixture& f) -> task<> {
        f.pm2.on_start = [&](const start_options& o) -> std::optional<error> {
            f.machine.left[o.name.substr(5)] = {{42, "npm run dev"}}; // pm2 had started it, and died
            return gone;
        };
        auto id = co_await f.make("demo");
        BOOST_TEST((f.shown(id).status == status::stopped));
        BOOST_TEST((f.shown(id).wanted == intent::stop));
        BOOST_TEST(!f.shown(id).started_at);
        BOOST_TEST(f.machine.left.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_first_start_is_on_the_disk_before_pm2_is_told, fixture) {
    with([](fixture& f) -> task<> {
        bool told = false;
        f.pm2.on_start = [&](const start_options& o) -> std::optional<error> {
            auto& stored = f.storage.disk.apps.at(o.name.substr(5)).app;
            told = stored.started_at.has_value() && stored.wanted == intent::run;
            return std::nullopt;
        };
        co_await f.make("demo");
        BOOST_TEST(told);
    });
}

BOOST_FIXTURE_TEST_CASE(a_table_older_than_a_stop_does_not_undo_it, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        bool stopped = false;
        f.pm2.hold_stops = true;
        f.pm2.stop_error = gone; // its processes are ended by hand, and the bus says nothing
        asio::co_spawn(f.io, f.berth->stop(id), [&](std::exception_ptr, auto done) {
            BOOST_TEST(done.has_value());
            stopped = true;
        });
        co_await until([&] { return f.pm2.stops == 1; });
        f.machine.hold_looks = true;
        asio::co_spawn(f.io, f.berth->fresh(), asio::detached);
        co_await until([&] { return f.machine.looking == 1; }); // a sync whose table shows the app online
        f.pm2.hold_stops = false;
        co_await until([&] { return f.berth->apps()->find(id)->operation == activity::none; });
        f.pm2.end(0, 143);
        f.machine.hold_looks = false;
        co_await until([&] { return stopped; });
        BOOST_TEST((f.shown(id).status == status::stopped));
        BOOST_TEST((f.storage.disk.apps.at(id).app.wanted == intent::stop));
    });
}

BOOST_AUTO_TEST_SUITE_END()
