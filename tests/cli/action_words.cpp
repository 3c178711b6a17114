#include "cli/action_words.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

namespace {

listed_app app_that_is(const std::string& status, bool asleep = false, const std::string& operation = {}) {
    auto a = sample_app("abc1234567", "shop", status);
    a.asleep = asleep;
    a.operation = operation;
    return a;
}

} // namespace

BOOST_AUTO_TEST_SUITE(actions)

BOOST_AUTO_TEST_CASE(what_there_is_nothing_left_to_do_to) {
    struct {
        bulk_action action;
        listed_app app;
        bool so;
    } const rows[] = {
        {bulk_action::start, app_that_is("online"), true},
        {bulk_action::start, app_that_is("launching"), true},
        {bulk_action::start, app_that_is("online", false, "stopping"), false},
        {bulk_action::start, app_that_is("online", true, "sleeping"), false},
        {bulk_action::start, app_that_is("stopped", true), false},
        {bulk_action::wake, app_that_is("online"), true},
        {bulk_action::wake, app_that_is("online", true, "sleeping"), false},
        {bulk_action::wake, app_that_is("stopped", true), false},
        {bulk_action::wake, app_that_is("stopped"), false}, // the server says that it does not sleep
        {bulk_action::sleep, app_that_is("stopped", true), true},
        {bulk_action::sleep, app_that_is("stopped"), false},
        {bulk_action::sleep, app_that_is("online"), false},
        {bulk_action::stop, app_that_is("stopped"), false},
        {bulk_action::restart, app_that_is("online"), false},
        {bulk_action::remove, app_that_is("stopped", true), false},
    };
    for (auto& row : rows)
        BOOST_TEST(is_so_already(row.action, row.app) == row.so,
                   words_of(row.action).to_do << " " << row.app.state() << " " << row.app.operation);
}

BOOST_AUTO_TEST_CASE(who_is_meant_by_all) {
    for (auto action : {bulk_action::stop, bulk_action::restart, bulk_action::start, bulk_action::remove})
        for (auto& each : {app_that_is("online"), app_that_is("stopped"), app_that_is("stopped", true)})
            BOOST_TEST(concerns(action, each), words_of(action).to_do << " " << each.state());
    BOOST_TEST(concerns(bulk_action::sleep, app_that_is("online")));
    BOOST_TEST(concerns(bulk_action::sleep, app_that_is("launching")));
    BOOST_TEST(!concerns(bulk_action::sleep, app_that_is("errored")));
    auto kept = app_that_is("online");
    kept.keep_awake = true;
    BOOST_TEST(!concerns(bulk_action::sleep, kept));
    BOOST_TEST(!concerns(bulk_action::sleep, app_that_is("stopped", true)));
    BOOST_TEST(concerns(bulk_action::wake, app_that_is("stopped", true)));
    BOOST_TEST(!concerns(bulk_action::wake, app_that_is("stopped")));
    BOOST_TEST(!concerns(bulk_action::wake, app_that_is("online")));
}

BOOST_AUTO_TEST_SUITE_END()
