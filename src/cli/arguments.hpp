// What was typed, as values: CLI11 reads the arguments, in arguments.cpp alone. Pure: the environment is handed in.
#pragma once

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/shell_line.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace berth::cli {

struct environment {
    std::string root; // $BERTH_ROOT
    std::string url;  // $BERTH_URL
    std::string home; // $HOME, else as the user database says
};

/// Of the process itself.
environment look_at_environment();

struct create_command {
    std::optional<std::string> name; // checked and trimmed
    std::optional<std::string> category;
    std::optional<std::string> notes;
    bool lan = false;
    // At most one of these.
    std::optional<std::string> made_from; // a template's name
    std::optional<std::string> fork_of;   // an app, as it was typed
    bool fresh = false;

    bool wait = false;
    bool open = false;                // waits too: a page that is not there yet is no use
    std::chrono::seconds timeout{60}; // from the start of the app until it is online
};
struct adopt_command {
    std::string directory; // as typed
    std::string script;    // empty: dev
    std::optional<std::string> name;
    std::optional<std::string> category;
    std::optional<std::string> notes;
    bool lan = false;
    bool take_over = false;
    bool wait = false;
    bool open = false;
    std::chrono::seconds timeout{60};
};
struct edit_command { // at least one field is given
    std::string app;
    std::optional<std::string> name;
    std::optional<std::string> category; // empty: none
    std::optional<std::string> notes;    // empty: none
    std::optional<bool> lan;
    std::optional<bool> keep_awake;
};
struct list_command {
    std::optional<std::string> category;
    std::vector<std::string> statuses; // as listed_app::state() has them; none: all
    bool watch = false;
    std::vector<std::string> fields; // of list_fields.hpp; none: the table
    std::string sort;                // a field, with '-' before it: downwards; empty: newest first
};
struct show_command {
    std::vector<std::string> apps;
};
enum class bulk_action { stop, restart, start, sleep, wake, remove }; // start: a restart of what does not run
struct action_command {
    bulk_action action = bulk_action::stop;
    // Exactly one of these.
    std::vector<std::string> apps;
    std::optional<std::string> category;
    bool all = false;
    // Of restart, start and wake.
    bool wait = false;
    std::chrono::seconds timeout{60};
    // Of remove.
    bool yes = false;
    bool keep_files = false;
};
struct wait_command {
    std::vector<std::string> apps;
    std::chrono::seconds timeout{60};
};
struct logs_command {
    // Exactly one of these.
    std::vector<std::string> apps;
    std::optional<std::string> category;
    bool all = false;

    bool follow = false;
    bool times = false;      // of arrival, while following
    std::string grep;        // empty: all lines
    std::optional<std::int64_t> since; // only lines that came after this moment, ms since 1970
    std::size_t lines = 200; // of each stream; 0 to 10,000
    bool out = true;
    bool error = true;
    std::chrono::seconds patience{60}; // for a server that has gone while following
};
struct open_command {
    std::string app;
    bool named = false; // by its name, not by its port
};
struct why_command {
    std::string app;
};
struct check_command {
    std::string app;
};
struct path_command {
    std::string app;
};
struct operations_command {};
struct cancel_command {
    std::string operation; // its id, or its app's name
};
struct template_command {
    enum class action { list, add, refresh, remove };
    action what = action::list;
    std::string name;   // of all but list
    std::string source; // of add, as it was typed: a URL or a folder
};
struct activity_command {
    std::optional<std::string> app; // none: all, and Berth itself
    std::size_t lines = 30;         // 1 to 2,000
};
struct mcp_command {
    std::filesystem::path root; // of the server that is started where none answers
};
struct mcp_install_command {
    std::string client;         // one that is known; empty: all, which are only shown
    bool dry_run = false;       // shows what would be written
    std::filesystem::path root; // empty: the usual one
};
struct health_command {};
struct doctor_command {};
struct completion_command {
    std::string shell;
};
struct complete_command {                 // hidden: what the completion scripts ask
    std::vector<std::string> words;       // after "berth"; the last one is being typed
    std::optional<bash_typing> bash = {}; // it wants its answer in place of what readline replaces
};
struct text_command { // --help, --version
    std::string text;
};

using any_command =
    std::variant<create_command, adopt_command, edit_command, list_command, show_command, action_command, wait_command,
                 logs_command, open_command, path_command, operations_command, cancel_command, template_command,
                 health_command, doctor_command, serve_flags, completion_command, complete_command, text_command, //
                 why_command, check_command, activity_command, mcp_command, mcp_install_command>;

struct invocation {
    std::string url;                     // --url, else $BERTH_URL; empty: the default
    std::string_view url_from = "--url"; // where it was given
    bool json = false;
    any_command what;
};

/// Fails with exit_code::usage.
outcome<invocation> parse_arguments(int argc, const char* const* argv, const environment&);

/// What there is to type, for completion.
struct outlined_flag {
    std::vector<std::string> names; // with their dashes
    std::string help;
    bool takes_value = false;
};
struct outlined_command {
    std::string name;
    std::string help;
    std::vector<outlined_flag> flags;
    std::vector<std::pair<std::string, std::string>> actions; // "template add": what comes first; name, help
};
std::vector<outlined_command> outline();

} // namespace berth::cli
