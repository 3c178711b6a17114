#include "net/sleep/held_connection.hpp"

#include "net/http/text.hpp"
#include "net/proxy/tunnel.hpp"

#include <ctime>

namespace berth::net {
namespace {

// Of one end alone, once the other has said its last word: an app may think long about the last request.
constexpr auto silence = std::chrono::minutes(10);

/// Of a wake that has not ended, or has ended well and without anybody on the port.
constexpr int most_tries = 2;

} // namespace

held_connection::held_connection(holding& by, relay_host& host, std::shared_ptr<const app_view> app,
                                 asio::ip::tcp::socket socket, std::shared_ptr<void> slot)
    : slot_(std::move(slot)), by_(by), host_(host), app_(std::move(app)), client_(std::move(socket)),
      stirred_(host.executor, asio::steady_timer::time_point::max()) {}

held_connection::~held_connection() { by_.ended(*this); }

task<> held_connection::run() {
    auto read = co_await judge();
    client_.revive(); // if it was late, an answer may still be written
    client_.expire_never();
    auto seen = newest();
    if (read != read_end::complete) {
        auto options = host_.options;
        options.header_limit = held_request::head_limit;
        if (auto refused = refusal(read, options, app_->app.port))
            co_await answer(std::move(*refused));
    } else if (verdict_.purpose != purpose::meant && seen->app.asleep) {
        auto refused = not_woken(verdict_.who, seen->app, verdict_.purpose, host_.port);
        co_await answer(std::move(refused));
    } else {
        co_await pass_on();
    }
}

task<> held_connection::turn_away() {
    auto refused = problem_reply(
        {errc::too_many_connections, "As many connections wait for " + in_quotes(app_->app.name) + " as may."});
    refused.fields.emplace_back("Retry-After", "1"); // seconds
    co_await answer(std::move(refused));
}

/// How many bytes came; 0 as timed_socket has it.
task<std::size_t> held_connection::fill() {
    std::array<char, 4096> piece;
    auto space = asio::buffer(piece, std::min(piece.size(), most_kept - request_.bytes().size()));
    auto n = co_await client_.read_some(space);
    if (auto& verdict = request_.take({piece.data(), n}))
        verdict_ = *verdict;
    full_ = request_.bytes().size() == most_kept;
    co_return n;
}

task<read_end> held_connection::judge() {
    client_.expire_after(host_.options.request_deadline);
    while (!request_.judged()) {
        auto n = co_await fill();
        if (n == 0)
            co_return client_.expired() && request_.started() ? read_end::timed_out : read_end::closed;
    }
    co_return verdict_.read;
}

/// None: the client is gone.
task<std::optional<readiness>> held_connection::wait_until_woken() {
    auto wake = by_.wake(app_id());
    wake->waiting.insert(this);
    while (!wake->result && !gone_) {
        if (full_ || ended_) {
            co_await stirred_.async_wait(as_result);
            continue;
        }
        auto n = co_await fill();
        if (n == 0 && !wake->result)
            note_end();
    }
    wake->waiting.erase(this);
    client_.revive();
    if (gone_)
        co_return std::nullopt;
    co_return *wake->result;
}

task<> held_connection::pass_on() {
    for (int tries = 0; tries < most_tries; ++tries) {
        auto how = co_await wait_until_woken();
        if (!how)
            co_return;
        if (how->is != readiness::state::ready) {
            auto seen = newest();
            auto who = verdict_.who;
            who.reloads = false; // on this port is nobody, or the app
            auto refused = not_online(who, seen->app, *how, host_.port);
            co_await answer(std::move(refused));
            co_return;
        }
        auto slot = host_.take_upstream();
        if (!slot) {
            auto refused = too_many_upstreams();
            co_await answer(std::move(refused));
            co_return;
        }
        bool connected = co_await connect_to_app(upstream_, host_.executor, how->port, host_.options.request_deadline);
        if (connected) {
            by_.leave(*this);
            auto held = request_.take_bytes();
            co_await tunnel(client_, *upstream_, std::move(held), {}, silence);
            co_return;
        }
        co_await host_.orch.fresh(); // it may have ended since it was looked at
    }
    auto failed = no_answer(verdict_.who, newest()->app, "nothing accepts connections on its port.", host_.port);
    co_await answer(std::move(failed));
}

task<> held_connection::answer(reply r) {
    by_.leave(*this);
    std::string head;
    append_head(head, r, {verdict_.http10, false, http_date(static_cast<std::int64_t>(std::time(nullptr)))});
    client_.expire_after(host_.options.idle_deadline);
    auto first = asio::buffer(std::as_const(head));
    auto second = r.body && !verdict_.to_head ? asio::buffer(*r.body) : asio::const_buffer();
    auto sent = co_await client_.write(first, second);
    if (sent)
        co_await client_.linger();
}

void held_connection::note_end() {
    if (client_.look() == timed_socket::other_end::gone)
        gone_ = true;
    else
        ended_ = true;
}

std::shared_ptr<const app_view> held_connection::newest() const {
    auto all = host_.orch.apps();
    auto seen = all->find(app_id());
    return seen ? std::shared_ptr<const app_view>(std::move(all), seen) : app_;
}

void held_connection::woken() {
    client_.interrupt();
    stirred_.cancel();
}

void held_connection::sweep(timed_socket::clock::time_point now) {
    client_.sweep(now);
    if (upstream_) {
        upstream_->sweep(now);
    } else if (full_) {
        auto how = client_.look_behind();
        ended_ = ended_ || how != timed_socket::other_end::there;
        if (how == timed_socket::other_end::gone)
            close();
    }
}

void held_connection::close() {
    gone_ = true;
    client_.close();
    if (upstream_)
        upstream_->close();
    stirred_.cancel();
}

} // namespace berth::net
