// Both ends of what goes through Berth to an app: a client that takes bytes as they come, and an app that says what the
// test tells it to.
#pragma once

#include "net/harness.hpp"

namespace berth::test {

/// The app's end of one connection.
class app_end {
public:
    explicit app_end(tcp::socket socket) : socket_(std::move(socket)) {}

    /// Reads on until what has come ends with this, and returns all of it.
    task<std::string> until(std::string end) {
        while (!came_.ends_with(end)) {
            std::array<char, 4096> piece;
            auto space = asio::buffer(piece);
            auto [ec, n] = co_await socket_.async_read_some(space, as_result);
            BOOST_TEST_REQUIRE(!ec, "the connection ended; there came " << came_);
            came_.append(piece.data(), n);
        }
        co_return std::exchange(came_, {});
    }
    task<std::string> head() { return until("\r\n\r\n"); }
    /// What came up to the end of the first head; the rest stays in left().
    task<std::string> head_alone() {
        while (came_.find("\r\n\r\n") == came_.npos) {
            std::array<char, 4096> piece;
            auto space = asio::buffer(piece);
            auto [ec, n] = co_await socket_.async_read_some(space, as_result);
            BOOST_TEST_REQUIRE(!ec, "the connection ended; there came " << came_);
            came_.append(piece.data(), n);
        }
        auto end = came_.find("\r\n\r\n") + 4;
        auto head = came_.substr(0, end);
        came_.erase(0, end);
        co_return head;
    }
    std::string left() { return std::exchange(came_, {}); }
    task<> say(std::string bytes) {
        auto buffer = asio::buffer(bytes);
        co_await asio::async_write(socket_, buffer, as_result);
    }
    /// Nothing more comes: the other end has closed, or will say no more.
    task<std::string> rest() {
        std::string all = std::exchange(came_, {});
        for (;;) {
            std::array<char, 4096> piece;
            auto space = asio::buffer(piece);
            auto [ec, n] = co_await socket_.async_read_some(space, as_result);
            if (ec)
                co_return all;
            all.append(piece.data(), n);
        }
    }
    void close() { socket_.close(); }
    tcp::socket& socket() { return socket_; }

private:
    tcp::socket socket_;
    std::string came_;
};

/// A client that takes bytes as they come.
class reading_client : public raw_client {
public:
    using raw_client::raw_client;
    task<std::string> until(std::string end) {
        while (!came_.ends_with(end)) {
            std::array<char, 4096> piece;
            auto space = asio::buffer(piece);
            auto [ec, n] = co_await socket().async_read_some(space, as_result);
            BOOST_TEST_REQUIRE(!ec, "the connection ended; there came " << came_);
            came_.append(piece.data(), n);
        }
        co_return std::exchange(came_, {});
    }

private:
    std::string came_;
};

inline bool contains(const std::string& text, std::string_view piece) { return text.find(piece) != text.npos; }

} // namespace berth::test
