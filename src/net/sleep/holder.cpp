#include "net/sleep/holder.hpp"

#include "net/http/listening.hpp"
#include "net/sleep/held_connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace berth::net {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

bool is_to_be_held(const app_view& seen) { return seen.app.asleep && seen.operation != activity::sleeping; }

struct held_port {
    std::shared_ptr<const app_view> app;
    std::vector<std::shared_ptr<tcp::acceptor>> acceptors; // none: it is not held now
    bool told = false;                                     // that it cannot be
};

task<> wake_up(orchestrator& orch, std::string id, std::chrono::milliseconds patience, std::shared_ptr<waking> mine) {
    mine->result = co_await orch.ready(std::move(id), patience, true);
    auto all = mine->waiting;
    for (auto* each : all)
        each->woken();
}

class port_holder final : public holder, watcher, public holding {
public:
    port_holder(relay_host& host, watchers& told, std::function<std::shared_ptr<void>()> admit)
        : host_(host), told_(told), admit_(std::move(admit)), again_(host.executor) {}
    ~port_holder() override { close(); }

    void open() override {
        told_.add(*this);
        for (auto& app : host_.orch.apps()->apps)
            follow(app);
    }

    void sweep(timed_socket::clock::time_point now) override {
        for (auto it = open_.begin(); it != open_.end();)
            (*it++)->sweep(now);
    }

    void close() override {
        told_.remove(*this);
        *closed_ = true;
        again_.cancel();
        for (auto& [id, held] : ports_)
            close_all(held);
        ports_.clear();
        for (auto it = open_.begin(); it != open_.end();)
            (*it++)->close();
    }

private:
    void on_change(const change& c) override {
        for (auto& app : c.apps)
            follow(app);
        for (auto& [revision, id] : c.removed)
            let_go(id);
    }
    /// Somebody starts it with pm2: its port is to be free before the sync has seen that.
    void on_event(const std::string& id, const std::string& event, std::int64_t) override {
        auto found = ports_.find(id);
        if (found == ports_.end() || (event != "online" && event != "start" && event != "restart"))
            return;
        take_waiting(found->second);
        close_all(found->second);
        try_again_later();
    }
    void on_operation(const operation&) override {}
    void on_wrote(const std::string&) override {}
    void on_problems() override {}
    void on_activity(const activity_entry&) override {}

    void follow(const std::shared_ptr<const app_view>& app) {
        auto& id = app->app.id;
        auto found = ports_.find(id);
        bool moved = found != ports_.end() && found->second.app->app.port != app->app.port;
        if (!is_to_be_held(*app) || moved)
            let_go(id);
        if (!is_to_be_held(*app))
            return;
        auto& held = ports_[id];
        bool is_new = !held.app;
        held.app = app;
        if (is_new)
            hold(held);
    }

    void let_go(const std::string& id) {
        auto found = ports_.find(id);
        if (found == ports_.end())
            return;
        take_waiting(found->second);
        close_all(found->second);
        if (found->second.told)
            tell(id, {});
        ports_.erase(found);
    }

    void hold(held_port& held) {
        auto& app = held.app->app;
        for (asio::ip::address at : {asio::ip::address(asio::ip::address_v4::loopback()),
                                     asio::ip::address(asio::ip::address_v6::loopback())}) {
            auto acceptor = std::make_shared<tcp::acceptor>(host_.executor);
            auto ec = listen(*acceptor, {at, app.port});
            if (!ec)
                acceptor->non_blocking(true, ec);
            if (!ec)
                held.acceptors.push_back(std::move(acceptor));
            else if (!(at.is_v6() && is_absent(ec)))
                return cannot_hold(held, ec);
        }
        for (auto& acceptor : held.acceptors)
            asio::co_spawn(host_.executor, accept(acceptor, held.app, closed_), asio::detached);
        if (std::exchange(held.told, false))
            tell(app.id, {});
    }

    void cannot_hold(held_port& held, const error_code& ec) {
        close_all(held);
        auto& app = held.app->app;
        if (!std::exchange(held.told, true)) {
            auto why =
                fmt::format("nobody can listen on port {} in its place ({}): it does not wake when it is opened.",
                            app.port, ec.message());
            spdlog::warn("{} sleeps, but {}", app.name, why);
            tell(app.id, std::move(why));
        }
        try_again_later();
    }

    /// Not within a change: the orchestrator is not to be called there.
    void tell(const std::string& id, std::string why) {
        asio::post(host_.executor, [&orch = host_.orch, id, why = std::move(why), closed = closed_] {
            if (!*closed)
                orch.not_held(id, why);
        });
    }

    void try_again_later() {
        if (std::exchange(trying_, true))
            return;
        again_.expires_after(host_.options.hold_again_after);
        again_.async_wait([this, closed = closed_](error_code) {
            if (*closed)
                return;
            trying_ = false;
            for (auto& [id, held] : ports_)
                if (held.acceptors.empty())
                    hold(held);
        });
    }

    static void close_all(held_port& held) {
        error_code ignored;
        for (auto& acceptor : held.acceptors)
            acceptor->close(ignored);
        held.acceptors.clear();
    }

    /// Those whose connection the system has made already.
    void take_waiting(const held_port& held) {
        for (auto& acceptor : held.acceptors) {
            error_code ec;
            for (;;) {
                auto socket = acceptor->accept(ec);
                if (!ec)
                    take(std::move(socket), held.app);
                else if (ec != asio::error::connection_aborted) // gone again; another may wait behind it
                    break;
            }
        }
    }

    task<> accept(std::shared_ptr<tcp::acceptor> on, std::shared_ptr<const app_view> app,
                  std::shared_ptr<const bool> closed) {
        while (on->is_open()) {
            auto [ec, socket] = co_await on->async_accept(as_result);
            if (*closed)
                co_return;
            if (!ec) // also where it was let go of in this very moment
                take(std::move(socket), app);
            else if (on->is_open()) { // out of descriptors, most likely: they come back when connections end
                asio::steady_timer pause(on->get_executor(), std::chrono::milliseconds(100));
                co_await pause.async_wait(as_result);
            }
        }
    }

    void take(tcp::socket socket, std::shared_ptr<const app_view> app) {
        auto slot = admit_();
        if (!slot) {
            turn_away(socket);
            return;
        }
        auto held = std::make_shared<held_connection>(*this, host_, std::move(app), std::move(socket), std::move(slot));
        open_.insert(held.get());
        bool has_place = make_place(held->app_id());
        if (has_place)
            waiting_.emplace(held->app_id(), held.get());
        asio::co_spawn(host_.executor, serve(std::move(held), has_place), asio::detached);
    }

    static task<> serve(std::shared_ptr<held_connection> held, bool has_place) {
        try {
            if (has_place)
                co_await held->run();
            else
                co_await held->turn_away();
        } catch (const std::exception& e) {
            spdlog::error("A held connection ended with an error: {}", e.what());
        }
    }

    /// False: as many wait as may, and none of them has said its last word.
    bool make_place(const std::string& id) {
        if (waiting_.count(id) < host_.options.most_held)
            return true;
        auto [at, end] = waiting_.equal_range(id);
        auto done = std::find_if(at, end, [](auto& item) { return item.second->has_ended(); });
        if (done == end)
            return false;
        auto* left = done->second;
        waiting_.erase(done);
        left->close();
        return true;
    }

    std::shared_ptr<waking> wake(const std::string& id) override {
        std::erase_if(wakes_, [](auto& item) {
            auto wake = item.second.lock();
            return !wake || wake->result;
        });
        if (auto under_way = wakes_[id].lock())
            return under_way;
        auto mine = std::make_shared<waking>();
        wakes_[id] = mine;
        asio::co_spawn(host_.executor, wake_up(host_.orch, id, host_.options.wake_patience, mine), rethrow);
        return mine;
    }
    void leave(held_connection& c) override {
        auto [at, end] = waiting_.equal_range(c.app_id());
        auto found = std::find_if(at, end, [&](auto& item) { return item.second == &c; });
        if (found != end)
            waiting_.erase(found);
    }
    void ended(held_connection& c) override {
        leave(c);
        open_.erase(&c);
    }

    relay_host& host_;
    watchers& told_;
    std::function<std::shared_ptr<void>()> admit_;
    asio::steady_timer again_; // for what could not be held
    bool trying_ = false;
    std::map<std::string, held_port> ports_;               // of those that sleep
    std::set<held_connection*> open_;                      // those that are tunnels by now, too
    std::multimap<std::string, held_connection*> waiting_; // who has a place, by the app's id
    std::map<std::string, std::weak_ptr<waking>> wakes_;
    std::shared_ptr<bool> closed_ = std::make_shared<bool>(false); // coroutines may outlive this
};

} // namespace

std::unique_ptr<holder> create_holder(relay_host& host, watchers& told, std::function<std::shared_ptr<void>()> admit) {
    return std::make_unique<port_holder>(host, told, std::move(admit));
}

} // namespace berth::net
