#include "next/node.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(the_node_that_next_needs) {
    const std::pair<const char*, bool> rows[] = {
        {"v20.9.0\n", true},   {"v20.10.0", true}, {"v22.0.0", true}, {"v100.0.0", true}, {"v20.8.9", false},
        {"v18.19.1\n", false}, {"v8.20.0", false}, {"", false},       {"20.9.0", false},  {"v20", false},
    };
    for (auto& [version, enough] : rows)
        BOOST_TEST(berth::is_new_enough(version) == enough, version);
}
