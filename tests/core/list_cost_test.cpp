#include "core/list_cost.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace std::chrono_literals;

namespace {

constexpr list_cost::clock::time_point start{1h};

/// A second with so many lists that took 5 ms each, at the end of which the daemon has used `used` in all.
void second(list_cost& cost, int index, int lists, std::optional<list_cost::clock::duration> used, int pid = 1) {
    for (int i = 0; i < lists; ++i)
        cost.listed(5ms);
    cost.measured(pid, used, start + index * 1s);
}

} // namespace

BOOST_AUTO_TEST_SUITE(list_cost_rules)

BOOST_AUTO_TEST_CASE(the_daemons_own_time_counts_when_it_is_known) {
    list_cost cost;
    BOOST_TEST(cost.due(start));
    second(cost, 0, 1, 10s);
    BOOST_TEST((cost.value() == 5ms)); // one measurement says nothing yet
    BOOST_TEST(!cost.due(start + 999ms));
    BOOST_TEST(cost.due(start + 1s));
    second(cost, 1, 100, 10'200ms);
    BOOST_TEST((cost.value() == 2ms));
    second(cost, 2, 100, 11'200ms); // it was busy with something else: a list cannot cost more than it took
    BOOST_TEST((cost.value() == 5ms));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_compared_falls_back_to_the_answers_time) {
    auto known = [] {
        list_cost cost;
        second(cost, 0, 1, 10s);
        second(cost, 1, 100, 10'200ms);
        return cost;
    };
    auto few = known();
    second(few, 2, 19, 10'210ms);
    BOOST_TEST((few.value() == 5ms));
    auto hidden = known();
    second(hidden, 2, 100, std::nullopt);
    BOOST_TEST((hidden.value() == 5ms));
    auto another_daemon = known();
    second(another_daemon, 2, 100, 300ms, 2);
    BOOST_TEST((another_daemon.value() == 5ms));
    auto late = known();
    second(late, 3, 100, 10'400ms);
    BOOST_TEST((late.value() == 5ms));
}

BOOST_AUTO_TEST_SUITE_END()
