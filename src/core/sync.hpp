// The sync: reads pm2's table and the machine, judges every app, and writes what changed into the registry. The only
// code that reads pm2's table; requirements section 4 and spec section 4.
//
// Events are hints: they make a sync due at once. Without any, one runs every 3 s while a dashboard looks, every 30 s
// otherwise, and more often while an app is launching (nothing announces that a port was bound). Reads share it. Lives
// on the reactor.
#pragma once

#include "core/keeper.hpp"
#include "core/list_cost.hpp"
#include "core/machine.hpp"
#include "core/orchestrator.hpp"
#include "core/process_manager.hpp"
#include "core/registry.hpp"
#include "core/shared_job.hpp"
#include "core/status.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace berth {

/// When the next sync may begin after one that began at `begun`, when a list costs pm2's daemon `cost`: so that it
/// spends at most about a quarter of a core on lists.
std::chrono::steady_clock::time_point next_sync(std::chrono::steady_clock::time_point begun,
                                                std::chrono::steady_clock::duration cost);

/// The longest time between two syncs.
std::chrono::steady_clock::duration sync_interval(bool audience, bool launching);

class sync {
public:
    sync(asio::any_io_executor, registry&, keeper&, storage&, process_manager&, machine&);

    /// Returns when a sync that began after the call has ended, well or badly.
    task<> fresh() { return runs_.fresh(); }

    /// Waits for pm2, at most until then: its daemon takes a moment to start, and a bridge to come back.
    task<> wait_for_pm2(std::chrono::steady_clock::time_point until);

    /// pm2 said something: a sync is due now, without waiting for the spacing of reads.
    void hint();
    void on_event(const pm2_event&);
    void on_connected();
    void on_disconnected(const std::string& reason);
    void set_audience(bool present);

    /// A row of pm2's that is to go when it is seen: its app was deleted while pm2 could not be asked. When pm2 has
    /// shown that there is none, the journal's entry of the delete goes too.
    void forget(std::string process_name);

    app_ref ref(const app&) const;
    const sync_figures& figures() const { return figures_; }
    const std::vector<orphan>& orphans() const { return orphans_; }
    /// pm2's id of the app's row, or else of the row that bears its name with a port from before an edit.
    std::optional<int> row_of(const app&) const;

    task<> close();

private:
    struct news {
        exit_news exit;
        std::uint64_t at; // count of lists begun when it came
    };

    task<> run();
    task<> pause();
    task<> look_for_edits();
    task<result<pm2_table>> list();
    task<> apply(pm2_table);
    void without_pm2(const std::string& reason);
    void note_orphans(const std::vector<pm2_process>&);
    void drop_forgotten(pm2_table&);
    task<> remove_row(std::string name, int pm_id);
    task<> end_delete(std::string id);
    void plan_next();

    asio::any_io_executor executor_;
    registry& registry_;
    keeper& keeper_;
    storage& storage_;
    process_manager& pm2_;
    machine& machine_;

    std::map<std::string, news> exits_;     // by app id: what the bus said of the last exit, until the app runs again
    std::map<std::string, bool> forgotten_; // by name: whether pm2 is being told
    std::vector<orphan> orphans_;
    sync_figures figures_;
    std::uint64_t lists_ = 0; // lists begun
    std::uint64_t mark_ = 0;  // of the registry's operations, when the last list was asked for

    bool unsettled_ = false; // pm2 shows a process that has ended: the next look must come soon

    bool hurried_ = false; // an event is waiting for the next sync
    bool audience_ = false;
    bool connected_ = false;
    bool closed_ = false;
    std::string disconnect_reason_ = "pm2 is not connected yet.";
    std::chrono::steady_clock::time_point disconnected_at_;
    std::chrono::steady_clock::time_point begun_{};
    list_cost cost_;
    std::chrono::steady_clock::time_point edits_looked_at_{};
    asio::steady_timer spacing_;
    asio::steady_timer connection_;
    asio::steady_timer next_;
    shared_job runs_;
};

} // namespace berth
