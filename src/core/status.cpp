#include "core/status.hpp"

#include "core/last_words.hpp"
#include "core/sleep_rule.hpp"

#include <fmt/format.h>

namespace berth {
namespace {

bool runs(pm2_status s) {
    return s == pm2_status::online || s == pm2_status::launching || s == pm2_status::waiting_restart ||
           s == pm2_status::one_launch_status;
}

bool is_start(activity a) {
    return a == activity::starting || a == activity::restarting || a == activity::waking;
}

bool ended(pm2_status s) { return s == pm2_status::stopped || s == pm2_status::errored; }

std::string holder(const app& a, const process_name& who) {
    if (who.pid == 0)
        return fmt::format("port {} is in use by {}", a.port, who.name);
    return fmt::format("port {} is in use by {}, pid {}", a.port, who.name, who.pid);
}

std::string crash_reason(const app& a, const sighting& seen) {
    std::string text;
    if (a.exit_signal)
        text = fmt::format("It was ended by {}", *a.exit_signal);
    else if (a.exit_code.value_or(0) == 0)
        text = "It ended with exit code 0, though nobody asked it to";
    else
        text = fmt::format("It exited with code {}", *a.exit_code);
    if (seen.sight.stranger)
        text += ": " + holder(a, *seen.sight.stranger);
    return text + ".";
}

std::optional<std::string> launch_reason(const app& a, const sighting& seen) {
    if (seen.sight.stranger)
        return fmt::format("It cannot have its port: {}.", holder(a, *seen.sight.stranger));
    auto waited = seen.now - a.started_at.value_or(seen.now);
    auto script = seen.dev_script.value_or("");
    auto other = seen.sight.other_port;
    bool says_so = other && script.find(std::to_string(*other)) != std::string::npos;
    if (other && (says_so || waited >= long_launch)) // until then it may be a debugger's
        return says_so ? fmt::format("It listens on {}, not on {}: its dev script says `{}`.", *other, a.port, script)
                       : fmt::format("It listens on {}, not on {}.", *other, a.port);
    if (waited < long_launch)
        return {};
    return fmt::format("It runs, but nothing of it has accepted connections on port {} yet.", a.port);
}

/// Of an app that accepts on one loopback address while somebody else does on the other.
std::optional<std::string> rival(const app& a, const sighting& seen) {
    if (!seen.sight.stranger)
        return {};
    return fmt::format("It is online, but {} too: http://localhost:{} may lead there.", holder(a, *seen.sight.stranger),
                       a.port);
}

void clear_runtime(app& a) {
    a.pid = 0;
    a.memory_mb = 0;
    a.cpu_percent = 0;
    a.wrapper_memory_mb = 0;
    a.exposed = false;
    a.page.reset();
}

/// Of an app of which nothing runs, as it is meant to be until it is opened. Whatever pm2 says of it: its next start
/// registers it anew.
app judge_asleep(app a, const std::string& not_held = {}) {
    clear_runtime(a);
    a.status = status::stopped;
    a.status_reason = nap_reason(*a.asleep);
    if (!not_held.empty())
        *a.status_reason += " But " + not_held;
    return a;
}

app judge_missing(app a, const sighting& seen) {
    a.pm_id.reset();
    if (a.asleep)
        return judge_asleep(std::move(a), seen.not_held);
    clear_runtime(a);
    if (seen.operation != activity::none && seen.operation != activity::stopping)
        return a; // pm2 is being told; judged when that is done
    if (!a.started_at) {
        a.status = status::stopped; // keeping the reason: why its first start failed
        return a;
    }
    a.status = status::unknown;
    a.status_reason =
        "pm2 has no record of it: the daemon was reset, or somebody deleted it there. Restart registers it anew.";
    if (seen.sight.lives)
        *a.status_reason += " Something of it still runs; restart or stop ends that first.";
    return a;
}

/// Of a row that pm2 calls online although its process has ended: pm2 is about to notice, and nobody started anything.
app judge_unnoticed(app a, const sighting& seen) {
    if (a.wanted == intent::run && seen.operation == activity::none)
        return a; // as before, until it is known how it ended
    clear_runtime(a);
    if (a.wanted == intent::run)
        return a; // judged when the operation is done
    a.status = status::stopped;
    a.status_reason.reset();
    return a;
}

/// Of a row that pm2 calls online although it could not start a process for it.
app judge_not_spawned(app a, const sighting& seen) {
    clear_runtime(a);
    if (is_start(seen.operation))
        return a; // judged when that is done
    if (a.wanted == intent::stop)
        return judge_unnoticed(std::move(a), seen);
    a.status = status::errored;
    a.status_reason = "pm2 could not start a process for it. Is its folder still there?";
    return a;
}

app judge_running(app a, const sighting& seen) {
    auto& process = *seen.process;
    bool lives = process.pid != 0 && seen.sight.alive;
    if (a.asleep && !lives)
        return judge_asleep(std::move(a), seen.not_held);
    bool falls_asleep = seen.operation == activity::sleeping;
    if (a.asleep && !falls_asleep)
        a.asleep.reset(); // somebody started it with pm2, or it was never ended
    if (process.status == pm2_status::online && process.pid == 0)
        return judge_not_spawned(std::move(a), seen);
    if (!seen.sight.alive)
        return judge_unnoticed(std::move(a), seen);
    a.pid = process.pid;
    a.memory_mb = seen.sight.memory_mb;
    a.cpu_percent = seen.sight.cpu_percent;
    a.wrapper_memory_mb = static_cast<int>(process.memory >> 20);
    a.exposed = seen.sight.exposed;
    if (seen.operation == activity::stopping || seen.operation == activity::deleting || falls_asleep)
        return a;           // its port may be closed already: as before, until it has ended
    a.wanted = intent::run; // somebody started it
    a.status = seen.sight.accepting ? status::online : status::launching;
    if (a.status != status::online)
        a.page.reset();
    a.status_reason = launch_reason(a, seen);
    if (seen.sight.accepting)
        a.status_reason = rival(a, seen);
    return a;
}

app judge_ended(app a, const sighting& seen, bool same_run) {
    if (a.asleep)
        return judge_asleep(std::move(a), seen.not_held);
    auto& process = *seen.process;
    clear_runtime(a);
    a.exit_code = process.exit_code;
    auto news = seen.last_exit && seen.last_exit->run == process.started_at ? &*seen.last_exit : nullptr;
    if (news)
        a.exit_signal = news->signal;
    else if (!same_run || a.running())
        a.exit_signal.reset(); // an earlier run's
    if (is_start(seen.operation))
        return a; // between the old process and the new one
    // Without news, exit code 0 counts as a stop; not where the news came before, and this server or one before it
    // called it a crash.
    bool known_crash = same_run && a.status == status::errored;
    bool asked_for = news ? news->what == exit_news::kind::asked_for
                          : process.status == pm2_status::stopped && process.exit_code.value_or(0) == 0 &&
                                !known_crash && !seen.sight.outlived; // a stop leaves nothing
    if (a.wanted == intent::run && asked_for)
        a.wanted = intent::stop;
    if (a.wanted == intent::stop) {
        a.status = status::stopped;
        a.status_reason.reset();
        return a;
    }
    // Who held the port at the time is the cause; who holds it later is not.
    if (a.status != status::errored || !same_run || !a.status_reason)
        a.status_reason = crash_reason(a, seen);
    a.status = status::errored;
    return a;
}

app judge_processes(app a, const sighting& seen) {
    if (a.wanted == intent::stop)
        a.asleep.reset();
    if (!seen.process)
        return judge_missing(std::move(a), seen);
    auto& process = *seen.process;
    bool same_run = a.started_at == process.started_at;
    a.pm_id = process.pm_id;
    // Somebody else's, with pm2's own commands; ours are counted where they are done.
    bool started_again = !same_run && a.started_at && process.pid > 0 && seen.operation == activity::none;
    if (started_again && runs(process.status))
        ++a.restarts;
    if (process.started_at > 0)
        a.started_at = process.started_at;
    if (!same_run)
        a.page.reset(); // nobody has opened one of this run
    if (runs(process.status))
        return judge_running(std::move(a), seen);
    if (ended(process.status))
        return judge_ended(std::move(a), seen, same_run);
    return a; // stopping: as before
}

bool is_row_of(const app& a, const pm2_process& row, const std::filesystem::path& root) {
    return row.directory == a.folder(root) && (a.owned() || row.output == a.log_file(root, false));
}

} // namespace

std::optional<exit_news> read_exit(const pm2_event& event) {
    if (event.event == "stop")
        return exit_news{exit_news::kind::asked_for, {}, event.started_at};
    if (event.event != "exit")
        return {};
    // The `exit` that follows a wanted stop says `stopped` as well; the caller keeps the first news of an exit.
    auto what = event.status == pm2_status::stopping ? exit_news::kind::asked_for : exit_news::kind::crashed;
    return exit_news{what, event.exit_signal, event.started_at};
}

app judge(app before, const sighting& seen) {
    auto now = judge_processes(std::move(before), seen);
    // A crash keeps its own words: how it ended is not seen anywhere else.
    bool at_rest = now.status == status::stopped || now.status == status::unknown;
    if (seen.obstacle && at_rest && seen.operation == activity::none)
        now.status_reason = seen.obstacle;
    return now;
}

void note_opened(app& a, int connections, std::int64_t now) {
    constexpr std::int64_t pause = 10'000; // ms
    auto last = a.last_opened_at.value_or(0);
    bool due = now - last >= pause || now < last; // or the clock was set back
    if (connections > 0 && due)
        a.last_opened_at = now;
}

app judge_without_pm2(app a, const std::string& reason) {
    if (a.asleep)
        return judge_asleep(std::move(a)); // nothing of it is pm2's now
    clear_runtime(a);
    if (!a.started_at) {
        a.status = status::stopped;
        return a;
    }
    a.status = status::unknown;
    a.status_reason = reason;
    return a;
}

std::optional<std::string> with_last_words(const std::string& reason, std::string_view output) {
    auto words = last_words(output);
    if (words.empty() || !reason.ends_with('.') || reason.find(": ") != std::string::npos)
        return {};
    auto text = reason.substr(0, reason.size() - 1) + ": " + words;
    return text.ends_with('.') || text.ends_with('!') || text.ends_with('?') ? text : text + '.';
}

matching match(const manifest& m, const pm2_table& table, const std::filesystem::path& root) {
    std::map<std::uint16_t, const app*> by_port;
    for (auto& [id, entry] : m.apps)
        by_port.emplace(entry.app.port, &entry.app);
    matching found;
    for (auto& process : table.processes) {
        auto owner = by_port.find(process.port);
        bool at_home = owner != by_port.end() && is_row_of(*owner->second, process, root);
        if (!at_home) {
            found.orphans.push_back(process);
            continue;
        }
        auto [it, first] = found.by_id.emplace(owner->second->id, process);
        if (first)
            continue;
        auto& known = it->second;
        bool named = process.name == owner->second->process_name();
        bool better = named && (known.name != process.name || (known.pid == 0 && process.pid != 0));
        found.orphans.push_back(better ? it->second : process);
        if (better)
            it->second = process;
    }
    return found;
}

} // namespace berth
