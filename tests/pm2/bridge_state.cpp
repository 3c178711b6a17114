#include "pm2/bridge_state.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(bridge_supervision)

BOOST_AUTO_TEST_CASE(starts_come_at_once_then_slower_and_slower) {
    backoff pause;
    for (auto expected : {0ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms})
        BOOST_TEST(pause.next(0ms).count() == expected.count());
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(pause.next(9999ms).count() == 5000);
    BOOST_TEST(pause.next(10s).count() == 0); // it had stayed: all over again
    BOOST_TEST(pause.next(0ms).count() == 100);
}

BOOST_AUTO_TEST_CASE(health_follows_the_life_of_the_bridge) {
    bridge_state state;
    bridge_state::clock::time_point now{};
    BOOST_TEST((state.unavailable().code == errc::pm2_unavailable));
    BOOST_TEST(!state.health().connected);

    state.started(100);
    BOOST_TEST(state.health().bridge_pid.value() == 100);
    BOOST_TEST(state.health().bridge_restarts == 0);
    state.connected({7, "7.0.4"}, now);
    BOOST_TEST(state.is_connected());
    BOOST_TEST(state.daemon_pid() == 7);

    auto first = state.ended("It broke.", now + 1s);
    BOOST_TEST(first.wait.count() == 0);
    BOOST_TEST(first.news);
    BOOST_TEST(!state.health().bridge_pid);
    BOOST_TEST(!state.health().daemon_pid);
    BOOST_TEST(state.unavailable().detail == "It broke.");

    state.started(101);
    BOOST_TEST(state.health().bridge_restarts == 1);
    auto second = state.ended("It broke.", now + 2s);
    BOOST_TEST(second.wait.count() == 100);
    BOOST_TEST(!second.news); // the same again
    BOOST_TEST(state.ended("Something else.", now + 3s).news);

    state.started(102);
    state.connected({8, "7.0.4"}, now + 10s);
    BOOST_TEST(!state.health().error);
    BOOST_TEST(state.ended("It broke.", now + 30s).wait.count() == 0);
}

BOOST_AUTO_TEST_CASE(each_way_to_end_is_a_sentence) {
    for (int code : {0, 1, 70, 71, 72, 73, 74, 75, 76, 127}) {
        exit_status status;
        status.code = code;
        BOOST_TEST(why_bridge_ended(status).ends_with('.'));
    }
    exit_status killed;
    killed.signal = 9;
    BOOST_TEST(why_bridge_ended(killed).find("SIGKILL") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
