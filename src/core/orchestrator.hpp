// What clients can ask of Berth: requirements section 6, as one interface. The REST API and the WebSocket are written
// against it; create_orchestrator() makes the real one from its outside parts.
//
// Lives on the reactor. A task returned from here may be abandoned by its caller (the client went away): the work that
// it started goes on to its end, owned by the orchestrator.
#pragma once

#include "core/activity_log.hpp"
#include "core/git.hpp"
#include "core/history.hpp"
#include "core/log_keeper.hpp"
#include "core/machine.hpp"
#include "core/page_checker.hpp"
#include "core/process_manager.hpp"
#include "core/project_tools.hpp"
#include "core/projects.hpp"
#include "core/readiness.hpp"
#include "core/scaffolder.hpp"
#include "core/sleep_rule.hpp"
#include "core/storage.hpp"
#include "core/view.hpp"
#include "core/why.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace berth {

/// An existing project, to be taken in where it is.
struct adoption {
    std::string directory; // absolute
    std::string script = "dev";
    bool take_over = false; // end the dev server that runs in it
};

struct create_options {
    std::optional<std::string> name; // none: generated, or an adopted folder's own
    std::optional<std::string> category;
    std::optional<std::string> request; // the asker's own word, given back in the operation
    std::optional<std::string> notes;
    bool lan = false;
    // At most one of these; none: the template `next`, or what --scaffold makes.
    std::optional<std::string> made_from; // a template
    std::optional<std::string> fork_of;   // an app's id: with its uncommitted work
    std::optional<adoption> adopt;        // nothing is made: it is taken in
    bool fresh = false;                   // scaffold `next` anew, and keep that as the template
};

/// What is to change. A field that is not given stays; a category or notes that hold none are cleared.
struct app_edit {
    std::optional<std::string> name;
    std::optional<std::optional<std::string>> category;
    std::optional<std::optional<std::string>> notes;
    std::optional<bool> keep_awake;
    std::optional<bool> lan;
};

enum class bulk_action { stop, restart, sleep, wake, remove, remove_but_keep_folder };

struct all_apps {};
struct apps_of_category {
    std::optional<std::string> category; // none: the apps without one
};
using bulk_selection = std::variant<std::vector<std::string>, apps_of_category, all_apps>;

struct bulk_result {
    std::string id;
    std::optional<berth::error> error; // none: done
};

struct removed_app {
    std::string id;
    std::optional<std::string> warning; // what stayed behind, and where
};

struct sync_figures {
    std::uint64_t count = 0;
    std::uint64_t failed = 0;
    std::optional<std::int64_t> last_at; // ms since 1970
    double last_ms = 0;                  // how long the last one took
};

struct orphan {
    std::string name;
    int pm_id = 0;
    std::uint16_t port = 0;
    std::string directory;
    bool foreign = false; // it runs outside of our root: another Berth's, or somebody's own
    bool operator==(const orphan&) const = default;
};

/// Told on the reactor, right after something changed; must not block and must not call back into the orchestrator.
class watcher {
public:
    virtual void on_change(const change&) = 0;
    virtual void on_event(const std::string& id, const std::string& event, std::int64_t at_ms) = 0;
    virtual void on_operation(const operation&) = 0;
    virtual void on_wrote(const std::string& id) = 0;
    virtual void on_problems() = 0;
    virtual void on_activity(const activity_entry&) = 0;

protected:
    ~watcher() = default;
};

class orchestrator {
public:
    virtual ~orchestrator() = default;

    /// Loads the manifest, finishes what a crash left half done, starts the bridge. Fails when the root cannot be used.
    virtual task<result<>> open() = 0;
    /// Ends creates under way (their folders too) and the bridge; apps go on running. Nothing may be asked afterwards.
    virtual task<> shut_down() = 0;

    /// One watcher, which may tell others.
    virtual void watch(watcher*) = 0;
    /// How many dashboards are connected: with one or more a sync runs at least every 3 s, with none every 30 s.
    virtual void set_audience(std::size_t clients) = 0;

    /// Returns when a sync that began after the call has ended, well or badly. Shared by all who wait.
    virtual task<> fresh() = 0;
    /// The state as of the last change. Never null.
    virtual std::shared_ptr<const apps_view> apps() const = 0;
    /// The manifest file's text as of the last change.
    virtual std::string manifest_text() const = 0;

    virtual task<result<std::shared_ptr<const app_view>>> create(create_options) = 0;
    virtual task<result<std::shared_ptr<const app_view>>> stop(std::string id) = 0;
    virtual task<result<std::shared_ptr<const app_view>>> restart(std::string id) = 0;
    /// Ends it until it is opened, whoever is connected; at once for one that sleeps. errc::not_running where nothing
    /// runs.
    virtual task<result<std::shared_ptr<const app_view>>> sleep(std::string id) = 0;
    /// Starts one that sleeps; at once for one that runs. errc::not_asleep for any other; errc::limit_reached where it
    /// has no place among --max-running, and nobody may be put to sleep for it.
    virtual task<result<std::shared_ptr<const app_view>>> wake(std::string id) = 0;
    /// Nobody listens on the port of one that sleeps: why not, as a sentence. Empty: somebody does again.
    virtual void not_held(const std::string& id, const std::string& why) = 0;
    /// Asks its dev server whether its pages work, and returns when that has answered, well or badly.
    /// errc::not_running where it is not online.
    virtual task<result<std::shared_ptr<const app_view>>> check(std::string id) = 0;
    /// Whether what is sent to it can be passed on, as arrivals (core/readiness.hpp) has it. `wakes`: what is sent is a
    /// reason to wake one that sleeps; else it is down.
    virtual task<readiness> ready(std::string id, std::chrono::milliseconds patience, bool wakes) = 0;
    /// What is known of its trouble, as of the last change.
    virtual task<result<why_report>> why(std::string id) = 0;
    /// On the disk when it returns; what needs a start to come about is in the app's pending().
    virtual task<result<std::shared_ptr<const app_view>>> edit(std::string id, app_edit) = 0;
    virtual task<result<removed_app>> remove(std::string id, bool cleanup) = 0;
    virtual task<std::vector<bulk_result>> bulk(bulk_action, bulk_selection) = 0;

    virtual task<std::vector<template_view>> templates() = 0;
    /// Returns when it is made; `source` as parse_template_source() reads it.
    virtual task<result<template_view>> add_template(std::string name, std::string source) = 0;
    virtual task<result<template_view>> refresh_template(std::string name) = 0;
    virtual task<result<>> remove_template(std::string name) = 0;

    /// Of the last hour, oldest first; empty where there is no such app.
    virtual std::vector<sample> history(const std::string& id) const = 0;
    virtual activity_page activity(const activity_query&) const = 0;

    /// Creates and templates under way, oldest first.
    virtual std::vector<operation> operations() const = 0;
    virtual task<result<operation>> cancel(std::string id) = 0;

    virtual sync_figures syncs() const = 0;
    virtual pm2_health pm2() const = 0;
    virtual machine_load load() const = 0;
    virtual std::vector<orphan> orphans() const = 0;
    virtual std::vector<problem> problems() const = 0;
    virtual disk_usage disk() const = 0;
    virtual std::pair<std::uint16_t, std::uint16_t> port_range() const = 0;
    virtual int max_running() const = 0;
    virtual const sleep_settings& sleeping() const = 0;
    virtual const std::filesystem::path& root() const = 0;
};

struct orchestrator_parts {
    berth::storage& storage;
    berth::process_manager& pm2;
    berth::machine& machine;
    berth::scaffolder& scaffolder;
    berth::projects& projects;
    template_store& templates;
    project_tools& tools;
    log_files* logs = nullptr; // none: they grow as they like
    log_bounds bounds = {};
    page_checker* pages = nullptr; // none: no app's `page` is ever known
    activity_store* activity = nullptr; // none: remembered in memory alone
    git_reader* git = nullptr;          // none: no app is in a repository
    sleep_settings sleep = {};
};

/// The parts and the executor must outlive it.
std::unique_ptr<orchestrator> create_orchestrator(asio::any_io_executor, orchestrator_parts, int max_running);

} // namespace berth
