#include "net/http/guard.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::net;

BOOST_AUTO_TEST_SUITE(guard)

BOOST_AUTO_TEST_CASE(own_authorities) {
    for (auto text : {"localhost:3099", "LocalHost:3099", "127.0.0.1:3099", "[::1]:3099"})
        BOOST_TEST(is_own_authority(text, 3099), text);
    for (auto text : {"",
                      ":3099",
                      "localhost",
                      "127.0.0.1",
                      "[::1]",
                      "localhost:3100",
                      "localhost:03099",
                      "localhost:",
                      "localhost:3099 ",
                      "localhost.:3099",
                      "localhost:3099:3099",
                      "localhost:+3099",
                      "127.1:3099",
                      "127.0.0.2:3099",
                      "127.0.0.1.evil.example:3099",
                      "evil.example:3099",
                      "evil.example",
                      "0.0.0.0:3099",
                      "::1:3099",
                      "[::]:3099",
                      "[0:0:0:0:0:0:0:1]:3099",
                      "[::ffff:127.0.0.1]:3099",
                      "user@localhost:3099",
                      "localhost:3099@evil.example",
                      "localhost:3099/",
                      "xlocalhost:3099",
                      "app.localhost:3099"})
        BOOST_TEST(!is_own_authority(text, 3099), text);
    BOOST_TEST(is_own_authority("localhost", 80));
    BOOST_TEST(is_own_authority("[::1]", 80));
    BOOST_TEST(is_own_authority("localhost:80", 80));
}

BOOST_AUTO_TEST_CASE(hosts_of_apps) {
    for (auto [text, label] : {std::pair{"shop.localhost:3099", "shop"},
                               {"Shop-2.LOCALHOST:3099", "Shop-2"},
                               {"-.localhost:3099", "-"},
                               {"api.localhost:3099", "api"},
                               {"127.localhost:3099", "127"}})
        BOOST_TEST(app_label(text, 3099).value_or("none") == label, text);
    auto longest = std::string(63, 'a');
    BOOST_TEST(app_label(longest + ".localhost:3099", 3099).has_value());
    BOOST_TEST(!app_label(longest + "a.localhost:3099", 3099).has_value());
    for (auto text : {"localhost:3099",
                      ".localhost:3099",
                      "..localhost:3099",
                      "a.b.localhost:3099",
                      "a..localhost:3099",
                      "shop.localhost",
                      "shop.localhost:",
                      "shop.localhost:3100",
                      "shop.localhost:03099",
                      "shop.localhost.:3099",
                      "shop.localhost:3099.",
                      "shop.localhost.evil.com:3099",
                      "shop.localhost:3099@evil.com",
                      "user@shop.localhost:3099",
                      "shop.evil.localhost:3099",
                      "shop.localhostx:3099",
                      "shoplocalhost:3099",
                      "sh_op.localhost:3099",
                      "sh%6fp.localhost:3099",
                      "sh\xc3\xb6p.localhost:3099",
                      " shop.localhost:3099",
                      "shop .localhost:3099",
                      "shop,.localhost:3099",
                      "shop.127.0.0.1:3099",
                      "[shop].localhost:3099",
                      ""})
        BOOST_TEST(!app_label(text, 3099).has_value(), text);
    BOOST_TEST(app_label("shop.localhost", 80).value_or("none") == "shop");
}

BOOST_AUTO_TEST_CASE(own_origins) {
    for (auto text : {"http://localhost:3099", "http://127.0.0.1:3099", "http://[::1]:3099"})
        BOOST_TEST(is_own_origin(text, 3099), text);
    for (auto text :
         {"", "null", "localhost:3099", "https://localhost:3099", "HTTP://localhost:3099", "http://localhost",
          "http://localhost:3100", "http://localhost:3099/", "http://localhost:30990", "http://LOCALHOST:3099",
          "http://evil.example", "http://localhost:3099.evil.example", "http://evil.example:3099", "file://",
          "http://localhost:3099 http://evil.example", "http://127.0.0.1:3000", "http://shop.localhost:3099"})
        BOOST_TEST(!is_own_origin(text, 3099), text);
    BOOST_TEST(is_own_origin("http://localhost", 80));
}

request_source own() {
    request_source from;
    from.host = {1, "localhost:3099"};
    return from;
}

errc code_of(const std::optional<error>& e) { return e ? e->code : errc::internal_error; }

BOOST_AUTO_TEST_CASE(a_plain_request_passes) {
    BOOST_TEST(!refuse(own(), 3099));
    auto from = own();
    from.changes = true;
    BOOST_TEST(!refuse(from, 3099)); // curl sends neither Origin nor Sec-Fetch-Site
}

BOOST_AUTO_TEST_CASE(hosts) {
    auto from = own();
    from.host = {0, ""};
    BOOST_TEST((code_of(refuse(from, 3099)) == errc::misdirected_request));
    from.host = {2, "localhost:3099"};
    BOOST_TEST((code_of(refuse(from, 3099)) == errc::misdirected_request));
    from.host = {1, "rebound.evil.example:3099"};
    BOOST_TEST((code_of(refuse(from, 3099)) == errc::misdirected_request));
    from = own();
    from.authority = "evil.example";
    BOOST_TEST((code_of(refuse(from, 3099)) == errc::misdirected_request));
    from.authority = "127.0.0.1:3099";
    BOOST_TEST(!refuse(from, 3099));
    from.host = {1, "evil.example"}; // the absolute form does not excuse a foreign Host
    BOOST_TEST((code_of(refuse(from, 3099)) == errc::misdirected_request));
}

BOOST_AUTO_TEST_CASE(origins) {
    auto from = own();
    from.origin = {1, "http://localhost:3099"};
    BOOST_TEST(!refuse(from, 3099));
    for (auto text : {"null", "", "http://localhost:3100", "http://evil.example", "http://shop.localhost:3099"}) {
        from.origin = {1, text}; // reads as well: a foreign page has no business here
        BOOST_TEST((code_of(refuse(from, 3099)) == errc::forbidden_origin), text);
    }
    from.origin = {2, "http://localhost:3099"};
    BOOST_TEST((code_of(refuse(from, 3099)) == errc::forbidden_origin));
}

BOOST_AUTO_TEST_CASE(of_another_site_s_requests_only_a_navigation_passes) {
    for (auto text : {"same-origin", "none"}) {
        auto from = own();
        from.fetch_site = {1, text};
        BOOST_TEST(!refuse(from, 3099), text);
        from.changes = true;
        BOOST_TEST(!refuse(from, 3099), text);
    }
    for (auto text : {"cross-site", "same-site", "", "SAME-ORIGIN", "something-new"}) {
        auto from = own();
        from.fetch_site = {1, text};
        BOOST_TEST((code_of(refuse(from, 3099)) == errc::forbidden_origin), text);
        from.navigates = true;
        BOOST_TEST(!refuse(from, 3099), text); // a link from another page may open the dashboard
        from.changes = true;
        BOOST_TEST((code_of(refuse(from, 3099)) == errc::forbidden_origin), text);
    }
    auto from = own();
    from.changes = true;
    from.fetch_site = {2, "same-origin"};
    BOOST_TEST((code_of(refuse(from, 3099)) == errc::forbidden_origin));
}

BOOST_AUTO_TEST_CASE(what_was_sent_is_quoted_harmlessly) {
    auto from = own();
    std::string evil = "evil\x01\xff\"<script>" + std::string(500, 'a');
    from.host = {1, evil};
    auto refused = refuse(from, 3099);
    BOOST_REQUIRE(refused);
    BOOST_TEST(refused->detail.size() < 250);
    BOOST_TEST(refused->detail.find('\x01') == std::string::npos);
    BOOST_TEST(refused->detail.find('\xff') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
