// The sync: reads pm2's table and the machine, judges every app, and writes what changed into the registry. The only
// code that reads pm2's table; requirements section 4 and spec section 4.
//
// Events are hints: they make a sync due at once. Without any, one runs every 3 s while a dashboard looks, every 30 s
// otherwise, and more often while an app is launching (nothing announces that a port was bound). Reads share it. It
// never waits for the disk: what has to be read there (an edited manifest, the last words of a crash) comes in when it
// is read. Lives on the reactor.
#pragma once

#include "core/keeper.hpp"
#include "core/list_cost.hpp"
#include "core/machine.hpp"
#include "core/orchestrator.hpp"
#include "core/process_manager.hpp"
#include "core/projects.hpp"
#include "core/registry.hpp"
#include "core/shared_job.hpp"
#include "core/status.hpp"
#include "core/sync_listener.hpp"

#include <chrono>
#include <map>
#include <set>
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
    sync(asio::any_io_executor, registry&, keeper&, storage&, process_manager&, machine&, projects&);

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
    void listen(sync_listener* l) { listener_ = l; }

    app_ref ref(const app&) const;
    const sync_figures& figures() const { return figures_; }
    const std::vector<orphan>& orphans() const { return orphans_; }
    /// Takes one of the places of --max-running, whatever its status: the kernel says that something of it lives, or
    /// pm2 is silent and it was meant to run.
    bool counts(const app&) const;

    /// Nobody listens on the port of one that sleeps, and why; empty: somebody does. Its reason says so.
    void not_held(const std::string& id, const std::string& why);

    task<> close();

private:
    task<> run();
    task<> pause();
    void look_for_edits();
    task<result<pm2_table>> list();
    task<> apply(pm2_table);
    void without_pm2(const std::string& reason);
    void note_orphans(const std::vector<pm2_process>&);
    task<> drop_left_row(std::string id);
    task<> ask_last_words(std::string id);
    task<> add_last_words(std::string id);
    task<> read_dev_script(std::string id);
    void look_at_folders();
    task<> look_at_folder(std::string id);
    launch_wish launch_of(const app&) const;
    void aside(task<>);
    void plan_next();

    asio::any_io_executor executor_;
    registry& registry_;
    keeper& keeper_;
    storage& storage_;
    process_manager& pm2_;
    machine& machine_;
    projects& projects_;
    sync_listener* listener_ = nullptr;

    std::map<std::string, exit_news> exits_;                        // by app id: the last that the bus told
    std::map<std::string, std::optional<std::string>> dev_scripts_; // by app id, of those that listen elsewhere
    std::map<std::string, std::optional<std::string>> obstacles_; // by app id: what its folder would refuse a start for
    std::map<std::string, std::string> not_held_; // by app id: why nobody listens on its port while it sleeps
    std::set<std::string> looking_at_;                            // ids of apps whose folder is looked at now
    std::set<std::string> alive_;                                 // ids of apps of which the kernel shows something
    std::vector<orphan> orphans_;
    std::set<std::string> left_rows_; // ids of deleted apps whose row pm2 was told, or is being told, to forget
    sync_figures figures_;
    std::uint64_t mark_ = 0; // of the registry's operations, when the last list was asked for
    bool silent_ = true;     // pm2 did not answer the last time

    bool unsettled_ = false; // pm2 shows a process that has ended: the next look must come soon

    bool hurried_ = false; // an event is waiting for the next sync
    bool audience_ = false;
    bool connected_ = false;
    bool closed_ = false;
    bool looking_for_edits_ = false;
    int aside_ = 0; // what runs beside the syncs
    std::string disconnect_reason_ = "pm2 is not connected yet.";
    std::chrono::steady_clock::time_point disconnected_at_;
    std::chrono::steady_clock::time_point begun_{};
    list_cost cost_;
    std::chrono::steady_clock::time_point edits_looked_at_{}, folders_looked_at_{};
    asio::steady_timer spacing_;
    asio::steady_timer connection_;
    asio::steady_timer next_;
    asio::steady_timer aside_ended_;
    shared_job runs_;
};

} // namespace berth
