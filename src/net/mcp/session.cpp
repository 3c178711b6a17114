#include "net/mcp/session.hpp"

namespace berth::net::mcp {
namespace {

constexpr std::size_t most_early = 64;     // cancelled before they came
constexpr std::size_t longest_early = 200; // bytes of their ids: a longer one is not remembered
constexpr std::chrono::seconds early{10};  // how long before

} // namespace

/// Sends one stream of a session, from a place on.
class stream_reader final : public event_source {
public:
    stream_reader(std::shared_ptr<session> s, event_place at, bool prime, std::chrono::milliseconds keep_alive)
        : session_(std::move(s)), at_(at), prime_(prime), keep_alive_(keep_alive) {}
    ~stream_reader() override {
        if (!is_the_reader())
            return;
        session_->readers_.erase(at_.stream);
        if (at_.stream == 0)
            session_->listening_ = false;
        session_->use();
    }

    task<std::optional<std::string>> next() override {
        if (!begun_)
            begin();
        if (std::exchange(prime_, false))
            co_return priming_event(at_);
        auto until = clock::now() + keep_alive_;
        while (is_the_reader()) {
            if (auto text = session_->log_.take(at_); !text.empty())
                co_return text;
            if (session_->ended_ || (at_.stream != 0 && !session_->open_.contains(at_.stream)))
                break;
            auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
            if (left.count() <= 0)
                co_return ": still here\n\n";
            co_await session_->wait(left);
        }
        co_return std::nullopt;
    }

private:
    void begin() {
        begun_ = true;
        session_->readers_[at_.stream] = this;
        if (at_.stream == 0)
            session_->listening_ = true;
        session_->wake(); // who read it before ends
        session_->flush(clock::now());
    }
    bool is_the_reader() const {
        auto found = session_->readers_.find(at_.stream);
        return found != session_->readers_.end() && found->second == this;
    }

    std::shared_ptr<session> session_;
    event_place at_;
    bool prime_;
    std::chrono::milliseconds keep_alive_;
    bool begun_ = false;
};

session::session(asio::any_io_executor executor, std::string id, std::string revision)
    : executor_(std::move(executor)), id_(std::move(id)), revision_(std::move(revision)) {}

clock::time_point session::unused_since() const { return calls_.empty() && readers_.empty() ? used_ : clock::now(); }

boost::system::result<std::shared_ptr<session_call>, rpc_error> session::begin(rpc_message m) {
    if (calls_.size() >= most_calls)
        return rpc_error{fault::invalid_message, "Too many requests of this session are under way; wait for one."};
    auto key = m.id.dump();
    auto [at, added] = calls_.try_emplace(key);
    if (!added)
        return rpc_error{fault::invalid_message, "A request with the id " + key + " is under way."};
    auto made = std::make_shared<session_call>(*this, std::move(m));
    at->second = made;
    auto unwanted = cancelled_.find(key);
    if (unwanted == cancelled_.end())
        return made;
    if (clock::now() - unwanted->second < early)
        made->cancel();
    cancelled_.erase(unwanted);
    return made;
}

bool session::cancel(const nlohmann::json& id) {
    auto key = id.dump();
    if (auto found = calls_.find(key); found != calls_.end()) {
        found->second->cancel();
        return true;
    }
    auto now = clock::now();
    std::erase_if(cancelled_, [now](auto& one) { return now - one.second >= early; });
    if (cancelled_.size() < most_early && key.size() <= longest_early)
        cancelled_[key] = now;
    return false;
}

void session::forget(const nlohmann::json& id) {
    calls_.erase(id.dump());
    use();
    wake();
}

void session::beat(clock::time_point now, std::chrono::milliseconds every) {
    for (auto& [id, c] : calls_)
        c->beat(now, every);
}

task<> session::answered(const session_call& c, std::chrono::milliseconds most) {
    auto until = clock::now() + most;
    while (!c.done() && !c.cancelled() && c.stream() == 0) {
        auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
        if (left.count() <= 0)
            break;
        co_await wait(left);
    }
}

std::uint64_t session::open_stream() {
    open_.insert(++streams_);
    wake();
    return streams_;
}

void session::close_stream(std::uint64_t stream) {
    open_.erase(stream);
    wake();
}

void session::add(std::uint64_t stream, std::string message, bool response) {
    if (ended_)
        return;
    log_.add(stream, std::move(message), response);
    wake();
}

bool session::knows(event_place at) const {
    if (at.stream == 0 || open_.contains(at.stream))
        return true;
    return !log_.take(at).empty();
}

std::shared_ptr<event_source> session::read(event_place at, bool prime, std::chrono::milliseconds keep_alive) {
    at.after = std::min(at.after, log_.newest());
    return std::make_shared<stream_reader>(shared_from_this(), at, prime, keep_alive);
}

void session::flush(clock::time_point now) {
    if (!listening_)
        return;
    if (std::exchange(list_changed, false))
        add(0, notification_text("notifications/resources/list_changed", {}), false);
    for (auto& uri : wanted.take_due(now))
        add(0, notification_text("notifications/resources/updated", {{"uri", uri}}), false);
}

void session::end() {
    ended_ = true;
    wake();
}

void session::wake() {
    for (auto* timer : waiting_)
        timer->cancel();
}

task<> session::wait(std::chrono::milliseconds most) {
    asio::steady_timer mine(executor_, most);
    waiting_.insert(&mine);
    co_await mine.async_wait(as_result);
    waiting_.erase(&mine);
}

} // namespace berth::net::mcp
