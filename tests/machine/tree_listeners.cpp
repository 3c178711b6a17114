#include "machine/tree_listeners.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

using namespace berth;
using namespace std::chrono_literals;
using kernel::bound_to;

namespace {

kernel::process make(int pid, int parent, int session) {
    kernel::process p;
    p.pid = pid;
    p.parent = parent;
    p.session = session;
    return p;
}

/// Two apps, 10 (port 3100) and 20 (port 3101); 12 is an editor that the first opened, 13 a dev server it detached.
struct made_up final : evidence {
    process_view view{{make(10, 1, 10), make(11, 10, 10), make(12, 11, 12), make(13, 11, 13), make(20, 1, 20)}, {}};
    std::map<int, std::vector<std::uint64_t>> sockets;
    int walks = 0, looked_at = 0; // processes whose descriptors were read

    const process_view& processes_now() override {
        ++walks;
        return view;
    }
    std::vector<std::uint64_t> sockets_of(int pid, bool&) override {
        ++looked_at;
        return sockets[pid];
    }
    bool connects(std::uint16_t, bool) override { return false; }
};

struct watching {
    made_up machine;
    tree_listeners trees;
    tree_listeners::clock::time_point now{1h};
    std::vector<app_ref> apps{{"aaaaaaaaaa", "/r/a", 3100, 10}, {"bbbbbbbbbb", "/r/b", 3101, 20}};

    std::set<std::uint16_t> ports_of(int root, const std::vector<kernel::listener>& listeners) {
        trees.look(listeners, apps, machine, now);
        std::set<std::uint16_t> ports;
        for (auto& each : trees.of(root).sockets)
            ports.insert(each.port);
        return ports;
    }
};

using ports = std::set<std::uint16_t>;
const kernel::listener first{3100, 1, false, bound_to::loopback}, second{3101, 2, true, bound_to::any},
    debugger{9229, 3, false, bound_to::loopback}, editor{5000, 4, false, bound_to::any},
    foreign{6000, 9, false, bound_to::any};

} // namespace

BOOST_FIXTURE_TEST_SUITE(listeners_of_trees, watching)

BOOST_AUTO_TEST_CASE(each_tree_has_its_own) {
    machine.sockets[11] = {1, 3};
    machine.sockets[10] = {1}; // handed on to a child
    machine.sockets[20] = {2};
    BOOST_TEST((ports_of(10, {first, second, debugger, foreign}) == ports{3100, 9229}));
    BOOST_TEST((ports_of(20, {first, second, debugger, foreign}) == ports{3101}));
    BOOST_TEST(trees.of(10).sockets.size() == 2u);
    BOOST_TEST((trees.of(20).sockets == std::vector{second}));
    BOOST_TEST(trees.of(99).sockets.empty());
    BOOST_TEST((ports_of(10, {first, second}) == ports{3100})); // closed
    BOOST_TEST(machine.walks == 1);
}

BOOST_AUTO_TEST_CASE(who_left_the_session_counts_only_with_the_apps_port) {
    machine.sockets[12] = {4};
    machine.sockets[13] = {1};
    BOOST_TEST((ports_of(10, {first, editor}) == ports{3100}));
    BOOST_TEST((trees.of(10).sessions == std::set<int>{10, 13}));
}

BOOST_AUTO_TEST_CASE(nothing_new_costs_nothing_and_news_elsewhere_can_wait) {
    machine.sockets[20] = {2};
    for (int i = 0; i < 100; ++i)
        ports_of(10, {second});
    BOOST_TEST(machine.walks == 1);
    machine.sockets[11] = {3};
    BOOST_TEST(ports_of(10, {second, debugger}).empty());
    now += tree_listeners::pause;
    BOOST_TEST((ports_of(10, {second, debugger}) == ports{9229}));
    BOOST_TEST(machine.walks == 2);
    machine.sockets[11] = {1, 3};
    BOOST_TEST((ports_of(10, {second, debugger, first}) == ports{3100, 9229})); // on the port of an app: at once
    BOOST_TEST(machine.walks == 3);
}

BOOST_AUTO_TEST_CASE(an_end_costs_nothing_and_a_start_its_own_tree) {
    machine.sockets[11] = {1};
    machine.sockets[20] = {2};
    ports_of(10, {first, second});
    machine.looked_at = 0;
    apps[0].root_pid = 0; // ended
    BOOST_TEST(ports_of(10, {second}).empty());
    BOOST_TEST((ports_of(20, {second}) == ports{3101}));
    BOOST_TEST(machine.looked_at == 0);
    apps[0].root_pid = 10;
    BOOST_TEST(ports_of(10, {second}).empty());
    BOOST_TEST(machine.looked_at == 4); // 20's tree is not among them
    BOOST_TEST((ports_of(10, {first, second}) == ports{3100}));
    BOOST_TEST(machine.looked_at == 8);
    apps[1].root_pid = 99; // ended before anybody looked
    ports_of(99, {first, second});
    auto walks = machine.walks;
    ports_of(99, {first, second});
    BOOST_TEST(machine.walks == walks);
}

BOOST_AUTO_TEST_CASE(one_that_listens_on_anothers_port_is_found_a_moment_later) {
    machine.sockets[20] = {1};
    ports_of(20, {second});
    BOOST_TEST(ports_of(20, {first, second}).empty());
    now += tree_listeners::pause;
    BOOST_TEST((ports_of(20, {first, second}) == ports{3100}));
}

BOOST_AUTO_TEST_CASE(where_nothing_runs_nothing_is_walked) {
    apps[0].root_pid = apps[1].root_pid = 0;
    BOOST_TEST(ports_of(10, {foreign}).empty());
    BOOST_TEST(machine.walks == 0);
}

BOOST_AUTO_TEST_SUITE_END()
