#include "core/lock_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(lock_texts)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    for (auto& lock : {lock_text{1, ""}, lock_text{4194304, "http://localhost:3099"}})
        BOOST_TEST((parse_lock_text(to_text(lock)) == lock));
    BOOST_TEST(to_text({12, ""}) == "12\n");
    BOOST_TEST(to_text({12, "http://localhost:3099"}) == "12\nhttp://localhost:3099\n");
}

BOOST_AUTO_TEST_CASE(no_pid_is_made_up) {
    for (auto* text :
         {"", "\n", "12", "0\n", "-1\n", "-12\nhttp://localhost:1\n", "x\n", "12 \n", "12x\n", "99999999999\n"})
        BOOST_TEST(!parse_lock_text(text), text);
    BOOST_TEST((parse_lock_text("12\nhttp://localh") == lock_text{12, ""}));
}

BOOST_AUTO_TEST_SUITE_END()
