// What wakes an app that sleeps, and what does not: pure, over bytes.
#include "net/sleep/held_request.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::net;

namespace {

held_verdict judged(std::string_view bytes, std::size_t piece = std::string::npos) {
    held_request request;
    for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size()))
        request.take(bytes.substr(at, piece));
    BOOST_TEST(request.bytes() == bytes); // as they came
    BOOST_TEST_REQUIRE(request.judged());
    return *request.take({});
}

std::string get(std::string fields) { return "GET / HTTP/1.1\r\nHost: localhost:3105\r\n" + fields + "\r\n"; }

} // namespace

BOOST_AUTO_TEST_SUITE(held_requests)

BOOST_AUTO_TEST_CASE(what_is_sent_on_purpose_wakes) {
    auto upgrade = std::string("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    struct {
        std::string fields;
        purpose expected;
    } rows[] = {
        {"", purpose::meant},
        {"Origin: http://localhost:3105\r\n", purpose::meant},
        {"Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", purpose::meant},
        {"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n", purpose::meant},
        {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", purpose::meant},
        {"Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\n", purpose::meant},
        {"Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", purpose::foreign},
        {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
         "Sec-Fetch-Dest: iframe\r\n",
         purpose::foreign},
        {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n", purpose::foreign},
        {"Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n", purpose::foreign},
        {"sec-fetch-site: cross-site\r\n", purpose::foreign},
        {"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: none\r\n", purpose::foreign},
        {"Sec-Fetch-Site: Same-Origin\r\n", purpose::foreign},
        {"Sec-Fetch-Site:\r\n", purpose::foreign},
        {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Mode: cors\r\n", purpose::foreign},
        {upgrade, purpose::meant},
        {upgrade + "Origin: http://localhost:3105\r\n", purpose::automatic},
        {upgrade + "Origin: null\r\nSec-Fetch-Site: same-origin\r\n", purpose::automatic},
        {upgrade + "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n", purpose::foreign},
        {"Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Purpose: prefetch;prerender\r\n", purpose::automatic},
        {"Sec-Fetch-Site: same-origin\r\nPurpose: prefetch\r\n", purpose::automatic},
    };
    for (auto& row : rows) {
        auto seen = judged(get(row.fields));
        BOOST_TEST((seen.read == read_end::complete && seen.purpose == row.expected), row.fields);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_request_never_does) {
    std::string padding(8 * 1024, 'x');
    struct {
        std::string bytes;
        read_end expected;
    } rows[] = {
        {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), read_end::malformed}, // TLS
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", read_end::malformed},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", read_end::malformed},
        {"GET /\r\n\r\n", read_end::malformed},
        {std::string(16, '\0'), read_end::malformed},
        {"\r\n\r\n\r\n", read_end::malformed},
        {get("X: a\nb: c\r\n"), read_end::malformed},
        {get("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), read_end::unframed},
        {get("X: " + padding + "\r\n"), read_end::header_too_large},
        {"GET /" + padding, read_end::header_too_large},
    };
    for (auto& row : rows)
        for (std::size_t piece : {std::string::npos, std::size_t(1), std::size_t(7)})
            BOOST_TEST((judged(row.bytes, piece).read == row.expected), row.bytes.substr(0, 40) << " in " << piece);
}

BOOST_AUTO_TEST_CASE(half_a_head_is_nothing_yet) {
    auto whole = get("Sec-Fetch-Site: none\r\n");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        held_request request;
        request.take(whole.substr(0, n));
        BOOST_TEST(!request.judged());
        BOOST_TEST(request.started() == (n > 0));
    }
    held_request silent;
    silent.take("\r\n");
    BOOST_TEST(!silent.started());
}

BOOST_AUTO_TEST_CASE(what_comes_behind_the_head_is_kept_and_not_judged) {
    held_request request;
    request.take("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot chunks");
    BOOST_TEST_REQUIRE(request.judged());
    request.take(std::string("\0more", 5));
    BOOST_TEST((request.take({})->read == read_end::complete));
    BOOST_TEST(request.take_bytes().ends_with(std::string("\r\n\r\nnot chunks\0more", 19)));
}

BOOST_AUTO_TEST_CASE(who_asks_is_known) {
    auto page = judged(get("Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n"));
    BOOST_TEST(page.who.is_person);
    auto old = judged("HEAD / HTTP/1.0\r\n\r\n");
    BOOST_TEST(old.to_head);
    BOOST_TEST(old.http10);
    BOOST_TEST(!old.who.is_person);
}

BOOST_AUTO_TEST_SUITE_END()
