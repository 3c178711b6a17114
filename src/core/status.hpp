// How an app's status follows from what was seen: spec section 3. Pure rules, tested as a table.
//
// pm2's word alone is not enough: it says `online` as soon as it has spawned, and `stopped` of a crash. So a status
// rests on pm2's row, on the listener of the port, on what the bus said of the last exit, and on what was asked for.
#pragma once

#include "core/app.hpp"
#include "core/machine.hpp"
#include "core/manifest.hpp"
#include "core/process_manager.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth {

/// What the bus said of the exit of one run. Without it (Berth or the bridge was not there) exit code 0 counts as a
/// stop, unless a part of the app lives on.
struct exit_news {
    enum class kind { crashed, asked_for };
    kind what = kind::crashed;
    std::optional<std::string> signal;
    std::int64_t run = 0; // started_at of the run that it is news of: it says nothing of any other
};

/// The kind of exit an event speaks of; none when it is not about an exit. A wanted stop is an `exit` while the process
/// is `stopping`, and later a `stop`; a crash is an `exit` of a process that is `stopped` (or `errored`) already.
std::optional<exit_news> read_exit(const pm2_event&);

/// Everything that a status is judged by.
struct sighting {
    std::optional<pm2_process> process; // none: pm2 has no record
    app_sight sight;
    std::optional<exit_news> last_exit;
    activity operation = activity::none;   // ours, under way
    std::optional<std::string> dev_script; // of its package.json, once it is known
    std::optional<std::string> obstacle;   // its folder could not be started as it is, and why: of an app at rest
    std::string not_held;                  // while it sleeps: why nobody listens on its port; empty: we do
    std::int64_t now = 0;                  // ms since 1970
};

/// The app as it is now. `before` gives the static fields, the intent and what it was.
app judge(app before, const sighting&);

/// Remembers that somebody is connected to it: at most once in 10 s, so that clients are not told with every look.
void note_opened(app&, int connections, std::int64_t now);

/// The app while pm2 does not answer: unknown, for this reason. One that was never started stays stopped.
app judge_without_pm2(app before, const std::string& reason);

/// pm2's rows given to the apps they belong to: by port, where they run in the app's own folder (and write
/// to its log file, where that folder is an adopted one: a copied root has it too); of several with the same port, the
/// one named orch-<id>. A row that runs elsewhere is another Berth's, whatever its port and its name: of a copied root,
/// or of a second root on the same pm2.
struct matching {
    std::map<std::string, pm2_process> by_id;
    std::vector<pm2_process> orphans; // rows of our namespace that belong to no app
};
matching match(const manifest&, const pm2_table&, const std::filesystem::path& root);

/// The sentence of a crash, ended with the app's own last words ("Error: Cannot find module './x'."), where it has no
/// cause yet. `output` is the end of what the run printed; none when nothing in it says more than the exit code.
std::optional<std::string> with_last_words(const std::string& reason, std::string_view output);

/// How long after the start a `launching` app gets a reason, in ms.
inline constexpr std::int64_t long_launch = 20'000;

} // namespace berth
