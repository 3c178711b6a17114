#include "cli/mcp/line_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

using namespace berth;
using strings = std::vector<std::string>;

namespace {

/// All lines that can be read from the descriptor, which it closes.
strings lines_of(int fd, std::size_t limit = 100) {
    asio::io_context io;
    strings lines;
    bool ended = false;
    auto flags = ::fcntl(fd, F_GETFL);
    auto read = [&]() -> task<> {
        cli::mcp::line_source source(io.get_executor(), fd, limit);
        for (;;) {
            auto line = co_await source.next();
            ended = !line;
            if (ended)
                break;
            lines.push_back(*line);
        }
    };
    asio::co_spawn(io, read(), rethrow);
    io.run_for(std::chrono::seconds(10));
    BOOST_TEST(ended);
    BOOST_TEST(::fcntl(fd, F_GETFL) == flags);
    ::close(fd);
    return lines;
}

/// The end that is to be read, of a pair to whose other end `text` was written and which is closed.
enum class sort { pipe, socket, file };
int filled(sort kind, std::string_view text) {
    std::array<int, 2> ends{-1, -1};
    if (kind == sort::file) {
        auto path = (std::filesystem::temp_directory_path() / "berth-lines-XXXXXX").string();
        ends[0] = ::mkstemp(path.data());
        ::unlink(path.c_str());
        ends[1] = ::dup(ends[0]);
    } else {
        BOOST_REQUIRE((kind == sort::pipe ? ::pipe(ends.data()) : ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data())) ==
                      0);
    }
    BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    if (kind == sort::file)
        ::lseek(ends[0], 0, SEEK_SET);
    return ends[0];
}

} // namespace

BOOST_AUTO_TEST_SUITE(mcp_line_source)

BOOST_AUTO_TEST_CASE(whatever_it_is_that_is_read) {
    for (auto kind : {sort::pipe, sort::socket, sort::file}) {
        BOOST_TEST(lines_of(filled(kind, "a\r\nb\n\n c\r\n")) == (strings{"a", "b", "", " c"}),
                   boost::test_tools::per_element());
        BOOST_TEST(lines_of(filled(kind, "a\nwithout an end")) == (strings{"a", "without an end"}),
                   boost::test_tools::per_element());
        BOOST_TEST(lines_of(filled(kind, "")).empty());
    }
    BOOST_TEST(lines_of(::open("/dev/null", O_RDONLY | O_CLOEXEC)).empty());
}

BOOST_AUTO_TEST_CASE(of_a_line_that_is_too_long_its_beginning_comes) {
    auto lines = lines_of(filled(sort::pipe, std::string(50'000, 'x') + "\nnext\n"), 10);
    BOOST_TEST(lines == (strings{std::string(10, 'x'), "next"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
