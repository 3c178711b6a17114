#include "cli/grammar.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>

namespace berth::cli {
namespace {

constexpr const char* footer = "Apps are given by name, by id, or by the beginning of an id, from 4 characters on.\n"
                               "Exit codes: 0 done, 1 failed, 2 usage, 3 no server, 130 interrupted.\n";

std::string unmarked(std::string word) {
    if (!word.empty() && word.front() == bracket_mark)
        word.erase(0, 1);
    return word;
}

} // namespace

grammar::grammar(const environment& env) : app_("Runs a fleet of Next.js dev servers, each in its berth.", "berth") {
    serve_.root = !env.root.empty() ? env.root : env.home.empty() ? "berth" : env.home + "/berth";
    app_.footer(footer);
    app_.require_subcommand(1);
    app_.set_version_flag("-V,--version", std::string("berth ") + BERTH_VERSION, "Print the version");
    common(app_);
    serve();
    create();
    adopt();
    edit();
    templates();
    list();
    show();
    actions();
    wait();
    logs();
    activity();
    mcp();
    others();
    completion();
    for (auto* option : app_.get_options())
        option->transform(unmarked);
    for (auto* sub : app_.get_subcommands({})) {
        for (auto* option : sub->get_options())
            option->transform(unmarked);
        for (auto* inner : sub->get_subcommands({}))
            for (auto* option : inner->get_options())
                option->transform(unmarked);
    }
}

CLI::App& grammar::command(const std::string& name, const std::string& help) {
    auto& sub = *app_.add_subcommand(name, help);
    common(sub);
    return sub;
}

void grammar::common(CLI::App& where) {
    where.add_option("--url", result_.url, "The server; else $BERTH_URL, else http://localhost:3099")->type_name("URL");
    where.add_flag("--json", result_.json, "Print the API's own objects");
}

void grammar::timeout(CLI::App& where, const std::string& help) {
    where.add_option("--timeout", timeout_, help)->check(CLI::Range(1, 3600))->type_name("SECONDS");
}

void grammar::serve() {
    auto& sub = *app_.add_subcommand("serve", "Run the server and its dashboard");
    sub.add_option("--root", serve_.root, "Where apps and manifest are; else $BERTH_ROOT, else ~/berth")
        ->type_name("DIR");
    sub.add_option("--port", serve_.port, "On the loopback only (3099)")
        ->check(CLI::Range(1, 65535))
        ->type_name("PORT");
    sub.add_option("--max-running", serve_.max_running, "Apps that may run at once, 1 to 100 (20)")
        ->check(CLI::Range(1, 100))
        ->type_name("N");
    sub.add_option("--sleep-after", sleep_after_,
                   "Put an app to sleep after this long without a connection: 90s, 30m, 1h, or never (1h)")
        ->type_name("DURATION");
    sub.add_option("--memory-floor", memory_floor_,
                   "Earlier, while less than this of the machine's memory is available; 0: not for memory (10)")
        ->type_name("PERCENT");
    sub.add_option("--scaffold", serve_.scaffold,
                   "Makes an app instead of create-next-app; gets the directory as its last argument")
        ->type_name("CMD");
    sub.add_flag("--open", serve_.open, "Open the dashboard in a browser");
    sub.add_option("--log-level", serve_.log_level, "trace, debug, info, warning, error or off (info)")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "warning", "error", "off"}))
        ->type_name("LEVEL");
    sub.callback([this] { result_.what = serve_; });
}

void grammar::create() {
    auto& sub = command("create", "Make an app and start it");
    sub.add_option("name", create_.name, "Its name; one is made up if there is none")->type_name("NAME");
    sub.add_option("-c,--category", create_.category, "Its group")->type_name("CATEGORY");
    sub.add_option("--notes", create_.notes, "A text to remember it by")->type_name("TEXT");
    sub.add_flag("--lan", create_.lan, "Let it listen on all addresses, not on this machine alone");
    auto* made_from =
        sub.add_option("-t,--template", create_.made_from, "What it is a copy of (next); see: berth template ls")
            ->type_name("TEMPLATE");
    auto* fork =
        sub.add_option("--from", create_.fork_of, "An app to fork, with its uncommitted work")->type_name("APP");
    auto* fresh =
        sub.add_flag("--fresh", create_.fresh, "Scaffold it anew, with the newest Next.js, instead of copying");
    fork->excludes(made_from);
    fresh->excludes(made_from)->excludes(fork);
    sub.add_flag("-w,--wait", create_.wait, "Return when it is online, fail when it is not");
    timeout(sub, "Seconds that --wait gives it once it has been started (60)");
    sub.add_flag("--open", create_.open, "Wait until it is online and open it in a browser");
    sub.callback([this] {
        create_.timeout = std::chrono::seconds(timeout_);
        create_.wait = create_.wait || create_.open;
        result_.what = create_;
    });
}

void grammar::adopt() {
    auto& sub = command("adopt", "Take in a project where it is, and start it; nothing in it is ever changed");
    sub.add_option("directory", adopt_.directory, "Its folder")->required()->type_name("DIR");
    sub.add_option("--script", adopt_.script, "The script of its package.json that starts it (dev)")->type_name("NAME");
    sub.add_option("--name", adopt_.name, "Its name here; else the folder's")->type_name("NAME");
    sub.add_option("-c,--category", adopt_.category, "Its group")->type_name("CATEGORY");
    sub.add_option("--notes", adopt_.notes, "A text to remember it by")->type_name("TEXT");
    sub.add_flag("--lan", adopt_.lan, "Let it listen on all addresses, not on this machine alone");
    sub.add_flag("--take-over", adopt_.take_over, "End the dev server that runs in it already");
    sub.add_flag("-w,--wait", adopt_.wait, "Return when it is online, fail when it is not");
    timeout(sub, "Seconds that --wait gives it once it has been started (60)");
    sub.add_flag("--open", adopt_.open, "Wait until it is online and open it in a browser");
    sub.callback([this] {
        adopt_.timeout = std::chrono::seconds(timeout_);
        adopt_.wait = adopt_.wait || adopt_.open;
        result_.what = adopt_;
    });
}

void grammar::edit() {
    auto& sub = command("edit", "Change an app's name, group, notes, where it listens, or whether it may sleep");
    sub.add_option("app", edit_.app, "Name or id")->required()->type_name("APP");
    sub.add_option("--name", edit_.name, "Its new name")->type_name("NAME");
    sub.add_option("-c,--category", edit_.category, "Its group; --category= for none")->type_name("CATEGORY");
    sub.add_option("--notes", edit_.notes, "A text to remember it by; --notes= for none")->type_name("TEXT");
    auto* lan = sub.add_flag("--lan", lan_, "Let it listen on all addresses, from its next start on");
    sub.add_flag("--no-lan", no_lan_, "On this machine alone, from its next start on")->excludes(lan);
    auto* awake = sub.add_flag("--keep-awake", keep_awake_, "Never put it to sleep unasked");
    sub.add_flag("--no-keep-awake", no_keep_awake_, "Put it to sleep when nobody uses it")->excludes(awake);
    sub.callback([this] {
        if (lan_ || no_lan_)
            edit_.lan = lan_;
        if (keep_awake_ || no_keep_awake_)
            edit_.keep_awake = keep_awake_;
        result_.what = edit_;
    });
}

void grammar::templates() {
    auto& sub = command("template", "List, add, refresh and remove what apps are copied from");
    sub.require_subcommand(1);
    auto action = [&](const char* name, const char* help, template_command::action what) -> CLI::App& {
        auto& inner = *sub.add_subcommand(name, help);
        common(inner);
        if (what != template_command::action::list)
            inner.add_option("name", template_.name, "Its name: a to z, 0 to 9, '.', '-' and '_'")
                ->required()
                ->type_name("NAME");
        inner.callback([this, what] {
            template_.what = what;
            result_.what = template_;
        });
        return inner;
    };
    using actions = template_command::action;
    action("ls", "List them", actions::list);
    action("add", "Make one, with its dependencies installed", actions::add)
        .add_option("source", template_.source,
                    "A git URL or github:owner/repo, each with #branch if need be; or a folder")
        ->required()
        ->type_name("SOURCE");
    action("refresh", "Make one anew from where it came", actions::refresh);
    action("rm", "Remove one; the apps made from it stay", actions::remove);
}

void grammar::list() {
    auto& sub = command("ls", "List the apps");
    sub.add_option("-c,--category", list_.category, "Only those of this category")->type_name("CATEGORY");
    sub.add_option("-s,--status", list_.statuses, "Only those in this status; may be given several times")
        ->check(CLI::IsMember({"online", "launching", "asleep", "stopped", "errored", "unknown"}))
        ->allow_extra_args(false)
        ->type_name("STATUS");
    sub.add_flag("-w,--watch", list_.watch, "Keep the list up to date until Ctrl-C");
    sub.add_flag("-q,--quiet", quiet_, "Only their ids");
    sub.add_option("--format", format_, "These fields with tabs between them: name,port,status and others")
        ->type_name("FIELDS");
    sub.add_option("--sort", list_.sort, "By a field, for example port; downwards: --sort=-memory")->type_name("FIELD");
    sub.callback([this] { result_.what = list_; });
}

void grammar::show() {
    auto& sub = command("show", "Show all there is to know about apps");
    sub.add_option("app", show_.apps, "Names or ids")->required()->type_name("APP");
    sub.callback([this] { result_.what = show_; });
}

CLI::App& grammar::action(const std::string& name, const std::string& help, bulk_action what) {
    auto& sub = command(name, help);
    sub.add_option("app", action_.apps, "Names or ids")->type_name("APP");
    sub.add_option("-c,--category", action_.category, "All apps of this category")->type_name("CATEGORY");
    sub.add_flag("-a,--all", action_.all, "All apps");
    if (what == bulk_action::restart || what == bulk_action::start || what == bulk_action::wake) {
        sub.add_flag("-w,--wait", action_.wait, "Return when they are online, fail when one is not");
        timeout(sub, "Seconds that --wait gives each (60)");
    }
    sub.callback([this, what] {
        action_.action = what;
        action_.timeout = std::chrono::seconds(timeout_);
        result_.what = action_;
    });
    return sub;
}

void grammar::actions() {
    action("stop", "Stop apps", bulk_action::stop);
    action("restart", "Restart apps, or start those that are stopped", bulk_action::restart);
    action("start", "Start apps that do not run", bulk_action::start);
    action("sleep", "End apps until they are opened: their processes go, their addresses stay", bulk_action::sleep);
    action("wake", "Start apps that sleep", bulk_action::wake);
    auto& sub = action("rm", "Stop apps and delete them with their folders", bulk_action::remove);
    sub.add_flag("-y,--yes,-f,--force", action_.yes, "Do not ask; takes whole names and ids only");
    sub.add_flag("--keep-files", action_.keep_files, "Leave their folders and logs where they are");
}

void grammar::wait() {
    auto& sub = command("wait", "Wait until apps are online, fail when one is not");
    sub.add_option("app", wait_.apps, "Names or ids")->required()->type_name("APP");
    timeout(sub, "Seconds for all of them (60)");
    sub.callback([this] {
        wait_.timeout = std::chrono::seconds(timeout_);
        result_.what = wait_;
    });
}

void grammar::logs() {
    auto& sub = command("logs", "Print what apps have written");
    sub.add_option("app", logs_.apps, "Names or ids")->type_name("APP");
    sub.add_option("-c,--category", logs_.category, "All apps of this category")->type_name("CATEGORY");
    sub.add_flag("-a,--all", logs_.all, "All apps");
    sub.add_flag("-f,--follow", logs_.follow, "Keep printing, across restarts of app and server, until Ctrl-C");
    sub.add_option("-n,--lines,--tail", logs_.lines, "Lines of each stream to begin with, up to 10000 (200)")
        ->check(CLI::Range(0, 10'000))
        ->type_name("N");
    sub.add_flag("-t,--timestamps", logs_.times, "With -f: when each line came; \"-\" for those before");
    sub.add_option("--since", since_, "Only lines that came since: 90s, 10m, 2h, 1d, 14:30 or 2026-01-31T14:30")
        ->type_name("WHEN");
    sub.add_option("--grep", logs_.grep, "Only lines with this text, of those that -n takes and those that follow")
        ->type_name("TEXT");
    auto* out = sub.add_flag("--stdout", only_out_, "Only their stdout");
    sub.add_flag("--stderr", only_error_, "Only their stderr")->excludes(out);
    sub.add_option("--reconnect", patience_, "Seconds to wait, with -f, for a server that has gone (60)")
        ->check(CLI::Range(0, 86'400))
        ->type_name("SECONDS");
    sub.callback([this] {
        logs_.out = !only_error_;
        logs_.error = !only_out_;
        logs_.patience = std::chrono::seconds(patience_);
        result_.what = logs_;
    });
}

} // namespace berth::cli
