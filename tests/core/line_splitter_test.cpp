#include "core/line_splitter.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace berth;

namespace {

std::vector<std::string> split(line_splitter splitter, const std::vector<std::string>& pieces) {
    std::vector<std::string> lines;
    auto keep = [&](std::string_view line) { lines.emplace_back(line); };
    for (auto& piece : pieces)
        splitter.feed(piece, keep);
    splitter.end(keep);
    return lines;
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(line_splitting)

BOOST_AUTO_TEST_CASE(however_it_is_cut_the_lines_are_the_same) {
    std::string text = "one\n\ntwo\nthree";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        texts pieces;
        for (std::size_t at = 0; at < text.size(); at += size)
            pieces.push_back(text.substr(at, size));
        BOOST_TEST((split({10, line_splitter::overlong::drop}, pieces) == texts{"one", "", "two", "three"}));
    }
}

BOOST_AUTO_TEST_CASE(overlong_lines_are_dropped_or_cut_and_the_next_is_whole) {
    std::string text = "12345678901\n1234567890\nx\n" + std::string(100, 'y') + "\nz\n";
    for (std::size_t size : {1, 3, 7, 200}) {
        texts pieces;
        for (std::size_t at = 0; at < text.size(); at += size)
            pieces.push_back(text.substr(at, size));
        BOOST_TEST((split({10, line_splitter::overlong::drop}, pieces) == texts{"1234567890", "x", "z"}));
        BOOST_TEST((split({10, line_splitter::overlong::cut}, pieces) ==
                    texts{"1234567890", "1234567890", "x", "yyyyyyyyyy", "z"}));
    }
    line_splitter counting(10, line_splitter::overlong::drop);
    counting.feed(text, [](std::string_view) {});
    BOOST_TEST(counting.overlong_lines() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
