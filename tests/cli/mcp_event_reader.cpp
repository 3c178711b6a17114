#include "cli/mcp/event_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli::mcp;
using strings = std::vector<std::string>;

namespace {

/// The same whatever the pieces are.
strings read(std::string_view stream, event_reader* last = nullptr) {
    event_reader whole;
    auto events = whole.feed(stream);
    for (std::size_t size : {1u, 2u, 3u, 7u}) {
        event_reader pieces;
        strings same;
        for (std::size_t at = 0; at < stream.size(); at += size)
            for (auto& event : pieces.feed(stream.substr(at, size)))
                same.push_back(event);
        BOOST_TEST(same == events, boost::test_tools::per_element());
        BOOST_TEST(pieces.last_id() == whole.last_id());
    }
    if (last)
        *last = whole;
    return events;
}

} // namespace

BOOST_AUTO_TEST_SUITE(mcp_event_reader)

BOOST_AUTO_TEST_CASE(events_in_any_pieces_and_with_any_line_end) {
    struct row {
        std::string_view stream;
        strings events;
    };
    const row rows[] = {
        {"", {}},
        {"data: {}\n\n", {"{}"}},
        {"data:{}\r\n\r\n", {"{}"}},
        {"data: {}\r\rdata: 2\r\r", {"{}", "2"}},
        {"data: a\ndata: b\n\n", {"a\nb"}},
        {"data:  a\n\n", {" a"}},
        {"event: message\nid: 4\ndata: a\n\n", {"a"}},
        {": keep-alive\n\n: and again\n\ndata: a\n\n", {"a"}},
        {"id: 1\ndata:\n\n", {}},                     // what a stream begins with: only its id counts
        {"data: a\n", {}},                            // not complete
        {"nonsense\ndatas: b\n\ndata: a\n\n", {"a"}}, // fields that nobody knows
    };
    for (auto& row : rows)
        BOOST_TEST(read(row.stream) == row.events, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(where_to_go_on_and_when) {
    event_reader reader;
    read("id: 7\nretry: 250\ndata: a\n\ndata: b\n\n", &reader);
    BOOST_TEST(reader.last_id() == "7");
    BOOST_TEST((reader.retry() == std::chrono::milliseconds(250)));
    read("retry: soon\n\n", &reader);
    BOOST_TEST(!reader.retry());
    BOOST_TEST(reader.last_id().empty());
    read("data: 12345", &reader);
    BOOST_TEST(reader.pending() == 11u);
}

BOOST_AUTO_TEST_SUITE_END()
