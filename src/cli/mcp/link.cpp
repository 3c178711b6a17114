#include "cli/mcp/link.hpp"

#include "cli/mcp/message.hpp"
#include "cli/server_start.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

namespace berth::cli::mcp {
namespace {

using steady = std::chrono::steady_clock;

/// A server that was there is given time to come back before another one takes its root: somebody restarts it.
constexpr std::chrono::seconds return_patience{5};
constexpr std::chrono::milliseconds between_looks{100};

/// The message of a document, or the answer with this id among the events before the stream's end.
task<outcome<std::string>> answer_in(exchange& rest, std::string id) {
    for (;;) {
        auto message = co_await rest.next();
        if (message.has_error() || !*message)
            co_return lost();
        auto what = read_message(**message);
        if (what.what == message::kind::response && what.id == id)
            co_return **message;
    }
}

} // namespace

failure lost() {
    return failed("Berth went away while this was under way: whether it was done is not known. "
                  "list_apps says how things are now.");
}

link::link(session& s, std::filesystem::path root, std::function<void()> on_renewed)
    : s_(s), root_(std::move(root)), on_renewed_(std::move(on_renewed)), starting_(s.executor, 1),
      renewing_(s.executor, 1) {}

task<outcome<reply>> link::initialize(std::string message) {
    initialize_ = message;
    initialized_.clear();
    subscriptions.clear();
    co_return co_await sent(std::move(message), false);
}

void link::begun(std::string session, std::string revision) {
    session_ = std::move(session);
    revision_ = std::move(revision);
    ++number_;
}

task<outcome<reply>> link::post(std::string message) {
    constexpr int attempts = 3; // each time it was forgotten meanwhile
    for (int attempt = 1;; ++attempt) {
        auto number = number_;
        auto answer = co_await sent(message, true);
        bool forgotten = answer.has_value() && answer->said.status == 404 && !session_.empty();
        if (!forgotten || attempt == attempts)
            co_return answer;
        auto renewed = co_await renew(number);
        if (renewed.has_error())
            co_return renewed.error();
    }
}

task<outcome<reply>> link::listen(std::string after) {
    auto connection = create_exchange(s_.executor, s_.server);
    auto connected = co_await connection->connect();
    if (connected.has_error())
        co_return connected.error();
    request wish;
    wish.method = "GET";
    wish.after = std::move(after);
    auto said = co_await connection->send(with_session(std::move(wish)));
    if (said.has_error())
        co_return said.error();
    co_return reply{std::move(connection), std::move(*said)};
}

task<outcome<>> link::renew(std::uint64_t number) {
    co_await renewing_.enter(never_);
    outcome<> done;
    if (number == number_)
        done = co_await begin_anew();
    renewing_.leave();
    co_return done;
}

task<outcome<>> link::begin_anew() {
    auto answer = co_await sent(initialize_, false);
    if (answer.has_error())
        co_return answer.error();
    auto asked = read_message(initialize_);
    auto message = co_await answer_in(*answer->rest, asked.id);
    auto revision = message.has_value() ? agreed_revision(*message) : std::string();
    if (revision.empty())
        co_return failed("Berth was started anew, and does not take this client any more: start the client anew, too.");
    begun(answer->said.session, std::move(revision));
    if (!initialized_.empty())
        co_await sent(initialized_, true);
    for (auto& uri : std::set<std::string>(subscriptions)) {
        auto subscribe = subscribe_request("berth-again", uri);
        auto subscribed = co_await sent(subscribe, true);
        if (subscribed.has_value())
            co_await answer_in(*subscribed->rest, "\"berth-again\"");
    }
    s_.out.note(fmt::format("Berth at {} was started anew; the session goes on", s_.server.url()));
    on_renewed_();
    co_return outcome<>();
}

task<> link::end() {
    if (session_.empty())
        co_return;
    auto connection = create_exchange(s_.executor, s_.server);
    request wish;
    wish.method = "DELETE";
    wish = with_session(std::move(wish));
    auto goodbye = [](exchange& to, request what) -> task<> {
        auto connected = co_await to.connect();
        if (connected.has_value())
            co_await to.send(std::move(what));
    };
    auto said = goodbye(*connection, std::move(wish));
    auto limit = pause(s_, std::chrono::seconds(1));
    using namespace asio::experimental::awaitable_operators;
    co_await (std::move(said) || std::move(limit));
    session_.clear();
}

task<outcome<reply>> link::sent(std::string message, bool in_session) {
    auto connection = co_await connect();
    if (connection.has_error())
        co_return connection.error();
    request wish;
    wish.body = std::move(message);
    if (in_session)
        wish = with_session(std::move(wish));
    auto& wire = **connection;
    auto said = co_await wire.send(std::move(wish));
    if (said.has_error())
        co_return lost();
    was_there_ = true;
    co_return reply{std::move(*connection), std::move(*said)};
}

task<outcome<std::unique_ptr<exchange>>> link::connect() {
    auto connection = create_exchange(s_.executor, s_.server);
    auto connected = co_await connection->connect();
    if (connected.has_error()) {
        co_await starting_.enter(never_);
        auto there = co_await started();
        starting_.leave();
        if (there.has_error())
            co_return there.error();
        connection = create_exchange(s_.executor, s_.server);
        connected = co_await connection->connect();
    }
    if (connected.has_error())
        co_return connected.error();
    co_return connection;
}

/// One at a time: who waited for it finds the server there.
task<outcome<>> link::started() {
    auto end = steady::now() + (was_there_ ? return_patience : std::chrono::seconds(0));
    for (;;) {
        auto connection = create_exchange(s_.executor, s_.server);
        auto connected = co_await connection->connect();
        if (connected.has_value())
            co_return connected;
        if (steady::now() >= end)
            break;
        co_await pause(s_, between_looks);
    }
    std::vector<std::string> usual; // flags
    auto begun = co_await start_server(s_, root_, std::move(usual));
    if (begun.has_value())
        s_.out.note(fmt::format("started a server at {} for {}", s_.server.url(), root_.native()));
    co_return begun;
}

request link::with_session(request wish) const {
    wish.session = session_;
    wish.revision = revision_;
    return wish;
}

} // namespace berth::cli::mcp
