// Who waits for an app is told when it is ready, or that it will not be.
#include "support/fakes.hpp"

#include "core/readiness.hpp"

using namespace berth;
using namespace berth::test;
using namespace std::chrono_literals;
using state = readiness::state;

namespace {

const std::string id = "abc1234567";

struct waited {
    asio::io_context io;
    std::shared_ptr<app_view> shown = std::make_shared<app_view>();
    int looks = 0;
    std::function<void()> on_look;
    arrivals apps{io.get_executor(), [this](auto& asked) { return asked == id ? shown : nullptr; },
                  [this]() { return look(); }, [this](std::string) { return wake(); },
                  [this](std::uint16_t) { return try_port(); }};

    waited() {
        shown->app.id = id;
        shown->app.name = "shop";
        shown->app.port = 3105;
        shown->app.status = status::launching;
    }
    task<> look() {
        ++looks;
        co_await settle();
        if (on_look)
            on_look();
    }
    std::optional<error> refused; // of a wake
    int wakes = 0, tries = 0;
    bool accepts = false;
    task<result<>> wake() {
        ++wakes;
        if (refused)
            co_return *refused;
        shown = std::make_shared<app_view>(*shown);
        shown->app.asleep.reset();
        becomes(status::launching);
        co_return result<>();
    }
    task<bool> try_port() {
        ++tries;
        co_return accepts;
    }
    void falls_asleep() {
        shown = std::make_shared<app_view>(*shown);
        shown->app.asleep = nap{};
        becomes(status::stopped, "Asleep since noon.");
    }
    void becomes(status s, std::optional<std::string> reason = {}) {
        shown = std::make_shared<app_view>(*shown);
        shown->app.status = s;
        shown->app.status_reason = std::move(reason);
        apps.changed({{}, {shown}});
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(waiting_for_apps)

BOOST_AUTO_TEST_CASE(how_an_app_is) {
    app_view seen;
    seen.app.name = "shop";
    seen.app.port = 3105;
    auto judged = [&](status s, activity doing, std::optional<std::string> reason = {}) {
        seen.app.status = s;
        seen.app.status_reason = std::move(reason);
        seen.operation = doing;
        return judge_readiness(&seen);
    };
    using enum activity;
    struct {
        status is;
        activity doing;
        state expected;
    } rows[] = {
        {status::online, none, state::ready},     {status::online, restarting, state::coming},
        {status::online, stopping, state::down},  {status::online, deleting, state::down},
        {status::launching, none, state::coming}, {status::launching, starting, state::coming},
        {status::stopped, none, state::down},     {status::stopped, starting, state::coming},
        {status::errored, none, state::down},     {status::errored, restarting, state::coming},
        {status::unknown, none, state::down},
    };
    for (auto& row : rows) {
        auto found = judged(row.is, row.doing);
        BOOST_TEST((found.is == row.expected), to_string(row.is) << " " << to_string(row.doing));
        BOOST_TEST((found.port == (row.expected == state::ready ? 3105 : 0)));
        BOOST_TEST(found.reason.empty() == (row.expected == state::ready));
    }
    BOOST_TEST(judged(status::errored, none, "It exited with code 1.").reason ==
               "\"shop\" has crashed. It exited with code 1.");
    BOOST_TEST((judge_readiness(nullptr).is == state::down));
}

BOOST_FIXTURE_TEST_CASE(an_app_that_is_ready_costs_no_look, waited) {
    run(io, [](waited& w) -> task<> {
        w.becomes(status::online);
        auto how = co_await w.apps.ready(id, 1h, false);
        BOOST_TEST((how.is == state::ready));
        BOOST_TEST(how.port == 3105);
        BOOST_TEST(w.looks == 0);
    }(*this));
}

BOOST_FIXTURE_TEST_CASE(one_that_seems_down_is_looked_at_first, waited) {
    run(io, [](waited& w) -> task<> {
        w.becomes(status::stopped);
        auto how = co_await w.apps.ready(id, 1h, false);
        BOOST_TEST((how.is == state::down));
        BOOST_TEST(w.looks == 1);
        w.on_look = [&] { w.becomes(status::online); };
        how = co_await w.apps.ready(id, 1h, false);
        BOOST_TEST((how.is == state::ready));
        how = co_await w.apps.ready("0000000000", 1h, false);
        BOOST_TEST((how.is == state::down));
    }(*this));
}

BOOST_FIXTURE_TEST_CASE(all_who_wait_hear_of_the_end, waited) {
    auto whole = [&]() -> task<> {
        for (auto end : {status::online, status::errored}) {
            becomes(status::launching);
            std::size_t told = 0;
            auto tell = [&](std::exception_ptr, readiness how) {
                told += how.is == (end == status::online ? state::ready : state::down);
            };
            for (int i = 0; i < 5; ++i)
                asio::co_spawn(io, apps.ready(id, 1h, false), tell);
            co_await settle(50);
            BOOST_TEST(told == 0u);
            becomes(status::launching, "It has been starting for 20 s."); // no end yet
            co_await settle(50);
            BOOST_TEST(told == 0u);
            becomes(end);
            co_await until([&] { return told == 5u; });
        }
    };
    run(io, whole());
}

BOOST_FIXTURE_TEST_CASE(the_patience_has_an_end_and_so_has_the_number_of_those_who_wait, waited) {
    std::size_t told = 0;
    auto tell = [&](std::exception_ptr, readiness how) { told += how.is == state::coming; };
    auto whole = [&]() -> task<> {
        auto how = co_await apps.ready(id, 1ms, false);
        BOOST_TEST((how.is == state::coming));
        for (std::size_t i = 0; i < arrivals::most_waiting + 3; ++i)
            asio::co_spawn(io, apps.ready(id, 1h, false), tell);
        co_await until([&] { return told == 3u; });
        co_await settle();
        BOOST_TEST(told == 3u);
        apps.close();
        co_await until([&] { return told == arrivals::most_waiting + 3; });
    };
    run(io, whole());
}

BOOST_FIXTURE_TEST_CASE(an_app_that_is_deleted_meanwhile_is_waited_for_by_nobody, waited) {
    bool told = false;
    auto whole = [&]() -> task<> {
        asio::co_spawn(io, apps.ready(id, 1h, false),
                       [&](std::exception_ptr, readiness how) { told = how.is == state::down; });
        co_await settle(50);
        shown = nullptr;
        apps.changed({{{7, id}}, {}});
        co_await until([&] { return told; });
    };
    run(io, whole());
}

BOOST_FIXTURE_TEST_CASE(one_that_sleeps_is_woken_for_who_may_wake_it, waited) {
    auto whole = [&]() -> task<> {
        falls_asleep();
        auto how = co_await apps.ready(id, 1h, false);
        BOOST_TEST((how.is == state::asleep));
        BOOST_TEST(how.reason == "\"shop\" sleeps. Asleep since noon.");
        BOOST_TEST(wakes == 0);

        bool told = false;
        asio::co_spawn(io, apps.ready(id, 1h, true),
                       [&](std::exception_ptr, readiness r) { told = r.is == state::ready && r.port == 3105; });
        co_await until([&] { return wakes == 1; });
        co_await settle(20);
        BOOST_TEST(!told);
        on_look = [&] { becomes(status::online); }; // nothing tells of it but the port, once it accepts
        accepts = true;
        co_await until([&] { return told; });
        BOOST_TEST(wakes == 1);

        falls_asleep();
        refused = error{errc::limit_reached, "All places are taken."};
        on_look = {};
        how = co_await apps.ready(id, 1h, true);
        BOOST_TEST((how.is == state::down));
        BOOST_TEST(how.reason == "All places are taken.");
    };
    run(io, whole());
}

BOOST_FIXTURE_TEST_CASE(of_many_who_wait_one_tries_the_port, waited) {
    auto whole = [&]() -> task<> {
        int told = 0;
        for (int i = 0; i < 40; ++i)
            asio::co_spawn(io, apps.ready(id, 1h, true), [&](std::exception_ptr, readiness) { ++told; });
        co_await until([&] { return tries >= 3; });
        BOOST_TEST(tries < 40);
        becomes(status::online);
        co_await until([&] { return told == 40; });
    };
    run(io, whole());
}

BOOST_AUTO_TEST_SUITE_END()
