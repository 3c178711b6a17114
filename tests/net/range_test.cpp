#include "net/http/range.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::net;

BOOST_AUTO_TEST_SUITE(range)

BOOST_AUTO_TEST_CASE(one_range_of_bytes_or_the_whole) {
    struct {
        std::string_view range;
        std::uint64_t from, size;
        bool partial;
    } rows[] = {
        {"", 0, 100, false},
        {"bytes=0-9", 0, 10, true},
        {"bytes=10-10", 10, 1, true},
        {"bytes=0-", 0, 100, true},
        {"bytes=99-", 99, 1, true},
        {"bytes=90-1000", 90, 10, true},
        {"bytes=90-99999999999999999999999", 90, 10, true},
        {"bytes=-1", 99, 1, true},
        {"bytes=-1000", 0, 100, true},
        {"BYTES=0007-0008", 7, 2, true},
        {"bytes= 1-2", 1, 2, true},
        // Passed over: RFC 9110, 14.2.
        {"bytes=0-1,5-6", 0, 100, false},
        {"bytes=9-1", 0, 100, false},
        {"bytes=-", 0, 100, false},
        {"bytes=a-b", 0, 100, false},
        {"bytes=1", 0, 100, false},
        {"bytes=1-2-3", 0, 100, false},
        {"bytes=+1-2", 0, 100, false},
        {"lines=1-2", 0, 100, false},
        {"-=", 0, 100, false},
        {"=-", 0, 100, false},
    };
    for (auto& r : rows) {
        auto part = choose_range(r.range, 100);
        BOOST_REQUIRE_MESSAGE(part.has_value(), r.range);
        BOOST_TEST(part->from == r.from, r.range);
        BOOST_TEST(part->size == r.size, r.range);
        BOOST_TEST(part->partial == r.partial, r.range);
    }
}

BOOST_AUTO_TEST_CASE(a_range_behind_the_end) {
    for (std::string_view range : {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"})
        BOOST_TEST((choose_range(range, 100).error().code == errc::range_not_satisfiable), range);
    for (std::string_view range : {"bytes=0-", "bytes=-5", "bytes=0-0"})
        BOOST_TEST(choose_range(range, 0).has_error(), range);
    BOOST_TEST(!choose_range("", 0)->partial);
}

BOOST_AUTO_TEST_SUITE_END()
