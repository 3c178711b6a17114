#include "net/proxy/relay.hpp"

#include "core/slugs.hpp"
#include "net/http/text.hpp"
#include "net/proxy/exchange.hpp"

namespace berth::net {
namespace {

namespace verbs = boost::beast::http;

// Less than the 5 s after which Node closes an idle connection, and than the 10 s after which one counts as a visit.
constexpr auto parked_for = std::chrono::seconds(4);

/// May be sent twice, where nothing says whether the first was heard (RFC 9110, 9.2.2). Those without a body alone.
bool is_repeatable(verbs::verb method) {
    return method == verbs::verb::get || method == verbs::verb::head || method == verbs::verb::options;
}

} // namespace

std::shared_ptr<void> relay_host::take_upstream() {
    if (upstreams >= options.max_upstreams)
        return nullptr;
    ++upstreams;
    return std::shared_ptr<void>(this, [](void* host) { --static_cast<relay_host*>(host)->upstreams; });
}

task<relay::outcome> relay::pass(const request_head& head, std::string_view label, bool may_go_on) {
    auto& request = reader_.get();
    auto who = who_asks(request.method_string(), head);
    outcome refused;
    auto target = split_authority(request.target()).origin_form;
    if (!target.starts_with('/')) {
        refused.instead = problem_reply(invalid_request("The target must begin with '/'."));
        co_return refused;
    }
    auto apps = host_.orch.apps();
    auto named = find_named(*apps, label);
    if (!named.app)
        refused.instead = unknown_name(who, label, *apps, host_.port);
    else if (named.by_former)
        refused.instead = moved(named.app->app.slug, host_.port, target);
    if (refused.instead)
        co_return refused;
    exchange mine;
    auto address = client_.address();
    mine.sent_as.target = target;
    mine.sent_as.address = address;
    mine.sent_as.websocket = reader_.ended() && asks_for_websocket(request);
    if (reader_.chunked())
        mine.sent_as.body = {framing::chunked, 0};
    else if (auto length = reader_.length())
        mine.sent_as.body = {framing::length, *length};
    mine.sent_with = purpose_of(request, head);
    mine.to_head = request.method() == verbs::verb::head;
    mine.http10 = request.version() < 11;
    mine.repeatable = reader_.ended() && !mine.sent_as.websocket && is_repeatable(request.method());
    mine.may_go_on = may_go_on;
    client_.expire_never();
    reader_.stream();
    auto done = co_await pass_to(named.app->app, who, mine);
    co_return done;
}

task<relay::outcome> relay::pass_to(const app& to, const asker& who, exchange& mine) {
    for (bool anew = false;;) {
        bool wakes = mine.sent_with == purpose::meant;
        auto how = co_await host_.orch.ready(to.id, host_.options.arrival_patience, wakes);
        if (how.is != readiness::state::ready) {
            auto all = host_.orch.apps();
            auto seen = all->find(to.id);
            auto& now = seen ? seen->app : to;
            bool sleeps = how.is == readiness::state::asleep && !wakes;
            mine.result.instead =
                sleeps ? not_woken(who, now, mine.sent_with, host_.port) : not_online(who, now, how, host_.port);
            co_return std::move(mine.result);
        }
        bool kept = mine.repeatable && app_ && app_->port() == how.port && app_->is_free();
        if (!kept) {
            if (!open(how.port)) {
                mine.result.instead = too_many_upstreams();
                co_return std::move(mine.result);
            }
            bool connected = co_await app_->connect(host_.options.request_deadline);
            if (!connected && !std::exchange(anew, true)) {
                co_await host_.orch.fresh(); // it may have ended since it was looked at
                continue;
            }
            if (!connected) {
                app_.reset();
                mine.result.instead = no_answer(who, to, "nothing accepts connections on its port.", host_.port);
                co_return std::move(mine.result);
            }
        }
        parked_until_.reset();
        co_await send_and_answer(mine);
        if (mine.silent && kept) { // closed by the app in that very moment
            app_.reset();
            mine.silent = false;
            continue;
        }
        break;
    }
    bool reusable = mine.result.keep_alive && app_->answer().keep_alive();
    if (reusable)
        parked_until_ = timed_socket::clock::now() + parked_for;
    else
        app_.reset();
    if (!mine.answered) {
        client_.revive(); // if its wait was ended, that was not for its being late
        if (mine.body_failure)
            mine.result.instead = refusal(*mine.body_failure, host_.options, host_.port);
        else if (!mine.trouble.empty())
            mine.result.instead = no_answer(who, to, mine.trouble, host_.port);
    }
    co_return std::move(mine.result);
}

bool relay::open(std::uint16_t port) {
    app_.reset();
    parked_until_.reset();
    auto slot = host_.take_upstream();
    if (!slot)
        return false;
    app_ = std::make_unique<upstream>(host_.executor, port, std::move(slot));
    return true;
}

void relay::sweep(timed_socket::clock::time_point now) {
    if (!app_)
        return;
    app_->socket().sweep(now);
    if (parked_until_) {
        if (now >= *parked_until_) {
            app_.reset();
            parked_until_.reset();
        }
    } else if (!tunnels_ && reader_.ended()) {
        // The app is told what it would see of the client itself, and does what it does then.
        auto how = client_.look();
        if (how == timed_socket::other_end::ended)
            app_->socket().end();
        else if (how == timed_socket::other_end::gone)
            app_->socket().close();
    }
}

void relay::close() {
    if (app_)
        app_->socket().close();
}

} // namespace berth::net
