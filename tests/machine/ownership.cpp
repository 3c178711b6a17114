#include "machine/ownership.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace berth;

namespace {

kernel::process make(int pid, int parent, int session) {
    kernel::process p;
    p.pid = pid;
    p.parent = parent;
    p.session = session;
    p.started = 1;
    return p;
}

// 10 is an app: npm, sh and next-server; 13 lost its parent, 20 is an editor it opened, 21 a shell in there, 30 a dev
// server that it detached. 40 is somebody else's.
const process_view view({make(1, 0, 1), make(10, 1, 10), make(11, 10, 10), make(12, 11, 10), make(13, 1, 10),
                         make(20, 12, 20), make(21, 20, 21), make(30, 12, 30), make(40, 1, 40), make(41, 40, 40)},
                        {});

std::set<int> own(const std::vector<claim>& claims, std::set<int> on_the_port = {}) {
    std::set<int> pids;
    auto found = own_processes(view, claims, [&](int pid) { return on_the_port.contains(pid); });
    for (auto* p : found)
        pids.insert(p->pid);
    BOOST_TEST(pids.size() == found.size()); // each once
    return pids;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ownership)

BOOST_AUTO_TEST_CASE(what_an_environment_says) {
    using namespace std::string_view_literals;
    BOOST_TEST((parse_marks("A=1\0name=orch-abc\0BERTH_SESSION=17\0B=2\0"sv) == marks{"abc", "", 17}));
    BOOST_TEST((parse_marks("BERTH_SCAFFOLD=/r/a b\0BERTH_SESSION=9"sv) == marks{"", "/r/a b", 9}));
    BOOST_TEST(
        (parse_marks("name=orch-a\0pm_out_log_path=/r/o.log\0BERTH_SESSION=9"sv) == marks{"a", "", 9, "/r/o.log"}));
    BOOST_TEST((parse_marks("npm_lifecycle_event=dev\0"sv) == marks{"", "", 0, "", "dev"}));
    BOOST_TEST((parse_marks("xname=orch-a\0name=other\0XBERTH_SESSION=1\0"sv) == marks{}));
    for (auto bad : {"BERTH_SESSION="sv, "BERTH_SESSION=x"sv, "BERTH_SESSION=12x"sv, "BERTH_SESSION=99999999999"sv,
                     "BERTH_SESSION"sv, ""sv, "\0\0"sv})
        BOOST_TEST((parse_marks(bad) == marks{}), bad);
}

BOOST_AUTO_TEST_CASE(a_session_in_which_one_tells_the_truth_is_the_apps) {
    BOOST_TEST((own({{10, 10}}) == std::set<int>{10, 11, 12, 13}));
    BOOST_TEST((own({{13, 10}}) == std::set<int>{10, 11, 12, 13})); // whoever is left to tell it
    BOOST_TEST((own({{10, 10}, {11, 10}, {20, 10}, {21, 10}}) == std::set<int>{10, 11, 12, 13}));
}

BOOST_AUTO_TEST_CASE(who_left_the_session_is_not) {
    BOOST_TEST(own({{20, 10}, {21, 10}}).empty()); // the editor that stayed when all else had ended
    BOOST_TEST(own({{40, 10}}).empty());           // Berth's own session number, inherited through whatever
    BOOST_TEST(own({{40, 0}}).empty());            // of an earlier Berth: says no session
    BOOST_TEST(own({{99, 99}}).empty());           // has ended
    BOOST_TEST(own({}).empty());
}

BOOST_AUTO_TEST_CASE(who_left_it_and_holds_the_port_is) {
    BOOST_TEST((own({{10, 10}}, {30}) == std::set<int>{10, 11, 12, 13, 30})); // descends, whatever it says
    BOOST_TEST((own({{30, 10}}, {30}) == std::set<int>{30}));                 // says so, all else has ended
    BOOST_TEST((own({{41, 0}}, {41}) == std::set<int>{41}));                  // of an earlier Berth
    BOOST_TEST(own({}, {30}).empty());                                        // neither
    BOOST_TEST((own({{10, 10}}, {40}) == std::set<int>{10, 11, 12, 13}));     // a stranger
    BOOST_TEST((own({{10, 10}, {30, 10}}, {12, 30}) == std::set<int>{10, 11, 12, 13, 30}));
}

BOOST_AUTO_TEST_SUITE_END()
