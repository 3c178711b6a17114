#include "net/live/hub_client.hpp"

#include "net/http/text.hpp"
#include "net/live/messages.hpp"
#include "net/live/outbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <deque>
#include <map>

namespace berth::net {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t max_answers = 16; // waiting to be written

/// A stream of an app that the client follows. Shared with the writer, which may be reading it while it is unfollowed.
struct followed_stream {
    follow_key which;
    log_stream stream;
    follower state;
    bool active = true;  // false: unfollowed, nothing more of it is sent
    bool queued = false; // waits in ready_
};
using stream_ptr = std::shared_ptr<followed_stream>;

class two_way_client final : public hub_client, public std::enable_shared_from_this<two_way_client> {
public:
    two_way_client(asio::any_io_executor executor, client_home& home, std::unique_ptr<websocket> socket,
                   std::shared_ptr<void> slot)
        : slot_(std::move(slot)), home_(home), socket_(std::move(socket)), wake_(executor, clock::time_point::max()),
          answered_(executor, clock::time_point::max()), writer_ended_(executor, clock::time_point::max()) {}

    ~two_way_client() override {
        for (auto& [which, streams] : followed_)
            home_.unfollowed(which.id);
    }

    void send_state(const shared_text& text, std::uint64_t revision) override {
        outbox_.add_state(text, revision);
        wake_.cancel();
    }
    void send_news(const shared_text& text) override {
        outbox_.add_news(text);
        wake_.cancel();
    }
    void renew() override {
        outbox_.renew();
        wake_.cancel();
    }
    void forget(const std::string& id) override {
        for (auto at = first_of(id); is_of(at, id);)
            at = end(at);
    }

    void looked(const std::string& id, log_stream stream, const log_piece& piece) override {
        for (auto at = first_of(id); is_of(at, id); ++at) {
            auto& one = at->second[stream == log_stream::out ? 0 : 1];
            if (!one->queued && one->state.behind(piece, clock::now()))
                enqueue(one);
        }
    }

    void tick(clock::time_point now, const hub_options& options) override {
        if (now - socket_->last_heard() >= options.silence) {
            abort();
        } else if (now - last_ping_ >= options.ping_every) {
            last_ping_ = now;
            ping_due_ = true;
            wake_.cancel();
        }
    }

    task<> close() override {
        auto self = shared_from_this();
        co_await socket_->close();
    }

    void abort() override {
        ended_ = true;
        socket_->abort();
        wake_.cancel();
        answered_.cancel();
    }

    task<> run() override {
        auto self = shared_from_this();
        asio::co_spawn(wake_.get_executor(), write_all(), [self](std::exception_ptr e) {
            self->writer_gone_ = true;
            self->writer_ended_.cancel();
            self->report(e);
            self->abort();
        });
        while (auto text = co_await socket_->read()) {
            handle(*text);
            // Who asks nonsense and does not read the answers is no longer listened to: they must not heap up.
            while (answers_.size() >= max_answers && !ended_)
                co_await answered_.async_wait(as_result);
        }
        abort();
        if (!writer_gone_)
            co_await writer_ended_.async_wait(as_result);
    }

private:
    task<> write_all() {
        bool alive = true;
        while (alive && !ended_) {
            if (ping_due_) {
                ping_due_ = false;
                alive = co_await socket_->ping();
            } else if (!answers_.empty() && !outbox_.snapshot_due()) {
                auto text = std::move(answers_.front());
                answers_.pop_front();
                answered_.cancel();
                alive = co_await socket_->write(text);
            } else if (auto text = next_message()) {
                alive = co_await socket_->write(*text);
            } else if (!ready_.empty()) {
                auto one = std::move(ready_.front());
                ready_.pop_front();
                alive = co_await send_piece(one);
            } else {
                wake_.expires_at(clock::time_point::max());
                co_await wake_.async_wait(as_result);
            }
        }
        abort();
    }

    shared_text next_message() {
        if (!outbox_.snapshot_due())
            return outbox_.take();
        auto now = home_.current();
        outbox_.snapshot_sent(now.revision);
        return std::move(now.text);
    }

    /// Reads one piece of the stream and sends it. False: the connection is gone.
    task<bool> send_piece(stream_ptr one) {
        one->queued = false;
        auto range = one->state.next();
        auto piece = co_await read(*one, range);
        if (!one->active)
            co_return true;
        if (!piece) {
            // The next look at the file tries again.
            spdlog::warn("A log of {} could not be read: {}", one->which.id, piece.error().detail);
            co_return true;
        }
        auto outputs = one->state.take(*piece, clock::now());
        piece->bytes = {}; // a slow client's write may last: it is to hold the message and nothing else
        for (auto& o : outputs) {
            std::string text;
            if (o.reset)
                text = log_reset_message(one->which, one->stream);
            else
                text = log_message(one->which, one->stream, o.from, o.to, std::exchange(o.text, {}));
            // Deflate makes some 80 MB a second, the loopback thousands: on a log's text it would be the bottleneck.
            if (!co_await socket_->write_plain(text))
                co_return false;
        }
        if (one->state.more() && one->active)
            enqueue(one);
        co_return true;
    }

    task<result<log_piece>> read(const followed_stream& one, follower::range range) {
        auto& logs = home_.logs();
        return range.max == 0 ? logs.look(one.which.id, one.stream)
                              : logs.read_on(one.which.id, one.stream, range.file, range.from, range.max);
    }

    void enqueue(const stream_ptr& one) {
        if (one->queued || !one->active)
            return;
        one->queued = true;
        ready_.push_back(one);
        wake_.cancel();
    }

    void handle(const std::string& text) {
        auto message = parse_client_message(text);
        if (!message)
            refuse(message.error().code, message.error().detail);
        else if (auto asked = std::get_if<follow_request>(&*message))
            follow(*asked);
        else
            unfollow(std::get<unfollow_request>(*message).which);
    }

    void follow(const follow_request& asked) {
        auto& which = asked.which;
        unfollow(which);
        if (!home_.has_app(which.id))
            return refuse(errc::app_not_found, "There is no app with the id " + in_quotes(which.id) + ".");
        if (followed_.size() >= max_follows)
            return refuse(errc::invalid_request, "One connection follows at most " + std::to_string(max_follows) +
                                                     " logs; unfollow one first.");
        auto begin = [&](log_stream stream, std::optional<std::uint64_t> from) {
            auto one =
                std::make_shared<followed_stream>(followed_stream{which, stream, follower(from, asked.tail_bytes)});
            enqueue(one);
            return one;
        };
        followed_[which] = {begin(log_stream::out, asked.from_stdout), begin(log_stream::error, asked.from_stderr)};
        home_.followed(which.id);
    }

    using follows = std::map<follow_key, std::array<stream_ptr, 2>>; // stdout, stderr

    /// Those of an app stand together.
    follows::iterator first_of(const std::string& id) { return followed_.lower_bound({id, std::nullopt}); }
    bool is_of(follows::iterator at, const std::string& id) const {
        return at != followed_.end() && at->first.id == id;
    }

    void unfollow(const follow_key& which) {
        if (auto found = followed_.find(which); found != followed_.end())
            end(found);
    }

    follows::iterator end(follows::iterator at) {
        for (auto& one : at->second) {
            one->active = false;
            std::erase(ready_, one);
        }
        home_.unfollowed(at->first.id);
        return followed_.erase(at);
    }

    void refuse(errc code, std::string detail) {
        answers_.push_back(error_message({code, std::move(detail)}));
        wake_.cancel();
    }

    void report(std::exception_ptr e) const {
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (const std::exception& problem) {
            spdlog::error("A WebSocket client was dropped after an error: {}", problem.what());
        }
    }

    std::shared_ptr<void> slot_; // first, so released last: it keeps the home alive
    client_home& home_;
    std::unique_ptr<websocket> socket_;
    outbox outbox_;
    follows followed_;
    std::deque<stream_ptr> ready_;    // have something to read
    std::deque<std::string> answers_; // to this client alone: what was wrong with what it asked
    asio::steady_timer wake_;         // cancelled: look again what is to be written
    asio::steady_timer answered_;     // cancelled: an answer was taken to be written
    asio::steady_timer writer_ended_;
    clock::time_point last_ping_ = clock::now();
    bool ping_due_ = false;
    bool writer_gone_ = false;
    bool ended_ = false;
};

} // namespace

std::shared_ptr<hub_client> create_hub_client(asio::any_io_executor executor, client_home& home,
                                              std::unique_ptr<websocket> socket, std::shared_ptr<void> slot) {
    return std::make_shared<two_way_client>(std::move(executor), home, std::move(socket), std::move(slot));
}

} // namespace berth::net
