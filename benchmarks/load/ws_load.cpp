// Many WebSocket clients in one process: `ws_load PORT PATH COUNT`.
//
// Connects COUNT clients to ws://localhost:PORT/PATH, each offering permessage-deflate as a browser does, and prints
// {"ready": COUNT} when every one has had its first message. Then each line of stdin names what a message must contain
// (several texts, with tabs between them); when every client has had such a message, it prints when the first and the
// last had it, in ns of CLOCK_MONOTONIC: the clock that Node's process.hrtime reads too. Ends with stdin.
//
// One thread, one io_context. It must be lean: it shares two cores with the server that it measures.

#include "core/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
namespace ws = boost::beast::websocket;
using asio::ip::tcp;
using berth::as_result;
using berth::task;

constexpr int connecting_at_once = 32;

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "ws_load: %s\n", why.c_str());
    std::_Exit(1);
}

/// What all clients look for, and when they found it.
struct watch {
    std::vector<std::string> texts; // empty: nothing is awaited
    std::vector<std::int64_t> found;
    std::uint64_t generation = 0;

    bool wants(std::string_view message) const {
        return !texts.empty() && std::all_of(texts.begin(), texts.end(),
                                             [&](auto& text) { return message.find(text) != std::string_view::npos; });
    }
};

struct load {
    std::uint16_t port = 0;
    std::string path;
    int count = 0;
    int begun = 0, ready = 0;
    watch awaited;
};

std::int64_t now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

void report(watch& w) {
    std::sort(w.found.begin(), w.found.end());
    std::printf("{\"first\": %lld, \"median\": %lld, \"last\": %lld}\n", static_cast<long long>(w.found.front()),
                static_cast<long long>(w.found[w.found.size() / 2]), static_cast<long long>(w.found.back()));
    std::fflush(stdout);
    w.texts.clear();
    w.found.clear();
}

/// Reads until the connection ends, which is a failure: the server is not to drop anybody here.
task<> receive(ws::stream<tcp::socket>& stream, load& all) {
    boost::beast::flat_buffer buffer;
    bool first = true;
    std::uint64_t had = 0; // the generation whose message this client has had
    for (;;) {
        auto [ec, n] = co_await stream.async_read(buffer, as_result);
        if (ec)
            fail("a client was dropped: " + ec.message());
        auto at = now();
        std::string_view message(static_cast<const char*>(buffer.cdata().data()), n);
        auto& awaited = all.awaited;
        if (had != awaited.generation && awaited.wants(message)) {
            had = awaited.generation;
            awaited.found.push_back(at);
            if (awaited.found.size() == static_cast<std::size_t>(all.count))
                report(awaited);
        }
        buffer.consume(buffer.size());
        buffer.shrink_to_fit();
        if (std::exchange(first, false) && ++all.ready == all.count) {
            std::printf("{\"ready\": %d}\n", all.count);
            std::fflush(stdout);
        }
    }
}

task<> connect(asio::any_io_executor executor, load& all);

task<> client(asio::any_io_executor executor, load& all) {
    ws::stream<tcp::socket> stream(executor);
    tcp::endpoint to(asio::ip::address_v4::loopback(), all.port);
    if (auto [ec] = co_await stream.next_layer().async_connect(to, as_result); ec)
        fail("cannot connect: " + ec.message());
    ws::permessage_deflate offer;
    offer.client_enable = true;
    stream.set_option(offer);
    auto host = "localhost:" + std::to_string(all.port);
    if (auto [ec] = co_await stream.async_handshake(host, all.path, as_result); ec)
        fail("the handshake failed: " + ec.message());
    asio::co_spawn(executor, connect(executor, all), asio::detached);
    co_await receive(stream, all);
}

/// One more client, if there are to be more.
task<> connect(asio::any_io_executor executor, load& all) {
    if (all.begun < all.count) {
        ++all.begun;
        co_await client(executor, all);
    }
}

task<> obey(asio::posix::stream_descriptor& input, load& all, asio::io_context& io) {
    std::string text;
    for (;;) {
        auto buffer = asio::dynamic_buffer(text);
        auto [ec, n] = co_await asio::async_read_until(input, buffer, '\n', as_result);
        if (ec)
            break;
        auto line = text.substr(0, n - 1);
        text.erase(0, n);
        auto& awaited = all.awaited;
        awaited.found.clear();
        awaited.texts.clear();
        ++awaited.generation;
        for (std::size_t begin = 0; begin <= line.size();) {
            auto end = std::min(line.find('\t', begin), line.size());
            awaited.texts.push_back(line.substr(begin, end - begin));
            begin = end + 1;
        }
        std::printf("{\"awaiting\": %llu}\n", static_cast<unsigned long long>(awaited.generation));
        std::fflush(stdout);
    }
    io.stop();
}

template <class Integer>
Integer number(std::string_view text) {
    Integer value{};
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size())
        fail("not a number: " + std::string(text));
    return value;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4)
        fail("ws_load PORT PATH COUNT");
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);

    asio::io_context io(1);
    load all;
    all.port = number<std::uint16_t>(argv[1]);
    all.path = argv[2];
    all.count = number<int>(argv[3]);
    for (int i = 0; i < connecting_at_once; ++i)
        asio::co_spawn(io, connect(io.get_executor(), all), asio::detached);
    asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
    asio::co_spawn(io, obey(input, all, io), asio::detached);
    io.run();
    std::_Exit(0); // the clients' coroutines need no ceremony
}
