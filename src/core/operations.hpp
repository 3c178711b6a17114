// start, stop, sleep and delete of one app: requirements section 6, spec sections 6 and 15.
//
// There is one way to start: whatever runs of the app is ended, its row leaves pm2, and it is registered anew.
// Rejected: pm2's own restart, which keeps the folder, the log files, the Node and the environment of the first start.
// And there is one way to end: Berth ends what is the app's, and then tells pm2.
//
// Operations on one app wait for each other; those on different apps run side by side. The same request twice in a row
// is done once and answered twice. The work belongs to this class, not to who asked: it goes on when the client is
// gone. Lives on the reactor.
#pragma once

#include "core/keeper.hpp"
#include "core/machine.hpp"
#include "core/process_manager.hpp"
#include "core/projects.hpp"
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
    /// finish_*: what an earlier server, or a disk that refused, has cut short.
    enum class kind {
        first_start,
        start,
        finish_start,
        stop,
        finish_stop,
        sleep,
        finish_sleep,
        wake,
        remove,
        remove_but_keep_folder,
        finish_remove
    };

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
        berth::projects& projects;
    };

    /// `room` says whether one more app may run now: asked for a start of one that has no place yet.
    operations(asio::any_io_executor, parts, std::function<result<>()> room);

    /// `why`: of a sleep. One that nobody asked for is not done where somebody is connected: errc::in_use.
    task<outcome> run(kind, std::string id, nap::cause why = nap::cause::asked);

    static error not_found(const std::string& id);

    /// Has a place among --max-running: it runs, is about to, or may run for all that is known.
    bool has_place(const app&) const;

    /// Carries on with what was cut short, side by side, and shows it from the first moment on: deletes, and starts and
    /// stops whose intent is on the disk and whose end is not. All wait for pm2 as long as it takes: it may have done
    /// its part, or have been told something else meanwhile.
    void finish_all();

    /// No further operation begins; returns when those under way have ended.
    task<> close();

private:
    struct job {
        job(asio::any_io_executor executor, kind k, nap::cause w) : what(k), why(w), ended(executor) {
            ended.expires_at(std::chrono::steady_clock::time_point::max());
        }
        kind what;
        nap::cause why;
        asio::steady_timer ended; // cancelled when done
        std::optional<outcome> result;
    };
    using queue = std::deque<std::shared_ptr<job>>;

    task<> work_off(std::string id);
    task<outcome> perform(const job&, const std::string& id);
    task<result<>> start(const std::string& id, kind);
    task<result<>> stop(const std::string& id);
    task<result<>> finish_stop(const std::string& id);
    task<result<>> sleep(const std::string& id, nap::cause);
    task<result<>> finish_sleep(const std::string& id);
    task<result<>> fall_asleep(const std::string& id, nap::cause);
    task<bool> is_in_use(const std::string& id);
    task<> tell_pm2_to_stop(const std::string& id);
    task<result<>> remove(const std::string& id, removal, std::optional<std::string>& warning);
    task<result<>> finish_remove(const std::string& id, std::optional<std::string>& warning);

    task<> finish(kind, std::string id);
    void retry_removals();
    pm2_address address(const std::string& id) const;
    task<result<>> set_wish(const std::string& id, intent);
    task<result<>> end_processes(const std::string& id);
    task<result<>> bring_up(const std::string& id, bool& cleared);
    task<result<>> mark(const std::string& id, removal);
    task<bool> take_out(const std::string& id, std::optional<std::string>& warning);
    task<bool> forget_in_pm2(const std::string& id, std::optional<std::string>& warning);
    task<result<>> remove_files(const std::string& id, std::optional<std::string>& warning);

    asio::any_io_executor executor_;
    parts parts_;
    std::function<result<>()> room_;
    std::map<std::string, queue> queues_;
    asio::steady_timer idle_;  // cancelled when a queue has become empty, or a pause before a retry has ended
    asio::steady_timer retry_; // of deletes that the disk refused to finish
    bool retrying_ = false;
    bool closed_ = false;
};

} // namespace berth
