#include "machine/process_view.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace berth;
using namespace std::chrono_literals;

namespace {

kernel::process a_process(int pid, int parent, int session, std::uint64_t ticks = 0, std::uint64_t started = 1) {
    kernel::process p;
    p.pid = pid;
    p.parent = parent;
    p.session = session;
    p.ticks = ticks;
    p.started = started;
    return p;
}

std::set<int> pids(const std::vector<const kernel::process*>& members) {
    std::set<int> all;
    for (auto* p : members)
        all.insert(p->pid);
    return all;
}

const process_view::clock::time_point zero{};

} // namespace

BOOST_AUTO_TEST_SUITE(process_views)

BOOST_AUTO_TEST_CASE(a_tree_is_descendants_and_the_session_its_root_leads) {
    process_view view({a_process(1, 0, 1), a_process(10, 1, 10), a_process(11, 10, 10), a_process(12, 11, 10),
                       a_process(13, 1, 10),  // lost its parent, kept the session
                       a_process(14, 12, 14), // made a session of its own, still a descendant
                       a_process(15, 13, 15), // a child of the one that was re-parented
                       a_process(20, 1, 20), a_process(21, 20, 20)},
                      zero);
    BOOST_TEST((pids(view.tree(10)) == std::set<int>{10, 11, 12, 13, 14, 15}));
    BOOST_TEST((pids(view.tree(11)) == std::set<int>{11, 12, 14})); // leads no session
    BOOST_TEST((pids(view.tree(20)) == std::set<int>{20, 21}));
    BOOST_TEST(view.tree(0).empty());
    BOOST_TEST(view.tree(99).empty());
}

BOOST_AUTO_TEST_CASE(a_loop_of_parents_ends) {
    process_view view({a_process(10, 11, 10), a_process(11, 10, 10)}, zero);
    BOOST_TEST((pids(view.tree(10)) == std::set<int>{10, 11}));
}

BOOST_AUTO_TEST_CASE(processor_use_is_measured_over_a_second_or_more) {
    cpu_meter meter(100);
    meter.add(process_view({a_process(10, 1, 10, 1000), a_process(11, 10, 10, 50)}, zero + 10s));
    BOOST_TEST(meter.percent(10) == 0);
    meter.add(process_view({a_process(10, 1, 10, 1050), a_process(11, 10, 10, 50)}, zero + 10s + 500ms)); // too soon
    BOOST_TEST(meter.percent(10) == 0);
    meter.add(
        process_view({a_process(10, 1, 10, 1150), a_process(11, 10, 10, 60), a_process(12, 10, 10, 20)}, zero + 12s));
    BOOST_TEST(meter.percent(10) == 75.0, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(meter.percent(11) == 5.0, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(meter.percent(12) == 10.0, boost::test_tools::tolerance(1e-9)); // new: all that it has used
    BOOST_TEST(meter.percent(99) == 0);
    // The pid was given to another process, which has used less: never negative.
    meter.add(process_view({a_process(10, 1, 10, 7, 2)}, zero + 13s));
    BOOST_TEST(meter.percent(10) == 7.0, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(meter.percent(11) == 0);
    meter.add(process_view({a_process(10, 1, 10, 5, 2)}, zero + 14s)); // time that runs backwards
    BOOST_TEST(meter.percent(10) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
