#include "machine/port_watch.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

using namespace berth;
using namespace std::chrono_literals;

namespace {

kernel::process make(int pid, int parent, const char* name) {
    kernel::process p;
    p.pid = pid;
    p.parent = parent;
    p.session = pid;
    p.name = name;
    return p;
}

/// A machine made up: 10 is an app's wrapper with next-server (11) below it, 20 a stranger.
struct made_up final : evidence {
    process_view view{
        {make(10, 1, "npm"), make(11, 10, "next-server"), make(20, 1, "python3"), make(21, 20, "python3")}, {}};
    std::map<int, std::vector<std::uint64_t>> sockets;
    std::set<int> unreadable;
    bool answers = true, has_v6 = true;
    int walks = 0, connects_made = 0;

    const process_view& processes_now() override {
        ++walks;
        return view;
    }
    std::vector<std::uint64_t> sockets_of(int pid, bool& readable) override {
        readable = !unreadable.contains(pid);
        return readable ? sockets[pid] : std::vector<std::uint64_t>();
    }
    bool connects(std::uint16_t, bool v6) override {
        ++connects_made;
        return answers && (has_v6 || !v6);
    }
};

struct watching {
    made_up machine;
    port_watch watch;
    port_watch::clock::time_point now{};

    port_verdict look(const std::vector<kernel::listener>& listeners, int root = 10) {
        return watch.look(3100, root, listeners, machine, now);
    }
};

using kernel::bound_to;
const kernel::listener ours{3100, 111, true, bound_to::any}, foreign{3100, 222, false, bound_to::loopback},
    lan{3100, 333, false, bound_to::network};

} // namespace

BOOST_FIXTURE_TEST_SUITE(port_watching, watching)

BOOST_AUTO_TEST_CASE(nothing_there_costs_nothing) {
    BOOST_TEST((look({}) == port_verdict{}));
    BOOST_TEST(machine.walks == 0);
}

BOOST_AUTO_TEST_CASE(the_apps_own_listener_is_found_once) {
    machine.sockets[11] = {111};
    for (int i = 0; i < 100; ++i)
        BOOST_TEST((look({ours}) == port_verdict{true, std::nullopt}));
    BOOST_TEST(machine.walks == 1);
    BOOST_TEST(machine.connects_made == 1);
    BOOST_TEST(!look({}).accepting); // gone at once
    BOOST_TEST(look({ours}).accepting);
    BOOST_TEST(machine.connects_made == 2);
}

BOOST_AUTO_TEST_CASE(another_child_of_pm2_or_another_socket_is_looked_at_anew) {
    machine.sockets[11] = {111};
    BOOST_TEST(look({ours}).accepting);
    auto orphaned = look({ours}, 0); // pm2's child is gone, its grandchild listens on
    BOOST_TEST(!orphaned.accepting);
    BOOST_TEST((orphaned.stranger == process_name{11, "next-server"}));
    machine.sockets[11] = {112};
    auto other = ours;
    other.inode = 112;
    BOOST_TEST(look({other}).accepting);
}

BOOST_AUTO_TEST_CASE(a_stranger_is_named_once) {
    machine.sockets[21] = {222};
    machine.sockets[20] = {222}; // handed on to a child: the parent is named
    for (int i = 0; i < 100; ++i)
        BOOST_TEST((look({foreign}) == port_verdict{false, process_name{20, "python3"}}));
    BOOST_TEST(machine.walks <= 2);
    BOOST_TEST(machine.connects_made == 0); // whoever answers there is not the app
}

BOOST_AUTO_TEST_CASE(a_stranger_whose_descriptors_cannot_be_read) {
    machine.unreadable = {20};
    BOOST_TEST((look({foreign}).stranger == process_name{0, "another user's process"}));
    machine.unreadable = {};
    machine.sockets[20] = {222};
    BOOST_TEST(look({foreign}).stranger->pid == 0); // not walked again at each look
    now += 200ms;
    BOOST_TEST(look({foreign}).stranger->pid == 20);
}

BOOST_AUTO_TEST_CASE(a_listener_that_does_not_answer_yet_is_tried_again) {
    machine.sockets[11] = {111};
    machine.answers = false;
    BOOST_TEST(!look({ours}).accepting);
    BOOST_TEST(!look({ours}).accepting);
    BOOST_TEST(machine.connects_made == 2); // ::1, and 127.0.0.1
    machine.answers = true;
    now += 200ms;
    BOOST_TEST(look({ours}).accepting);
}

BOOST_AUTO_TEST_CASE(a_listener_on_the_network_only_counts_when_the_loopback_reaches_it) {
    machine.sockets[11] = {333};
    machine.answers = false;
    BOOST_TEST(!look({lan}).accepting);
    machine.answers = true;
    machine.sockets[20] = {222};
    auto both = look({lan, foreign}); // the connect would reach the stranger
    BOOST_TEST(!both.accepting);
    BOOST_TEST(both.stranger->pid == 20);
}

BOOST_AUTO_TEST_CASE(where_ipv6_is_turned_off_a_socket_on_any_address_is_reached_by_ipv4) {
    machine.sockets[11] = {111};
    machine.has_v6 = false;
    BOOST_TEST(look({ours}).accepting);
    BOOST_TEST(!look({ours, foreign}).accepting); // the connect would reach the stranger
}

BOOST_AUTO_TEST_CASE(a_stranger_beside_an_app_that_accepts_is_named) {
    machine.sockets[11] = {111};
    machine.sockets[20] = {222};
    BOOST_TEST((look({ours, foreign}) == port_verdict{true, process_name{20, "python3"}}));
}

BOOST_AUTO_TEST_SUITE_END()
