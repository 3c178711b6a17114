#include "cli/mcp/relay.hpp"

#include "cli/log_follow.hpp"
#include "cli/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

namespace berth::cli::mcp {
namespace {

constexpr std::size_t max_body = 64 * 1024; // bytes, the server's own bound
constexpr std::size_t most_at_once = 64;    // requests of one client
constexpr std::chrono::seconds last_moment{1};

} // namespace

relay::relay(session& s, std::filesystem::path root)
    : s_(s), link_(s, std::move(root), [this] { renewed(); }), settled_(s.executor) {}

task<> relay::run(line_source& lines) {
    for (;;) {
        auto line = co_await lines.next();
        if (!line)
            break;
        co_await take(std::move(*line));
    }
    settled_.expires_after(last_moment);
    if (!under_way_.empty())
        co_await settled_.async_wait(as_result);
    co_await link_.end();
}

task<> relay::take(std::string line) {
    if (line.find_first_not_of(" \t") == line.npos)
        co_return;
    auto m = read_message(line);
    if (line.size() > max_body) {
        print(error_answer(m.id, invalid_request,
                           fmt::format("The message is too long: at most {} bytes are taken.", max_body)));
    } else if (m.is_initialize()) {
        co_await link_.end(); // one that was begun before
        auto mine = under_way_[m.id] = std::make_shared<call>();
        co_await ask(m, line, mine);
    } else if (m.what == message::kind::request && under_way_.size() >= most_at_once) {
        print(error_answer(m.id, invalid_request,
                           fmt::format("At most {} requests are taken at a time: wait for answers.", most_at_once)));
    } else if (m.what == message::kind::request) {
        auto mine = under_way_[m.id] = std::make_shared<call>();
        asio::co_spawn(
            s_.executor, [self = shared_from_this(), m, line, mine] { return self->ask(m, line, mine); }, rethrow);
    } else if (!m.cancels.empty()) {
        co_await cancel(m, line);
    } else {
        co_await tell(m, line);
    }
}

task<> relay::ask(message m, std::string line, std::shared_ptr<call> mine) {
    auto done = co_await answered(m, std::move(line), *mine);
    if (done.has_error() && !mine->cancelled)
        print(error_answer(m.id, server_gone, done.error().text));
    if (auto found = under_way_.find(m.id); found != under_way_.end() && found->second == mine)
        under_way_.erase(found);
    if (under_way_.empty())
        settled_.cancel();
}

task<outcome<>> relay::answered(const message& m, std::string line, call& mine) {
    note_subscription(m);
    outcome<reply> answer;
    if (m.is_initialize())
        answer = co_await link_.initialize(std::move(line));
    else
        answer = co_await link_.post(std::move(line));
    if (answer.has_error())
        co_return answer.error();
    mine.accepted = true;
    if (!mine.cancel.empty()) {
        auto held = read_message(mine.cancel);
        co_await tell(held, mine.cancel);
    }
    co_return co_await pass_on(m, std::move(*answer), mine);
}

task<outcome<>> relay::pass_on(const message& m, reply answer, call& mine) {
    auto said = answer.said;
    if (said.status != 200) {
        auto body = co_await answer.rest->next();
        if (!mine.cancelled)
            print(refusal(m.id, said.status, body.has_value() && *body ? **body : std::string()));
        co_return outcome<>();
    }
    for (;;) {
        auto message = co_await answer.rest->next();
        if (message.has_value() && *message) {
            auto what = read_message(**message);
            bool is_answer = what.what == message::kind::response && what.id == m.id;
            if (is_answer && m.is_initialize())
                link_.begun(said.session, agreed_revision(**message));
            print(std::move(**message));
            if (is_answer)
                co_return outcome<>();
        } else if (mine.cancelled) {
            co_return outcome<>();
        } else {
            auto rest = co_await continuation(*answer.rest);
            if (rest.has_error())
                co_return rest.error();
            answer = std::move(*rest);
        }
    }
}

/// A server may end a stream before its answer, and a connection may break: what comes after the last event is had by
/// asking for it.
task<outcome<reply>> relay::continuation(exchange& broken) {
    constexpr std::chrono::milliseconds a_moment{100};
    if (broken.last_event().empty())
        co_return lost();
    co_await pause(s_, broken.retry().value_or(a_moment));
    auto rest = co_await link_.listen(broken.last_event());
    if (rest.has_error() || rest->said.status != 200 || !rest->said.stream)
        co_return lost();
    co_return rest;
}

/// A notification, an answer to the server, or what is no message: whatever is wrong with that, the server says.
task<> relay::tell(message m, std::string line) {
    bool begins = m.method == "notifications/initialized";
    if (begins)
        link_.initialized(line);
    auto answer = co_await link_.post(std::move(line));
    if (answer.has_error()) {
        s_.out.note(answer.error().text);
        co_return;
    }
    auto body = co_await answer->rest->next();
    auto text = body.has_value() && *body ? std::move(**body) : std::string();
    if (answer->said.status >= 400 && m.what == message::kind::other)
        print(refusal("", answer->said.status, text));
    else if (answer->said.status >= 400)
        s_.out.note(fmt::format("the server did not take {}: {}", m.method.empty() ? "an answer" : m.method, text));
    else if (begins && !std::exchange(listening_, true))
        asio::co_spawn(
            s_.executor, [self = shared_from_this()] { return self->listen(); }, rethrow);
}

task<> relay::cancel(message m, std::string line) {
    auto found = under_way_.find(m.cancels);
    if (found == under_way_.end())
        co_return; // its answer is on its way
    found->second->cancelled = true;
    if (found->second->accepted)
        co_await tell(std::move(m), std::move(line));
    else
        found->second->cancel = std::move(line);
}

/// What the server says by itself, for as long as the client lives: the session's stream, again and again.
task<> relay::listen() {
    constexpr int no_stream = 405, forgotten = 404;
    backoff wait;
    std::string last_event;
    for (auto number = link_.number();;) {
        if (std::exchange(number, link_.number()) != link_.number())
            last_event.clear(); // it was another session's
        auto answer = co_await link_.listen(last_event);
        if (answer.has_value() && answer->said.status == no_stream)
            co_return;
        if (answer.has_value() && answer->said.status == forgotten)
            co_await link_.renew(number);
        while (answer.has_value() && answer->said.stream) {
            auto message = co_await answer->rest->next();
            if (message.has_error() || !*message)
                break;
            last_event = answer->rest->last_event();
            print(std::move(**message));
            wait.reset();
        }
        co_await pause(s_, wait.next());
    }
}

void relay::note_subscription(const message& m) {
    constexpr std::size_t most = 256; // URIs; the server has a bound of its own
    if (m.method == "resources/unsubscribe")
        link_.subscriptions.erase(m.uri);
    else if (m.method == "resources/subscribe" && link_.subscriptions.size() < most)
        link_.subscriptions.insert(m.uri);
}

void relay::print(std::string json) { s_.out.print(on_one_line(std::move(json)) + "\n"); }

/// What changed while no server was there, nobody knows.
void relay::renewed() {
    for (auto& uri : link_.subscriptions)
        print(updated_notification(uri));
}

} // namespace berth::cli::mcp
