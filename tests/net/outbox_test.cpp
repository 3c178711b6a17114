#include "net/live/outbox.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::net;

namespace {

shared_text text(std::string s) { return std::make_shared<const std::string>(std::move(s)); }

std::string taken(outbox& box) {
    auto t = box.take();
    return t ? *t : "-";
}

} // namespace

BOOST_AUTO_TEST_SUITE(outbox_rules)

BOOST_AUTO_TEST_CASE(a_snapshot_comes_first) {
    outbox box;
    BOOST_TEST(box.snapshot_due());
    BOOST_TEST(!box.empty());
    box.add_state(text("before"), 3); // the snapshot will hold it
    box.add_news(text("news"));
    BOOST_TEST(taken(box) == "-");
    box.snapshot_sent(3);
    box.add_state(text("old"), 3); // held by the snapshot
    box.add_state(text("new"), 4);
    BOOST_TEST(taken(box) == "news");
    BOOST_TEST(taken(box) == "new");
    BOOST_TEST(taken(box) == "-");
    BOOST_TEST(box.empty());
    BOOST_TEST(box.bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(the_bound_turns_what_waits_into_a_snapshot) {
    outbox box(10);
    box.snapshot_sent(1);
    box.add_state(text("12345"), 2);
    box.add_news(text("12345"));
    BOOST_TEST(box.bytes() == 10u);
    BOOST_TEST(!box.snapshot_due());
    box.add_state(text("6"), 3);
    BOOST_TEST(box.snapshot_due());
    BOOST_TEST(box.bytes() == 0u);
    for (int i = 0; i < 1000; ++i)
        box.add_state(text("12345"), 4u + i);
    BOOST_TEST(box.bytes() == 0u);
    box.snapshot_sent(2000);
    BOOST_TEST(taken(box) == "-");
    box.add_state(text("next"), 2001);
    BOOST_TEST(taken(box) == "next");
}

BOOST_AUTO_TEST_CASE(news_are_bounded_too) {
    outbox box(10);
    for (int i = 0; i < 1000; ++i) {
        box.add_news(text("123"));
        BOOST_TEST(box.bytes() <= 10u);
    }
}

BOOST_AUTO_TEST_CASE(renewing_keeps_the_news) {
    outbox box;
    box.snapshot_sent(1);
    box.add_state(text("state"), 2);
    box.add_news(text("news"));
    box.renew();
    BOOST_TEST(box.snapshot_due());
    BOOST_TEST(box.bytes() == 4u);
    box.snapshot_sent(2);
    BOOST_TEST(taken(box) == "news");
    BOOST_TEST(taken(box) == "-");
}

BOOST_AUTO_TEST_SUITE_END()
