#include "net/live/deflate_offers.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::net;

BOOST_AUTO_TEST_SUITE(deflate_offers)

BOOST_AUTO_TEST_CASE(a_window_of_eight_bits_is_declined) {
    struct {
        std::string_view offered, kept;
    } rows[] = {
        {"", ""},
        {"permessage-deflate", "permessage-deflate"},
        {"permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits"},
        {"permessage-deflate; server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9"},
        {"permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"},
        {"permessage-deflate; server_max_window_bits=8", ""},
        {"permessage-deflate; Server_Max_Window_Bits = \"8\" ; client_no_context_takeover", ""},
        {"permessage-deflate;client_max_window_bits;server_max_window_bits=8, permessage-deflate",
         "permessage-deflate"},
        {"x, permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=12",
         "x, permessage-deflate; server_max_window_bits=12"},
        {"permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits"},
        {"permessage-deflate;;", "permessage-deflate;;"},
    };
    for (auto& r : rows)
        BOOST_TEST(without_smallest_window(r.offered) == r.kept, r.offered);
}

BOOST_AUTO_TEST_SUITE_END()
