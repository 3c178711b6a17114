// An app as the manifest keeps it: requirements section 3.3, and spec section 2, "An app entry".
#pragma once

#include "core/page.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

/// pm2's name for an app, and the stem of its log files: orch-<id>.
std::string name_in_pm2(const std::string& id);
/// The id in such a name; none in another.
std::optional<std::string> id_in(std::string_view process_name);

enum class status { stopped, launching, online, errored, unknown };

/// What was last asked for, by whomever: the difference between a crash and a stop.
enum class intent { run, stop };

/// A delete that has begun: stored, so that it is finished whatever comes in between. `entry` leaves the folder and the
/// log files where they are.
enum class removal { none, entry, all };

/// Under way now; shown to clients, never stored.
enum class activity { none, starting, stopping, restarting, deleting, waking, sleeping };

/// Of an app that sleeps: ended, and started again when it is opened (spec section 15).
struct nap {
    enum class cause {
        asked,  // somebody said so
        idle,   // nobody was connected for long
        memory, // the machine was short of it
        room,   // another app was woken, and all places of --max-running were taken
    };
    std::int64_t since = 0; // ms since 1970
    cause why = cause::asked;
    bool operator==(const nap&) const = default;
};

/// What of an app's settings a run is given at its start, and keeps until the next.
struct run_settings {
    bool lan = false;
    std::optional<std::string> category; // CATEGORY of its environment
    bool operator==(const run_settings&) const = default;
};

/// Where its folder is in git.
struct git_head {
    std::optional<std::string> branch; // none: no branch is checked out
    std::optional<std::string> commit; // its full hash; none: before the first one
    bool operator==(const git_head&) const = default;
};

struct app {
    // Static: written at creation, never changed.
    std::string id; // 10 characters of [a-z0-9]
    std::uint16_t port = 0;
    std::string created_at; // ISO 8601, UTC, milliseconds
    std::optional<std::string> made_from; // a template's name, "app:<id>" of a fork; none: --scaffold
    /// Of an adopted project: its folder, absolute, without symbolic links. None: the app's folder is ours. What is
    /// adopted is never removed, moved or written to.
    std::optional<std::string> adopted;
    std::string script = "dev"; // of its package.json: what starts it

    // Settings: changed when somebody says so, and by nothing else.
    std::string name;                    // 1 to 64 printable characters
    std::optional<std::string> category; // the same, or none
    std::optional<std::string> notes;    // 1 to 2,000 characters of text
    bool keep_awake = false;
    bool lan = false; // listen as the script says, not on the loopback alone

    // From the name (core/slugs.hpp); the registry sees to it.
    std::string slug;                      // http://<slug>.localhost is the app, on Berth's own port
    std::vector<std::string> former_slugs; // oldest first; redirected as long as nobody has them. Not for clients

    // What is wanted; durable before anybody is told.
    intent wanted = intent::run;
    bool starting = false;            // a start was asked for, and has not ended: the next server finishes it
    removal deleting = removal::none; // the same for a delete. Both are not for clients: they see the operation
    std::optional<nap> asleep;        // it sleeps; `wanted` is run. Clients see whether

    // Of the last start; none: never started.
    std::optional<run_settings> started_with;   // not for clients: they see pending()
    std::optional<std::string> package_manager; // npm, pnpm, yarn or bun

    // Runtime: written by the sync alone.
    std::optional<int> pm_id; // none: pm2 has no record of the app
    int pid = 0;              // pm2's child, the npm wrapper; 0: not running
    berth::status status = berth::status::stopped;
    int memory_mb = 0;                      // of the whole process tree
    double cpu_percent = 0;                 // of the whole process tree; 100 is one core; one decimal
    int wrapper_memory_mb = 0;              // what pm2 itself reports
    std::optional<git_head> git;            // of its folder; not stored
    bool exposed = false;                   // something of its tree listens on an address that is not loopback
    std::optional<std::int64_t> started_at; // ms since 1970; none: never started
    std::optional<std::int64_t> last_opened_at; // ms since 1970: somebody was connected to it; to 10 s
    int restarts = 0;                           // runs after the first; Berth counts them
    std::optional<int> exit_code;           // of the last exit
    std::optional<std::string> exit_signal;
    std::optional<std::string> status_reason; // one sentence, or none
    std::optional<berth::page> page;          // whether its pages work; none: not online, or it cannot be told

    bool operator==(const app&) const = default;

    bool running() const { return status == berth::status::online || status == berth::status::launching; }
    std::string url() const { return "http://localhost:" + std::to_string(port); }
    std::string process_name() const { return name_in_pm2(id); }
    bool owned() const { return !adopted; }
    /// As the manifest writes it: relative to the root, or absolute where it is adopted.
    std::string directory() const { return adopted.value_or("./created-apps/" + id); }
    /// The one place that says where an app is. Absolute; `root` is Berth's.
    std::filesystem::path folder(const std::filesystem::path& root) const {
        return adopted ? std::filesystem::path(*adopted) : root / "created-apps" / id;
    }
    /// Absolute: what pm2 writes the app's output to.
    std::filesystem::path log_file(const std::filesystem::path& root, bool error) const {
        return root / "logs" / (process_name() + (error ? "-error.log" : "-out.log"));
    }
    /// The names of the settings that its run does not have yet: they come with the next start.
    std::vector<std::string_view> pending() const;
};

/// What only a person changes, through Berth or in manifest.json: the id apart, which is its key.
template <class Visit>
void each_static_field(Visit visit) {
    visit(&app::port);
    visit(&app::created_at);
    visit(&app::made_from);
    visit(&app::adopted);
    visit(&app::script);
    visit(&app::name);
    visit(&app::category);
    visit(&app::notes);
    visit(&app::keep_awake);
    visit(&app::lan);
}

std::string_view to_string(status) noexcept;
std::string_view to_string(intent) noexcept;
/// Empty for none.
std::string_view to_string(removal) noexcept;
/// Empty for none.
std::string_view to_string(activity) noexcept;
std::string_view to_string(nap::cause) noexcept;
std::optional<nap::cause> parse_nap_cause(std::string_view) noexcept;
std::optional<status> parse_status(std::string_view) noexcept;
std::optional<intent> parse_intent(std::string_view) noexcept;
/// "entry" or "all".
std::optional<removal> parse_removal(std::string_view) noexcept;

} // namespace berth
