// When the manifest is written, and when it is not.
#include "support/fakes.hpp"

#include "core/keeper.hpp"

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;

namespace {

const std::string id = "abc1234567";

struct kept {
    asio::io_context io;
    fake_storage storage;
    berth::registry registry;

    kept() {
        auto& a = storage.disk.apps[id].app;
        a.id = a.name = id;
        a.port = 3100;
        a.status = status::online;
    }

    template <class Body>
    void with(std::chrono::steady_clock::duration figures_every, Body body) {
        keeper k(io.get_executor(), registry, storage, figures_every);
        auto whole = [&]() -> task<> {
            auto opened = co_await k.open();
            BOOST_TEST(opened.has_value());
            co_await body(k);
            co_await k.close();
        };
        run(io, whole());
    }
    void edit(const std::function<void(app&)>& change) { registry.edit(id, change); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(keeping, kept)

BOOST_AUTO_TEST_CASE(figures_alone_wait_for_their_time) {
    with(1h, [&](keeper& k) -> task<> {
        edit([](app& a) { a.memory_mb = 1; });
        k.save_soon(); // the first of all: nothing was written for long
        co_await until([&] { return storage.saves == 1; });
        for (int i = 2; i < 9; ++i) {
            edit([i](app& a) {
                a.memory_mb = i;
                a.cpu_percent = i;
                a.wrapper_memory_mb = i;
            });
            k.save_soon();
            co_await settle();
        }
        BOOST_TEST(storage.saves == 1);
        auto written = co_await k.durable(); // nothing that matters has changed
        BOOST_TEST(written.has_value());
        BOOST_TEST(storage.saves == 1);
    });
    BOOST_TEST(storage.saves == 2); // the last goes with the end
    BOOST_TEST(storage.disk.apps.at(id).app.memory_mb == 8);
}

BOOST_AUTO_TEST_CASE(figures_are_written_by_themselves_when_it_is_time) {
    with(5ms, [&](keeper& k) -> task<> {
        for (int i = 1; i < 4; ++i) {
            edit([i](app& a) { a.memory_mb = i; });
            k.save_soon();
            co_await until([&] { return storage.disk.apps.at(id).app.memory_mb == i; });
        }
    });
}

BOOST_AUTO_TEST_CASE(what_matters_is_written_at_once_and_figures_with_it) {
    with(1h, [&](keeper& k) -> task<> {
        using change = std::function<void(app&)>;
        int saves = 0;
        for (auto& what : {change([](app& a) { a.status = status::errored; }),
                           change([](app& a) { a.status_reason = "It exited with code 1."; }),
                           change([](app& a) { a.wanted = intent::stop; }), change([](app& a) { a.pid = 7; }),
                           change([](app& a) { a.deleting = removal::all; }), change([](app& a) { ++a.restarts; })}) {
            edit([&](app& a) { a.memory_mb = saves; });
            edit(what);
            k.save_soon();
            co_await until([&] { return storage.saves == saves + 1; });
            BOOST_TEST(storage.disk.apps.at(id).app.memory_mb == saves);
            ++saves;
        }
        BOOST_TEST(storage.backups == 0);
        edit([](app& a) { a.port = 3101; });
        k.save_soon();
        co_await until([&] { return storage.backups == 1; });
        k.save_soon();
        co_await settle();
        BOOST_TEST(storage.saves == saves + 1); // nothing changed
    });
}

BOOST_AUTO_TEST_CASE(what_a_disk_refused_is_written_when_it_comes_back) {
    with(5ms, [&](keeper& k) -> task<> {
        storage.save_error = error{errc::storage_failed, "Read-only file system."};
        edit([](app& a) { a.status = status::errored; });
        auto refused = co_await k.durable();
        BOOST_TEST(refused.has_error());
        BOOST_TEST(registry.problems().size() == 1u);
        storage.save_error.reset();
        co_await until([&] { return storage.disk.apps.at(id).app.status == status::errored; });
        co_await until([&] { return registry.problems().empty(); });
    });
}

BOOST_AUTO_TEST_CASE(a_mark_of_an_entry_that_somebody_puts_back_is_not_obeyed) {
    with(1h, [&](keeper& k) -> task<> {
        auto theirs = storage.disk;
        auto& back = theirs.apps["old1234567"].app;
        back.id = back.name = "old1234567";
        back.port = 3105;
        back.deleting = removal::all;
        theirs.apps.at(id).app.deleting = removal::all;
        storage.edited = theirs;
        co_await k.look_for_edits();
        for (auto& [each, entry] : registry.value().apps)
            BOOST_TEST((entry.app.deleting == removal::none), each);
        auto written = co_await k.durable();
        BOOST_TEST(written.has_value());
        BOOST_TEST((storage.disk.apps.at("old1234567").app.deleting == removal::none));
    });
}

BOOST_AUTO_TEST_SUITE_END()
