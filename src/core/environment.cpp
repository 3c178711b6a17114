#include "core/environment.hpp"

#include <algorithm>
#include <array>
#include <optional>

extern char** environ;

namespace berth {
namespace {

// Names that mean something to pm2 (its options and the fields of its records, pm2 7.0.4: lib/API/schema.json,
// Common.safeExtend, God.executeApp). pm2 merges an app's environment into its record, so a variable called "namespace"
// or "max_restarts" would change the record itself.
constexpr auto pm2_names = std::to_array<std::string_view>({
    "append_env_to_name",
    "args",
    "automation",
    "autorestart",
    "autostart",
    "command",
    "created_at",
    "cron_restart",
    "current_conf",
    "cwd",
    "deep_monitoring",
    "disable_logs",
    "disable_source_map_support",
    "disable_trace",
    "env",
    "error_file",
    "event_loop_inspector",
    "exec_interpreter",
    "exec_mode",
    "execute_command",
    "exit_code",
    "exp_backoff_restart_delay",
    "filter_env",
    "force",
    "gid",
    "ignore_watch",
    "increment_var",
    "install_url",
    "instance_var",
    "instances",
    "interpreter",
    "io",
    "kill_retry_time",
    "kill_timeout",
    "km_link",
    "listen_timeout",
    "log_date_format",
    "log_file",
    "log_type",
    "max_memory_restart",
    "max_restarts",
    "merge_logs",
    "min_uptime",
    "MODULE_DEBUG",
    "name",
    "name_prefix",
    "namespace",
    "node_args",
    "node_version",
    "out_file",
    "pid_file",
    "pmx",
    "pmx_module",
    "port",
    "post_update",
    "prev_restart_delay",
    "restart_delay",
    "restart_task",
    "restart_time",
    "script",
    "shutdown_with_message",
    "source_map_support",
    "status",
    "stop_exit_codes",
    "time",
    "trace",
    "treekill",
    "uid",
    "unique_id",
    "unstable_restart",
    "unstable_restarts",
    "username",
    "v8",
    "version",
    "versioning",
    "vizion",
    "vizion_running",
    "wait_ready",
    "watch",
    "watch_delay",
    "watch_options",
    "windowsHide",
    "write",
});

constexpr auto other_names = std::to_array<std::string_view>({
    "NODE_ENV", "PORT", "CATEGORY", "BERTH_SCAFFOLD", "BERTH_SESSION",      // each app's own
    "BERTH_PACKAGE",                                                        // the npm package's
    "INIT_CWD",                                                             // npm
    "NODE_APP_INSTANCE",                                                    // pm2
    "NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "NODE_UNIQUE_ID", // a Node parent's descriptors: not ours
});

constexpr auto prefixes = std::to_array<std::string_view>({"npm_", "pm_", "PM2_", "axm_"});

template <class Range>
bool contains(const Range& range, std::string_view name) {
    return std::find(range.begin(), range.end(), name) != range.end();
}

bool is_injected(std::string_view name, bool below_npm) {
    if (name == "PM2_HOME")
        return false;
    // npm hands its whole configuration on; where it did not, npm_config_registry is what the user has set.
    if (name == "NODE" || name == "COLOR" || name.starts_with("npm_config_"))
        return below_npm;
    return contains(pm2_names, name) || contains(other_names, name) ||
           std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return name.starts_with(p); });
}

// npm run and npx put the .bin folder of every folder above, and one with node-gyp, before the user's PATH.
std::string clean_path(std::string_view path) {
    std::string kept;
    bool first = true;
    while (true) {
        auto end = path.find(':');
        auto entry = path.substr(0, end);
        auto bare = entry.substr(0, entry.find_last_not_of('/') + 1);
        if (!bare.ends_with("node_modules/.bin") && !bare.ends_with("/node-gyp-bin")) {
            if (!first)
                kept += ':';
            kept += entry;
            first = false;
        }
        if (end == std::string_view::npos)
            return kept;
        path.remove_prefix(end + 1);
    }
}

std::optional<std::string_view> name_of(std::string_view variable) {
    auto equals = variable.find('=');
    if (equals == 0 || equals == std::string_view::npos)
        return std::nullopt;
    return variable.substr(0, equals);
}

} // namespace

environment current_environment() {
    environment all;
    for (char** each = environ; each && *each; ++each)
        all.emplace_back(*each);
    return all;
}

environment clean_environment(const environment& given) {
    bool below_npm = std::any_of(given.begin(), given.end(), [](auto& v) { return v.starts_with("npm_execpath="); });
    environment kept;
    for (auto& variable : given) {
        auto name = name_of(variable);
        if (!name || is_injected(*name, below_npm))
            continue;
        if (*name == "PATH")
            kept.push_back("PATH=" + clean_path(std::string_view(variable).substr(5)));
        else
            kept.push_back(variable);
    }
    return kept;
}

bool has_variable(const environment& variables, std::string_view name) {
    return std::any_of(variables.begin(), variables.end(), [&](auto& each) { return name_of(each) == name; });
}

void set_variable(environment& variables, std::string_view name, std::string_view value) {
    std::string entry = std::string(name) + '=' + std::string(value);
    for (auto& each : variables)
        if (name_of(each) == name) {
            each = std::move(entry);
            return;
        }
    variables.push_back(std::move(entry));
}

} // namespace berth
