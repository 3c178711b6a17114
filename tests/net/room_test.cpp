#include "net/http/room.hpp"

#include "support/patience.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>

using namespace berth;
using namespace berth::net;
using namespace std::chrono_literals;

namespace {

struct room_world {
    asio::io_context io{1};
    net::room space{io.get_executor(), 100};

    /// What a taker has got; none: it waits still.
    using outcome = std::optional<std::shared_ptr<room::share>>;

    std::shared_ptr<outcome> take(std::size_t bytes, std::chrono::milliseconds patience = 60s) {
        auto got = std::make_shared<outcome>();
        asio::co_spawn(io, space.take(bytes, patience),
                       [got](std::exception_ptr, std::shared_ptr<room::share> s) { *got = std::move(s); });
        turn();
        return got;
    }
    void turn() {
        io.restart();
        io.poll();
    }
    void free(outcome& o) {
        o.reset();
        turn();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(room_suite, room_world)

BOOST_AUTO_TEST_CASE(who_comes_when_it_is_taken_waits_in_line) {
    auto first = take(60), second = take(60), third = take(30);
    BOOST_TEST(first->has_value());
    BOOST_TEST(!second->has_value());
    BOOST_TEST(!third->has_value()); // it would fit, but nobody overtakes
    free(*first);
    BOOST_TEST(second->has_value());
    BOOST_TEST(third->has_value());
    BOOST_TEST(!take(20)->has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_needed_goes_to_the_next) {
    auto first = take(90), second = take(80);
    BOOST_TEST(!second->has_value());
    (**first)->shrink(20);
    turn();
    BOOST_TEST(second->has_value());
    (**first)->shrink(1'000); // never more than it has
    turn();
    auto third = take(1);
    BOOST_TEST(!third->has_value());
    free(*second);
    free(*third);
    BOOST_TEST(take(80)->has_value());
}

BOOST_AUTO_TEST_CASE(patience_ends) {
    auto first = take(100);
    auto second = take(50, 1ms), third = take(50);
    io.restart();
    io.run_for(0s);
    auto deadline = std::chrono::steady_clock::now() + test::patience(std::chrono::seconds(20));
    while (!second->has_value() && std::chrono::steady_clock::now() < deadline)
        io.run_one_for(10ms);
    BOOST_REQUIRE(second->has_value());
    BOOST_TEST((**second == nullptr));
    BOOST_TEST(!third->has_value());
    free(*first);
    BOOST_TEST(third->has_value());
}

BOOST_AUTO_TEST_CASE(an_end_while_somebody_waits) {
    auto got = std::make_shared<outcome>();
    {
        asio::io_context other{1};
        net::room small(other.get_executor(), 10);
        asio::co_spawn(other, small.take(10, 60s), [got](std::exception_ptr, auto s) { *got = std::move(s); });
        asio::co_spawn(other, small.take(10, 60s), [](std::exception_ptr, auto) {});
        other.poll();
    }
    BOOST_TEST(got->has_value());
    got->reset(); // the room is gone, its state is not
}

BOOST_AUTO_TEST_SUITE_END()
