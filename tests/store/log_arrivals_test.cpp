#include "store/log_arrivals.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(log_arrivals_suite)

BOOST_AUTO_TEST_CASE(a_text_came_when_it_was_first_seen) {
    log_arrivals log;
    BOOST_TEST(log.since(0) == 0u);
    log.seen(1, 10, 500, 1000); // written before anybody looked
    log.seen(1, 10, 500, 2000);
    log.seen(1, 30, 2900, 3000);
    log.seen(1, 60, 3900, 4000);
    struct {
        std::int64_t since;
        std::uint64_t begin;
    } rows[] = {{0, 0}, {499, 0}, {500, 10}, {2500, 10}, {2999, 10}, {3000, 30}, {3999, 30}, {4000, 60}, {9000, 60}};
    for (auto& r : rows)
        BOOST_TEST(log.since(r.since) == r.begin, r.since);
}

BOOST_AUTO_TEST_CASE(another_file_or_one_that_shrank_is_begun_anew) {
    log_arrivals log;
    log.seen(1, 10, 500, 1000);
    log.seen(2, 40, 1900, 2000);
    BOOST_TEST(log.since(1500) == 0u);
    BOOST_TEST(log.since(1900) == 40u);
    log.seen(2, 5, 2900, 3000);
    BOOST_TEST(log.since(2000) == 0u);
    BOOST_TEST(log.since(3000) == 5u);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_loses_nothing) {
    log_arrivals log;
    log.seen(1, 10, 5000, 5000);
    log.seen(1, 20, 1000, 1000);
    BOOST_TEST(log.since(1000) == 0u); // rather too much
    BOOST_TEST(log.since(5000) == 20u);
}

BOOST_AUTO_TEST_CASE(marks_are_bounded_and_what_is_asked_for_is_never_cut_off) {
    log_arrivals log;
    for (std::uint64_t i = 1; i <= 10'000; ++i) {
        auto at = static_cast<std::int64_t>(i);
        log.seen(1, 10 * i, at, at);
    }
    std::uint64_t before = 0;
    for (std::int64_t at = 0; at <= 10'000; at += 7) {
        auto begin = log.since(at);
        BOOST_TEST(begin <= static_cast<std::uint64_t>(10 * at));
        BOOST_TEST(begin >= before);
        before = begin;
    }
    BOOST_TEST(log.since(10'000) == 100'000u);
}

BOOST_AUTO_TEST_SUITE_END()
