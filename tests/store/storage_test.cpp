// The whole, as core calls it: on the reactor, with the work done on the pool.
#include "bind_mount.hpp"
#include "manifests.hpp"
#include "temp_root.hpp"

#include "core/worker.hpp"
#include "store/log_reader.hpp"
#include "store/storage.hpp"
#include "support/patience.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/test/unit_test.hpp>

#include <thread>

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;

namespace {

struct storage_world {
    temp_folder folder;
    fs::path root = folder.path();
    asio::thread_pool pool{2}; // before the reactor, as in main: core/worker.hpp tells why
    asio::io_context io;

    ~storage_world() { pool.join(); }

    /// To the end of a test's coroutine; one that hangs fails.
    void run(task<> body) {
        bool ended = false;
        asio::co_spawn(io, std::move(body), [&](std::exception_ptr failure) {
            ended = true;
            if (failure)
                std::rethrow_exception(failure);
        });
        io.restart();
        auto until = std::chrono::steady_clock::now() + patience(30s);
        while (!ended && std::chrono::steady_clock::now() < until)
            io.run_one_for(1s);
        BOOST_REQUIRE_MESSAGE(ended, "the test did not end within its deadline");
    }

    std::unique_ptr<root_storage> make_storage() {
        auto made = create_storage(io.get_executor(), pool, root);
        BOOST_REQUIRE_MESSAGE(made.has_value(), made.error().detail);
        return std::move(*made);
    }

    /// Waits for what is done by a thread in the background.
    template <class Condition>
    void wait_for(Condition met) {
        auto until = std::chrono::steady_clock::now() + patience(30s);
        while (!met() && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(1ms);
        BOOST_REQUIRE_MESSAGE(met(), "it did not come so within its deadline");
    }
    void wait_for_empty_trash() {
        wait_for([&] { return fs::is_empty(root / ".berth/trash"); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(storage_suite, storage_world)

BOOST_AUTO_TEST_CASE(saves_loads_and_reloads) {
    auto body = [&]() -> task<> {
        auto store = make_storage();
        BOOST_TEST(store->root() == root);
        auto loaded = co_await store->load();
        BOOST_REQUIRE(loaded.has_value());
        auto value = make_manifest(2);
        auto saved = co_await store->save(value, with_backup);
        BOOST_TEST(saved.has_value());
        auto changed = co_await store->reload();
        BOOST_TEST(!changed.has_value());
        write_text(root / "manifest.json", format_manifest(make_manifest(1)));
        changed = co_await store->reload();
        BOOST_REQUIRE(changed.has_value());
        BOOST_TEST((**changed == make_manifest(1)));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(jobs_are_done_in_order) {
    auto body = [&]() -> task<> {
        using namespace asio::experimental::awaitable_operators;
        auto store = make_storage();
        (void)co_await store->load();
        auto two = make_manifest(2), three = make_manifest(3), four = make_manifest(4);
        auto a = store->save(two, with_backup);
        auto b = store->save(three, without_backup);
        auto c = store->save(four, with_backup);
        auto all = std::move(a) && std::move(b) && std::move(c);
        auto [first, second, third] = co_await std::move(all);
        BOOST_TEST((first.has_value() && second.has_value() && third.has_value()));
        BOOST_TEST(read_text(root / "manifest.json") == format_manifest(four));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_second_storage_is_refused_until_the_first_is_gone) {
    auto first = make_storage();
    first->announce("http://localhost:3099");
    auto body = [&]() -> task<> {
        (void)co_await first->load(); // jobs are in order: the announcement is written
    };
    run(body());
    auto second = create_storage(io.get_executor(), pool, root);
    BOOST_REQUIRE(second.has_error());
    BOOST_TEST(second.error().detail.starts_with("another berth (pid " + std::to_string(::getpid()) +
                                                 ", http://localhost:3099) already serves "));
    first.reset();
    pool.join(); // its last job holds the lock
    asio::thread_pool fresh(1);
    BOOST_TEST(create_storage(io.get_executor(), fresh, root).has_value());
    fresh.join();
}

BOOST_AUTO_TEST_CASE(a_removed_app_is_gone_in_the_background) {
    auto store = make_storage();
    for (auto name : {id.c_str(), "def1234567", "ghi1234567"}) {
        fs::create_directories(root / "created-apps" / name / "node_modules/-rf");
        write_text(root / "created-apps" / name / "node_modules/a file", "text");
    }
    auto body = [&]() -> task<> {
        for (std::string name : {id.c_str(), "def1234567", "ghi1234567"}) {
            auto gone = co_await store->trash_app(name);
            BOOST_TEST(gone.has_value());
            BOOST_TEST(!fs::exists(root / "created-apps" / name));
        }
    };
    run(body());
    wait_for_empty_trash();
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_in_the_trash_is_removed_at_load) {
    auto store = make_storage();
    fs::create_directories(folder.path() / "outside");
    write_text(folder.path() / "outside/precious", "precious");
    fs::create_directories(root / ".berth/trash/abc1234567-0/src");
    fs::create_directory_symlink(folder.path() / "outside", root / ".berth/trash/link");
    write_text(root / ".berth/trash/-rf", "");
    auto body = [&]() -> task<> {
        auto loaded = co_await store->load();
        BOOST_TEST(loaded.has_value());
    };
    run(body());
    wait_for_empty_trash();
    BOOST_TEST(read_text(folder.path() / "outside/precious") == "precious");
}

BOOST_AUTO_TEST_CASE(what_is_mounted_in_an_app_is_not_the_apps) {
    auto store = make_storage();
    auto gold = root / "gold", place = root / "created-apps" / id / "public";
    fs::create_directories(gold);
    fs::create_directories(place);
    write_text(gold / "bar", "gold");
    bind_mount mount(gold, place);
    if (!mount.mounted())
        return;
    auto body = [&]() -> task<> {
        auto asked = co_await store->check_removable(id);
        auto moved = co_await store->trash_app(id);
        for (auto& refused : {asked, moved}) {
            BOOST_REQUIRE(refused.has_error());
            BOOST_TEST((refused.error().code == errc::not_removable));
            BOOST_TEST(refused.error().detail.find("is mounted at " + place.native()) != std::string::npos,
                       refused.error().detail);
            BOOST_TEST(refused.error().detail.find("Unmount it first") != std::string::npos);
        }
        mount.unmount();
        asked = co_await store->check_removable(id);
        BOOST_TEST(asked.has_value());
        moved = co_await store->trash_app(id);
        BOOST_TEST(moved.has_value());
    };
    run(body());
    wait_for_empty_trash();
    BOOST_TEST(read_text(gold / "bar") == "gold");
}

BOOST_AUTO_TEST_CASE(what_is_mounted_in_the_trash_stays) {
    auto store = make_storage();
    auto gold = root / "gold", old = root / ".berth/trash" / (id + "-0");
    for (auto& f : {gold, old / "public", old / "src"})
        fs::create_directories(f);
    write_text(gold / "bar", "gold");
    bind_mount mount(gold, old / "public");
    if (!mount.mounted())
        return;
    auto body = [&]() -> task<> { (void)co_await store->load(); };
    run(body());
    wait_for([&] { return !store->stuck().empty(); });
    BOOST_TEST(read_text(gold / "bar") == "gold");
    BOOST_TEST(!fs::exists(old / "src"));
    BOOST_REQUIRE(store->stuck().size() == 1u);
    BOOST_TEST(store->stuck()[0] == (old / "public").native() + " (is a mount point: unmount it)");

    mount.unmount();
    auto other = [&]() -> task<> { (void)co_await store->trash_app("def1234567"); }; // any delete tries again
    run(other());
    wait_for_empty_trash();
    wait_for([&] { return store->stuck().empty(); });
    BOOST_TEST(read_text(gold / "bar") == "gold");
}

BOOST_AUTO_TEST_CASE(the_journal_and_the_logs) {
    auto store = make_storage();
    auto body = [&]() -> task<> {
        auto put = co_await store->journal_put(id);
        BOOST_TEST(put.has_value());
        auto entries = co_await store->journal();
        BOOST_TEST(entries.size() == 1u);
        auto erased = co_await store->journal_erase(id);
        BOOST_TEST(erased.has_value());
        entries = co_await store->journal();
        BOOST_TEST(entries.empty());

        auto logs = create_log_files(io.get_executor(), pool, root);
        write_text(store->log_file(id, false), "one\ntwo\n");
        write_text(store->log_file(id, true), "three\n");
        log_query last_line{1, {}, {}};
        auto out = co_await logs->excerpt(id, log_stream::out, last_line);
        BOOST_TEST(out.value().bytes == "two\n");
        auto piece = co_await logs->read(id, log_stream::error, 1, 3);
        BOOST_TEST(piece->bytes == "hre");
        auto seen = co_await logs->look(id, log_stream::error);
        BOOST_TEST(seen->size == 6u);
        BOOST_TEST(seen->bytes.empty());
        BOOST_TEST(seen->file == piece->file);
        auto gone = co_await store->remove_logs(id);
        BOOST_TEST(gone.has_value());
        seen = co_await logs->look(id, log_stream::error);
        BOOST_TEST(seen->file == 0u);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(deletes_in_the_journal_of_an_earlier_berth_become_marks) {
    auto value = make_manifest(3);
    write_text(root / "manifest.json", format_manifest(value));
    fs::create_directories(root / ".berth/journal");
    auto remove = [&](const std::string& app, const char* files_too) {
        write_text(root / ".berth/journal" / (app + ".json"),
                   std::string("{\"kind\":\"remove\",\"filesToo\":") + files_too + "}\n");
    };
    remove("a000000000", "true");
    remove("a000000001", "false");
    remove("gone000000", "true"); // its entry had left the manifest, and its folder had not gone yet
    fs::create_directories(root / "created-apps/gone000000");
    write_text(root / ".berth/journal/made000000.json", "{\"kind\":\"create\",\"filesToo\":true}\n");
    auto store = make_storage();
    auto body = [&]() -> task<> {
        auto loaded = co_await store->load();
        BOOST_REQUIRE(loaded.has_value());
        value.apps.at("a000000000").app.deleting = removal::all;
        value.apps.at("a000000001").app.deleting = removal::entry;
        BOOST_TEST((loaded->value == value));
        BOOST_TEST(read_text(root / "manifest.json") == format_manifest(value));
        auto creates = co_await store->journal();
        BOOST_TEST((creates == std::vector<std::string>{"made000000"}));
        BOOST_TEST((names_in(root / ".berth/journal") == std::vector<std::string>{"made000000.json"}));
        std::set<std::string> known = {"a000000000", "a000000001", "a000000002", "made000000"};
        auto strays = co_await store->strays(known);
        BOOST_TEST((strays == std::vector<std::string>{"gone000000"}));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(tells_how_much_disk_it_takes) {
    auto store = make_storage();
    fs::create_directories(root / "created-apps" / id / "src");
    write_text(root / "created-apps" / id / "src/big", std::string(1 << 20, 'x'));
    write_text(root / "logs/orch-abc1234567-out.log", std::string(1 << 18, 'x'));
    auto body = [&]() -> task<> { (void)co_await store->load(); };
    run(body());
    wait_for([&] { return store->usage().apps.has_value(); }); // the last of the four
    auto used = store->usage();
    BOOST_TEST(*used.apps >= 1u << 20);
    BOOST_TEST(*used.apps < 2u << 20);
    BOOST_TEST(*used.logs >= 1u << 18);
    BOOST_TEST((used.templates.has_value() && used.trash.has_value()));
}

BOOST_AUTO_TEST_CASE(the_work_is_done_elsewhere_and_comes_back) {
    auto body = [&]() -> task<> {
        auto here = std::this_thread::get_id();
        auto job = [] { return std::this_thread::get_id(); };
        auto there = co_await run_on(pool.get_executor(), io.get_executor(), std::move(job));
        BOOST_TEST((there != here));
        BOOST_TEST((std::this_thread::get_id() == here));
        auto failing = []() -> int { throw std::runtime_error("a bug"); };
        auto failed = run_on(pool.get_executor(), io.get_executor(), std::move(failing));
        bool caught = false;
        try {
            (void)co_await std::move(failed);
        } catch (const std::runtime_error&) {
            caught = true;
        }
        BOOST_TEST(caught);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(all_may_go_while_the_trash_is_swept) {
    // As when the server ends right after its start. ASan looks.
    auto store = make_storage();
    fs::create_directories(root / ".berth/trash/abc1234567-0/src");
    auto body = [&]() -> task<> { (void)co_await store->load(); };
    run(body());
    store.reset();
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_storage_may_go_while_it_works) {
    auto store = make_storage();
    auto value = make_manifest(2);
    for (int i = 0; i < 20; ++i)
        asio::co_spawn(io, store->save(value, with_backup), asio::detached);
    io.poll();
    store.reset();
    pool.join(); // every job ends; nobody takes the outcomes
}

BOOST_AUTO_TEST_SUITE_END()
