// What Berth makes of a server, a bridge or a daemon that dies in the middle of something.
#include "fixture.hpp"

#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>

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

int add_row(fixture& f, int id, const std::string& app, std::uint16_t port) {
    auto& pm2 = f.pm2;
    pm2_process row;
    row.pm_id = id;
    row.name = "orch-" + app;
    row.directory = f.storage.app_directory(app);
    row.port = port;
    pm2.table[id] = row;
    pm2.set_online(id);
    return id;
}

/// Returns when the app is marked and its processes are being ended, which lasts until hold_ends is taken back.
task<> begin_delete(fixture& f, std::string id, std::optional<result<removed_app>>& answer) {
    f.machine.hold_ends = true;
    asio::co_spawn(f.io, f.berth->remove(std::move(id), true),
                   [&](std::exception_ptr, auto removed) { answer = std::move(removed); });
    co_await until([&] { return f.machine.ending == 1; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_FIXTURE_TEST_CASE(a_delete_that_a_crash_cut_short_is_finished, fixture) {
    storage.disk.apps["aaaaaaaaaa"] = an_entry("aaaaaaaaaa", 3100, intent::stop);
    storage.disk.apps["aaaaaaaaaa"].app.deleting = removal::all;
    storage.disk.apps["bbbbbbbbbb"] = an_entry("bbbbbbbbbb", 3101, intent::stop);
    storage.disk.apps["bbbbbbbbbb"].app.deleting = removal::entry;
    add_row(*this, 7, "aaaaaaaaaa", 3100);
    machine.left["aaaaaaaaaa"] = {{42, "next-server"}};
    with([](fixture& f) -> task<> {
        // The server answers at once, and shows what it is still about.
        BOOST_TEST((f.berth->apps()->find("aaaaaaaaaa")->operation == activity::deleting));
        co_await until([&] { return f.storage.disk.apps.empty(); });
        BOOST_TEST(f.machine.left.empty());
        BOOST_TEST(f.storage.trashed.contains("aaaaaaaaaa"));
        BOOST_TEST(!f.storage.trashed.contains("bbbbbbbbbb"));
        BOOST_TEST(f.pm2.table.empty());
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->orphans().empty());
    });
}

BOOST_FIXTURE_TEST_CASE(what_one_recovery_waits_for_holds_up_no_other, fixture) {
    for (auto id : {"aaaaaaaaaa", "bbbbbbbbbb"}) {
        auto port = static_cast<std::uint16_t>(3100 + storage.disk.apps.size());
        (storage.disk.apps[id] = an_entry(id, port, intent::stop)).app.deleting = removal::all;
    }
    machine.hold_ends = true;
    with([](fixture& f) -> task<> {
        co_await until([&] { return f.machine.ending == 2; });
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->apps()->apps.size() == 2u);
        f.machine.hold_ends = false;
        co_await until([&] { return f.storage.disk.apps.empty(); });
    });
}

BOOST_FIXTURE_TEST_CASE(a_delete_that_is_decided_is_finished_when_the_disk_lets_it, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        std::optional<result<removed_app>> answer;
        co_await begin_delete(f, id, answer);
        f.storage.trash_error = f.storage.save_error = error{errc::storage_failed, "Read-only file system."};
        f.machine.hold_ends = false;
        co_await until([&] { return answer.has_value(); });
        auto& removed = *answer;
        BOOST_REQUIRE(removed.has_value()); // its mark is on the disk: nobody is told that it failed
        BOOST_TEST(removed->warning.value_or("").find("Read-only") != std::string::npos);
        BOOST_TEST((f.berth->apps()->find(id)->operation == activity::deleting));
        auto restarted = co_await f.berth->restart(id);
        BOOST_TEST((restarted.error().code == errc::app_not_found));
        f.storage.trash_error.reset();
        f.storage.save_error.reset();
        co_await until([&] { return f.storage.disk.apps.empty(); });
        BOOST_TEST(f.storage.trashed.contains(id));
        BOOST_TEST(f.berth->apps()->apps.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(what_is_mounted_while_a_delete_is_under_way_keeps_the_entry_until_it_is_gone, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        std::optional<result<removed_app>> answer;
        co_await begin_delete(f, id, answer);
        f.storage.trash_error = f.storage.check_error = error{errc::not_removable, "/gold is mounted inside of it."};
        f.machine.hold_ends = false;
        co_await until([&] { return answer.has_value(); });
        BOOST_REQUIRE(answer->has_value());
        auto warning = (*answer)->warning.value_or("");
        BOOST_TEST(warning.find("/gold is mounted") != std::string::npos);
        BOOST_TEST(warning.find("goes on trying") != std::string::npos);
        BOOST_TEST((f.berth->apps()->find(id)->operation == activity::deleting));
        f.storage.trash_error.reset();
        f.storage.check_error.reset();
        co_await until([&] { return f.storage.disk.apps.empty(); });
        BOOST_TEST(f.storage.trashed.contains(id));
    });
}

BOOST_FIXTURE_TEST_CASE(a_delete_that_was_refused_is_never_carried_out, fixture) {
    auto id = std::make_shared<std::string>();
    with([](fixture& f) -> task<> {
        auto made = co_await f.make("demo");
        f.storage.check_error = error{errc::not_removable, "/gold is mounted inside of it."};
        auto refused = co_await f.berth->remove(made, true);
        BOOST_TEST((refused.error().code == errc::not_removable));
        BOOST_TEST((f.shown(made).status == status::online)); // nothing of it was ended
        f.storage.check_error.reset();
        f.machine.survivors = {{42, "next-server"}};
        auto stuck = co_await f.berth->remove(made, true);
        BOOST_TEST((stuck.error().code == errc::stop_incomplete));
        f.machine.survivors.clear();
    });
    io.restart();
    with([](fixture& f) -> task<> {
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->apps()->apps.size() == 1u);
        BOOST_TEST(f.storage.trashed.empty());
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
        auto second = co_await f.make("second");
        BOOST_TEST(f.shown(second).port == 3101); // what the row has may still be in use
        BOOST_TEST((f.shown(second).status == status::online));
        BOOST_TEST(f.pm2.starts == 2);
        f.pm2.remove_error.reset();
        co_await f.berth->fresh();
        co_await until([&] { return f.pm2.table.size() == 1; });
        BOOST_TEST(f.pm2.table.begin()->second.name == "orch-" + second);
        co_await until([&] { return f.storage.logs_removed.size() == 2; }); // pm2 may have begun them anew
        BOOST_TEST(f.storage.logs_removed.back() == id);
    });
}

BOOST_FIXTURE_TEST_CASE(of_several_rows_of_an_app_the_one_that_runs_is_kept, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("twice");
        auto row = f.pm2.table.begin()->second;
        row.pid = 0;
        row.status = pm2_status::stopped;
        for (int other : {-1, 77}) { // before and behind it in the table
            row.pm_id = other;
            f.pm2.table[other] = row;
        }
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::online));
        co_await until([&] { return f.pm2.table.size() == 1; });
        BOOST_TEST(f.pm2.table.begin()->second.pid != 0);
        co_await f.berth->fresh();
        BOOST_TEST((f.shown(id).status == status::online));
        BOOST_TEST(f.berth->orphans().empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_stop_that_a_crash_cut_short_is_finished, fixture) {
    storage.disk.apps["aaaaaaaaaa"] = an_entry("aaaaaaaaaa", 3100, intent::stop);
    storage.disk.apps["bbbbbbbbbb"] = an_entry("bbbbbbbbbb", 3101, intent::stop);
    storage.disk.apps["cccccccccc"] = an_entry("cccccccccc", 3102, intent::stop);
    storage.disk.apps["cccccccccc"].app.status = status::stopped; // its stop had ended
    add_row(*this, 2, "bbbbbbbbbb", 3101);
    for (auto id : {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"})
        machine.left[id] = {{42, "next-server"}};
    with([](fixture& f) -> task<> {
        co_await until([&] { return !f.machine.left.contains("aaaaaaaaaa"); });
        co_await until([&] { return f.shown("bbbbbbbbbb").wanted == intent::run; });
        BOOST_TEST((f.shown("bbbbbbbbbb").status == status::online));
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
        co_await until([&, before = f.machine.ends] { return f.machine.ends > before; });
        co_await settle(); // the stop is over, but for the sync that judges it
        f.pm2.end(0, 143); // as its exit is noticed
        f.machine.hold_looks = false;
        co_await until([&] { return stopped; });
        BOOST_TEST((f.shown(id).status == status::stopped));
        BOOST_TEST((f.storage.disk.apps.at(id).app.wanted == intent::stop));
    });
}

BOOST_FIXTURE_TEST_CASE(a_start_that_a_crash_cut_short_is_finished, fixture) {
    for (auto [id, port] : {std::pair("aaaaaaaaaa", 3100), {"bbbbbbbbbb", 3101}, {"cccccccccc", 3102}}) {
        auto& app = (storage.disk.apps[id] = an_entry(id, static_cast<std::uint16_t>(port))).app;
        app.status = status::stopped;
        storage.entries.insert(id);
    }
    storage.disk.apps["aaaaaaaaaa"].app.started_at.reset(); // made, and never started
    add_row(*this, 2, "bbbbbbbbbb", 3101);                  // was stopped; pm2 was not told to start it
    pm2.end(2, 0);
    add_row(*this, 3, "cccccccccc", 3102); // pm2 had been told
    with([](fixture& f) -> task<> {
        for (auto id : {"aaaaaaaaaa", "bbbbbbbbbb"})
            BOOST_TEST((f.berth->apps()->find(id)->operation == activity::starting));
        for (auto id : {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"}) {
            co_await until([&] {
                auto seen = f.berth->apps()->find(id);
                return seen->app.status == status::online && seen->operation == activity::none;
            });
            BOOST_TEST((f.storage.disk.apps.at(id).app.wanted == intent::run));
        }
        BOOST_TEST(f.pm2.starts == 2);
        BOOST_TEST(f.storage.entries.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_restart_that_a_crash_cut_short_is_finished, fixture) {
    storage.disk.apps["aaaaaaaaaa"] = an_entry("aaaaaaaaaa", 3100); // online, as the manifest has it
    storage.disk.apps["aaaaaaaaaa"].app.starting = true;
    add_row(*this, 1, "aaaaaaaaaa", 3100);
    pm2.end(1, 0); // what ran before was ended; pm2 was not told to start it again
    storage.disk.apps["bbbbbbbbbb"] = an_entry("bbbbbbbbbb", 3101);
    storage.disk.apps["bbbbbbbbbb"].app.starting = true;
    add_row(*this, 2, "bbbbbbbbbb", 3101); // pm2 had been told
    with([](fixture& f) -> task<> {
        for (auto id : {"aaaaaaaaaa", "bbbbbbbbbb"}) {
            co_await until([&] { return f.berth->apps()->find(id)->operation == activity::none; });
            BOOST_TEST((f.shown(id).status == status::online));
            BOOST_TEST((f.shown(id).wanted == intent::run));
            co_await until([&] { return !f.storage.disk.apps.at(id).app.starting; });
        }
        BOOST_TEST(f.pm2.starts == 1);
    });
}

BOOST_FIXTURE_TEST_CASE(a_start_that_a_crash_cut_short_keeps_its_place_among_those_that_run, fixture) {
    storage.disk.apps["aaaaaaaaaa"] = an_entry("aaaaaaaaaa", 3100);
    storage.disk.apps["aaaaaaaaaa"].app.status = status::stopped;
    add_row(*this, 1, "aaaaaaaaaa", 3100);
    pm2.end(1, 0);
    with(
        [](fixture& f) -> task<> {
            co_await until([&] { return f.berth->apps()->find("aaaaaaaaaa")->operation == activity::none; });
            BOOST_TEST((f.shown("aaaaaaaaaa").status == status::online));
        },
        1);
}

BOOST_FIXTURE_TEST_CASE(a_start_that_waits_for_pm2_after_a_crash_can_be_given_up, fixture) {
    storage.disk.apps["aaaaaaaaaa"] = an_entry("aaaaaaaaaa", 3100);
    storage.disk.apps["aaaaaaaaaa"].app.status = status::stopped;
    pm2.connect_at_run = false;
    pm2.list_error = gone;
    with([](fixture& f) -> task<> {
        auto removed = co_await f.berth->remove("aaaaaaaaaa", true);
        BOOST_TEST(removed.has_value());
        f.pm2.list_error.reset();
        f.pm2.listener->on_connected();
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->apps()->apps.empty());
        BOOST_TEST(f.pm2.starts == 0);
    });
}

BOOST_FIXTURE_TEST_CASE(what_a_save_that_failed_left_on_the_disk_is_mended, fixture) {
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.late_save_error = error{errc::storage_failed, "Could not sync the folder."};
        auto stopped = co_await f.berth->stop(id);
        BOOST_TEST((stopped.error().code == errc::storage_failed));
        f.storage.late_save_error.reset();
        co_await f.berth->fresh();
        co_await until([&] { return f.storage.disk.apps.at(id).app.wanted == intent::run; });
    });
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_cannot_go_yet_is_remembered, fixture) {
    with([](fixture& f) -> task<> {
        f.scaffolder.fail = error{errc::scaffold_failed, "npm: no space left on device"};
        f.storage.trash_error = error{errc::storage_failed, "No space left on device."};
        create_options wish;
        auto made = co_await f.berth->create(wish);
        BOOST_TEST((made.error().code == errc::scaffold_failed));
        BOOST_TEST(f.storage.entries.size() == 1u);
    });
    BOOST_REQUIRE(storage.entries.size() == 1u); // for the next start
    storage.trash_error.reset();
    auto id = *storage.entries.begin();
    io.restart();
    with([](fixture& f) -> task<> { co_await until([&] { return f.storage.entries.empty(); }); });
    BOOST_TEST(storage.trashed.contains(id));
}

BOOST_FIXTURE_TEST_CASE(what_a_create_left_is_removed_as_soon_as_the_disk_lets_it, fixture) {
    with([](fixture& f) -> task<> {
        f.scaffolder.fail = error{errc::scaffold_failed, "npm: read-only file system"};
        f.storage.trash_error = error{errc::storage_failed, "Read-only file system."};
        for (int i = 0; i < 2; ++i) {
            auto made = co_await f.berth->create({});
            BOOST_TEST((made.error().code == errc::scaffold_failed));
        }
        BOOST_TEST(f.storage.entries.size() == 2u);
        f.storage.trash_error.reset();
        co_await until([&] { return f.storage.entries.empty(); });
        BOOST_TEST(f.storage.trashed.size() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_list_that_failed_and_works_again_is_no_problem_any_more, fixture) {
    with([](fixture& f) -> task<> {
        f.pm2.list_error = error{errc::pm2_failed, "pm2 answered without a table."};
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->problems().size() == 1u);
        f.pm2.list_error.reset();
        co_await f.berth->fresh();
        BOOST_TEST(f.berth->problems().empty());
    });
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_goes_on_refusing_is_logged_once, fixture) {
    struct counting final : spdlog::sinks::sink {
        int lines = 0;
        void log(const spdlog::details::log_msg& message) override {
            lines += std::string_view(message.payload.data(), message.payload.size()).find("not written") !=
                     std::string_view::npos;
        }
        void flush() override {}
        void set_pattern(const std::string&) override {}
        void set_formatter(std::unique_ptr<spdlog::formatter>) override {}
    };
    auto before = spdlog::default_logger();
    auto sink = std::make_shared<counting>();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
    with([](fixture& f) -> task<> {
        auto id = co_await f.make("demo");
        f.storage.save_error = error{errc::storage_failed, "No space left on device."};
        for (int i = 1; i <= 5; ++i) {
            f.machine.sights[id].memory_mb = i;
            co_await f.berth->fresh();
            co_await settle();
        }
        f.storage.save_error.reset();
    });
    spdlog::set_default_logger(before);
    BOOST_TEST(sink->lines == 1);
}

BOOST_AUTO_TEST_SUITE_END()
