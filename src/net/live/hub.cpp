#include "net/live/hub.hpp"

#include "net/live/hub_client.hpp"
#include "net/live/log_watch.hpp"
#include "net/live/messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <set>

namespace berth::net {
namespace {

shared_text shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

class event_hub final : public hub, public watcher, public client_home {
public:
    event_hub(asio::any_io_executor executor, orchestrator& orch, net::watchers& told, log_files& logs,
              hub_options options)
        : executor_(executor), orch_(orch), told_(told), logs_(logs), options_(options), tick_(executor), emptied_(executor),
          watch_(create_log_watch(executor, logs, options.look_every,
                                  [this](auto& id, auto stream, auto& piece) { looked(id, stream, piece); })) {
        told_.add(*this);
    }

    // hub
    void adopt(asio::ip::tcp::socket socket, upgrade_request request, std::shared_ptr<void> slot) override {
        asio::co_spawn(executor_, serve(std::move(socket), std::move(request), std::move(slot)), asio::detached);
    }

    std::size_t clients() const override { return clients_.size(); }

    task<> shut_down() override {
        stopping_ = true;
        told_.remove(*this);
        tick_.cancel();
        for (auto& client : clients_)
            asio::co_spawn(executor_, client->close(), asio::detached);
        emptied_.expires_after(options_.close_deadline);
        if (!clients_.empty())
            co_await emptied_.async_wait(as_result);
        for (auto& client : clients_)
            client->abort();
        emptied_.expires_after(options_.close_deadline);
        if (!clients_.empty())
            co_await emptied_.async_wait(as_result);
    }

    // watcher. Nothing of the orchestrator is asked in these: it is in the middle of something.
    void on_change(const change& c) override {
        snapshot_ = {};
        for (auto& [revision, id] : c.removed)
            to_all([&, text = shared(removed_message(revision, id)), at = revision, &gone = id](hub_client& client) {
                client.send_state(text, at);
                client.forget(gone);
            });
        for (auto& app : c.apps)
            if (!clients_.empty())
                to_all([text = shared(app_message(*app)), revision = app->revision](hub_client& client) {
                    client.send_state(text, revision);
                });
    }
    void on_event(const std::string& id, const std::string& event, std::int64_t at_ms) override {
        news(event_message(id, event, at_ms));
    }
    void on_operation(const operation& o) override {
        snapshot_ = {};
        news(operation_message(o));
    }
    void on_activity(const activity_entry& e) override { news(activity_message(e)); }
    void on_wrote(const std::string& id) override { watch_->hint(id); }
    void on_problems() override {
        snapshot_ = {};
        to_all([](hub_client& client) { client.renew(); });
    }

    // client_home
    snapshot current() override {
        auto apps = orch_.apps();
        if (!snapshot_.text || snapshot_.revision != apps->revision)
            snapshot_ = {apps->revision, shared(snapshot_message(*apps, orch_.operations(), orch_.problems()))};
        return snapshot_;
    }
    bool has_app(const std::string& id) const override { return orch_.apps()->find(id) != nullptr; }
    void followed(const std::string& id) override { watch_->add(id); }
    void unfollowed(const std::string& id) override { watch_->remove(id); }
    log_files& logs() override { return logs_; }

private:
    task<> serve(asio::ip::tcp::socket socket, upgrade_request request, std::shared_ptr<void> slot) {
        bool compress = clients_.size() < options_.max_compressed;
        auto pipe = create_websocket(std::move(socket), compress);
        auto accepted = co_await pipe->accept(std::move(request));
        if (!accepted || stopping_)
            co_return;
        auto client = create_hub_client(executor_, *this, std::move(pipe), std::move(slot));
        enter(client);
        try {
            co_await client->run();
        } catch (const std::exception& e) {
            spdlog::error("A WebSocket client was dropped after an error: {}", e.what());
            client->abort();
        }
        leave(client);
    }

    void enter(const std::shared_ptr<hub_client>& client) {
        clients_.insert(client);
        told_.set_audience(*this, clients_.size());
        if (!ticking_) {
            ticking_ = true;
            asio::co_spawn(executor_, tick(), asio::detached);
        }
    }

    void leave(const std::shared_ptr<hub_client>& client) {
        clients_.erase(client);
        told_.set_audience(*this, clients_.size());
        if (clients_.empty())
            emptied_.cancel();
    }

    /// While there are clients: one timer for the pings and silences of all.
    task<> tick() {
        while (!stopping_ && !clients_.empty()) {
            tick_.expires_after(options_.ping_every / 4);
            co_await tick_.async_wait(as_result);
            auto now = std::chrono::steady_clock::now();
            to_all([&](hub_client& client) { client.tick(now, options_); });
        }
        ticking_ = false;
    }

    void looked(const std::string& id, log_stream stream, const log_piece& piece) {
        to_all([&](hub_client& client) { client.looked(id, stream, piece); });
    }

    void news(std::string text) {
        to_all([text = shared(std::move(text))](hub_client& client) { client.send_news(text); });
    }

    // What a client is told only wakes its coroutines: none enters or leaves within.
    template <class F>
    void to_all(F f) {
        for (auto& client : clients_)
            f(*client);
    }

    asio::any_io_executor executor_;
    orchestrator& orch_;
    net::watchers& told_;
    log_files& logs_;
    hub_options options_;
    std::set<std::shared_ptr<hub_client>> clients_;
    snapshot snapshot_; // the last one made, until something changes
    asio::steady_timer tick_;
    asio::steady_timer emptied_;
    std::unique_ptr<log_watch> watch_;
    bool ticking_ = false;
    bool stopping_ = false;
};

} // namespace

std::unique_ptr<hub> create_hub(asio::any_io_executor executor, orchestrator& orch, watchers& told, log_files& logs,
                                hub_options options) {
    return std::make_unique<event_hub>(std::move(executor), orch, told, logs, options);
}

} // namespace berth::net
