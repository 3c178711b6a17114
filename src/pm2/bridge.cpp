#include "pm2/bridge.hpp"

#include "core/child_process.hpp"
#include "pm2/bridge_process.hpp"
#include "pm2/bridge_state.hpp"
#include "pm2/protocol.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <map>
#include <utility>

namespace berth {
namespace {

using namespace std::chrono_literals;

constexpr auto list_deadline = 2s, deadline = 30s;
constexpr std::size_t pending_limit = 1000; // requests; each is a few hundred bytes

/// A request that waits for its answer. The timer is its deadline; the answer, or the end of the bridge, cuts it short.
struct request {
    explicit request(const asio::any_io_executor& executor) : waiting(executor) {}
    asio::steady_timer waiting;
    std::optional<result<protocol::answer>> outcome;
};

using request_map = std::map<std::uint64_t, std::shared_ptr<request>>;

/// Takes a request out of the map however its coroutine ends. The map is shared, as the coroutine may be destroyed
/// after the bridge.
struct registration {
    std::shared_ptr<request_map> map;
    std::uint64_t id;
    ~registration() { map->erase(id); }
};

class bridge final : public process_manager {
public:
    bridge(asio::any_io_executor executor, bridge_options options)
        : executor_(std::move(executor)), options_(std::move(options)), pause_(executor_), finished_(executor_) {
        options_.variables = clean_environment(options_.variables);
    }

    void listen(process_manager_listener& listener) override { listener_ = &listener; }

    void run() override {
        running_ = true;
        asio::co_spawn(executor_, supervise(), asio::detached);
    }

    task<> shut_down() override {
        stopping_ = true;
        pause_.cancel();
        if (current_)
            current_->close();
        co_await wait_until_finished(1s);
        if (current_)
            current_->kill("It did not end when asked.");
        co_await wait_until_finished(1s);
    }

    task<result<pm2_table>> list() override {
        auto id = ++last_id_;
        auto line = protocol::encode_list(id);
        auto answered = co_await ask(id, std::move(line), "list", list_deadline);
        if (!answered)
            co_return answered.error();
        if (!answered->processes)
            co_return error{errc::pm2_failed, "pm2 answered without a table."};
        pm2_table table;
        table.daemon_pid = state_.daemon_pid();
        table.processes = std::move(*answered->processes);
        co_return table;
    }

    task<result<pm2_run>> start(start_options app) override {
        auto id = ++last_id_;
        auto line = protocol::encode_start(id, app);
        auto answered = co_await ask(id, std::move(line), "start", deadline);
        if (!answered)
            co_return answered.error();
        if (!answered->run)
            co_return error{errc::pm2_failed, "pm2 started " + app.name + " without saying how."};
        co_return *answered->run;
    }

    task<result<>> stop(pm2_address app) override { return act("stop", std::move(app)); }
    task<result<>> remove(pm2_address app) override { return act("delete", std::move(app)); }
    task<result<>> remove_doubles(pm2_address app) override { return act("deleteDoubles", std::move(app)); }

    pm2_health health() const override { return state_.health(); }

private:
    task<result<>> act(const char* op, pm2_address app) {
        auto id = ++last_id_;
        auto line = protocol::encode_one(id, op, app);
        auto answered = co_await ask(id, std::move(line), op, deadline);
        if (!answered)
            co_return answered.error();
        co_return result<>();
    }

    task<result<protocol::answer>> ask(std::uint64_t id, std::string line, const char* op, std::chrono::seconds limit) {
        if (stopping_)
            co_return error{errc::shutting_down, "Berth is ending."};
        if (!state_.is_connected() || !current_)
            co_return state_.unavailable();
        if (pending_->size() >= pending_limit)
            co_return error{errc::pm2_unavailable, "Too many requests wait for pm2. Try again in a moment."};

        auto mine = std::make_shared<request>(executor_);
        pending_->emplace(id, mine);
        registration registered{pending_, id};
        auto asked_of = current_->pid();
        current_->send(std::move(line));
        state_.asked();
        mine->waiting.expires_after(limit);
        co_await mine->waiting.async_wait(as_result);
        if (mine->outcome)
            co_return *std::move(mine->outcome);

        std::string reason =
            "pm2 did not answer to " + std::string(op) + " within " + std::to_string(limit.count()) + " s.";
        if (limit == list_deadline && current_ && current_->pid() == asked_of)
            current_->kill(reason + " Berth connects to it anew.");
        co_return error{errc::pm2_unavailable, std::move(reason)};
    }

    task<> supervise() {
        while (!stopping_) {
            auto verdict = co_await one_life();
            if (stopping_)
                break;
            pause_.expires_after(verdict.wait);
            co_await pause_.async_wait(as_result);
        }
        running_ = false;
        finished_.cancel();
    }

    task<bridge_state::verdict> one_life() {
        child_options how;
        how.command = options_.command;
        how.variables = options_.variables;
        how.input = how.channel = true;
        auto child = options_.spawn(executor_, how);
        if (!child)
            co_return down(child.error().detail +
                           ". Berth needs Node.js 20.9 or later, and tries again every few seconds.");

        bridge_process process(*std::move(child), [this](protocol::message& m) { on_message(m); });
        state_.started(process.pid());
        current_ = &process;
        auto reason = co_await process.run();
        current_ = nullptr;
        co_return down(std::move(reason));
    }

    bridge_state::verdict down(std::string reason) {
        bool was_connected = state_.is_connected();
        auto verdict = state_.ended(std::move(reason), bridge_state::clock::now());
        auto& told = *state_.health().error;
        auto waiting = *pending_; // a copy: those who are woken take themselves out
        for (auto& [id, each] : waiting)
            finish(*each, stopping_ ? error{errc::shutting_down, "Berth is ending."} : state_.unavailable());
        if (!stopping_ && (was_connected || verdict.news)) {
            spdlog::warn("pm2 is not connected: {}", told);
            if (listener_)
                listener_->on_disconnected(told);
        }
        return verdict;
    }

    void on_message(protocol::message& message) {
        if (auto* answer = std::get_if<protocol::answer>(&message)) {
            auto found = pending_->find(answer->id);
            if (found == pending_->end())
                return; // its deadline passed
            if (answer->error)
                finish(*found->second, error{errc::pm2_failed, "pm2 said: " + *answer->error + "."});
            else
                finish(*found->second, std::move(*answer));
        } else if (auto* ready = std::get_if<protocol::ready>(&message)) {
            state_.connected(*ready, bridge_state::clock::now());
            spdlog::info("pm2 {} is connected, its daemon is process {}", ready->version.value_or("?"),
                         state_.daemon_pid());
            if (listener_)
                listener_->on_connected();
        } else if (!state_.is_connected() || !listener_) {
            return;
        } else if (auto* event = std::get_if<pm2_event>(&message)) {
            listener_->on_event(*event);
        } else if (auto* wrote = std::get_if<protocol::wrote>(&message)) {
            listener_->on_wrote(wrote->name);
        }
    }

    static void finish(request& waiting, result<protocol::answer> outcome) {
        if (!waiting.outcome)
            waiting.outcome = std::move(outcome);
        waiting.waiting.cancel();
    }

    task<> wait_until_finished(std::chrono::seconds limit) {
        if (!running_)
            co_return;
        finished_.expires_after(limit);
        co_await finished_.async_wait(as_result);
    }

    asio::any_io_executor executor_;
    bridge_options options_;
    process_manager_listener* listener_ = nullptr;
    bridge_state state_;
    bridge_process* current_ = nullptr; // in one_life()'s frame
    std::shared_ptr<request_map> pending_ = std::make_shared<request_map>();
    std::uint64_t last_id_ = 0;
    bool running_ = false; // supervise() is under way
    bool stopping_ = false;
    asio::steady_timer pause_, finished_;
};

} // namespace

std::unique_ptr<process_manager> create_bridge(asio::any_io_executor executor, bridge_options options) {
    return std::make_unique<bridge>(std::move(executor), std::move(options));
}

} // namespace berth
