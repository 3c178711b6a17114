// stop, restart and delete of one app, and the first start of a new one: requirements section 6, spec section 6.
//
// Operations on one app wait for each other; those on different apps run side by side. The same request twice in a row
// is done once and answered twice. The work belongs to this class, not to who asked: it goes on when the client is
// gone. Lives on the reactor.
#pragma once

#include "core/keeper.hpp"
#include "core/machine.hpp"
#include "core/process_manager.hpp"
#include "core/registry.hpp"
#include "core/storage.hpp"
#include "core/sync.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace berth {

class operations {
public:
    enum class kind { first_start, finish_start, stop, finish_stop, restart, remove, remove_but_keep_folder };

    struct outcome {
        std::optional<berth::error> error;
        std::optional<std::string> warning;  // of a delete: what stayed behind
        std::shared_ptr<const app_view> app; // after the operation; none after a delete
    };

    struct parts {
        berth::registry& registry;
        berth::keeper& keeper;
        berth::sync& sync;
        berth::storage& storage;
        process_manager& pm2;
        berth::machine& machine;
    };

    /// `room` says whether one more app may run now.
    operations(asio::any_io_executor, parts, std::function<result<>()> room);

    task<outcome> run(kind, std::string id);

    /// Apps that run, or are about to.
    int running() const;

    /// Starts or stops (finish_start, finish_stop) that a crash cut short: their intent is on the disk, their end is
    /// not. Waits for pm2, which may have done its part, or may have been told something else by somebody meanwhile.
    task<> finish(kind, std::vector<std::string> ids);

    /// At start, before anything else is asked: finishes a delete that a crash cut short, as its mark tells.
    task<> finish_removal(std::string id);

    /// No further operation begins; returns when those under way have ended.
    task<> close();

private:
    struct job {
        job(asio::any_io_executor executor, kind k) : what(k), ended(executor) {
            ended.expires_at(std::chrono::steady_clock::time_point::max());
        }
        kind what;
        asio::steady_timer ended; // cancelled when done
        std::optional<outcome> result;
    };
    using queue = std::deque<std::shared_ptr<job>>;

    task<> work_off(std::string id);
    task<outcome> perform(kind, const std::string& id);
    task<result<>> stop(const std::string& id);
    task<result<>> restart(const std::string& id);
    task<result<>> start(const std::string& id, bool first);
    task<result<>> remove(const std::string& id, bool files_too, std::optional<std::string>& warning);

    task<result<>> set_wish(const std::string& id, intent);
    task<result<>> finish_stop(const std::string& id);
    task<result<>> finish_start(const std::string& id);
    task<result<>> stop_in_pm2(const std::string& id);
    task<result<>> end_leftovers(const std::string& id, std::optional<std::string>* stranger = nullptr);
    task<result<>> bring_up(const std::string& id);
    task<result<>> start_in_pm2(const std::string& id);
    task<result<>> restart_in_place(const std::string& id, int pm_id);
    task<result<>> strike_out(const std::string& id);
    task<std::optional<std::string>> remove_files(const std::string& id);

    asio::any_io_executor executor_;
    parts parts_;
    std::function<result<>()> room_;
    std::map<std::string, queue> queues_;
    asio::steady_timer idle_; // cancelled when a queue has become empty
    bool closed_ = false;
};

} // namespace berth
