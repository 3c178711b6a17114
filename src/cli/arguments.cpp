#include "cli/arguments.hpp"

#include "cli/text.hpp"
#include "core/names.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>

namespace berth::cli {
namespace {

constexpr const char* footer = "Apps are given by name, by id, or by the beginning of an id.\n"
                               "Exit codes: 0 done, 1 failed, 2 usage, 3 no server, 130 interrupted.\n";

// CLI11 takes "[a]" among several values for a list, and would delete the app "a". The mark before it prevents this.
constexpr char bracket_mark = '\x1f';

std::string unmarked(std::string word) {
    if (!word.empty() && word.front() == bracket_mark)
        word.erase(0, 1);
    return word;
}

/// The grammar and the values that CLI11 writes into. It lives as long as one parse.
class grammar {
public:
    explicit grammar(const environment& env)
        : app_("Runs a fleet of Next.js dev servers, each in its berth.", "berth") {
        result_.url = env.url;
        serve_.root = !env.root.empty() ? env.root : env.home.empty() ? "berth" : env.home + "/berth";
        app_.footer(footer);
        app_.require_subcommand(1);
        app_.set_version_flag("-V,--version", std::string("berth ") + BERTH_VERSION, "Print the version");
        common(app_);
        serve();
        create();
        list();
        show();
        actions();
        logs();
        others();
        for (auto* sub : app_.get_subcommands({}))
            for (auto* option : sub->get_options())
                option->transform(unmarked);
    }

    outcome<invocation> parse(int argc, const char* const* argv) {
        std::vector<std::string> words(std::make_reverse_iterator(argv + argc),
                                       std::make_reverse_iterator(argv + 1)); // last first
        for (auto& word : words)
            if (word.starts_with('['))
                word.insert(0, 1, bracket_mark);
        try {
            app_.parse(std::move(words));
        } catch (const CLI::CallForAllHelp&) {
            return text(app_.help("", CLI::AppFormatMode::All));
        } catch (const CLI::CallForHelp&) {
            auto* used = parsed();
            return text(used ? used->help("berth") : app_.help());
        } catch (const CLI::CallForVersion& version) {
            return text(std::string(version.what()) + "\n");
        } catch (const CLI::ParseError& wrong) {
            auto strange = app_.remaining();
            if (!parsed())
                return usage(strange.empty() ? "no command was given"
                                             : fmt::format("there is no command \"{}\"", strange.front()));
            return usage(wrong.what());
        }
        auto checked = check();
        if (checked.has_error())
            return checked.error();
        return result_;
    }

    std::vector<outlined_command> outline() const {
        std::vector<outlined_command> commands;
        for (auto* sub : app_.get_subcommands([](const CLI::App* s) { return !s->get_group().empty(); })) {
            outlined_command command{sub->get_name(), sub->get_description(), {}};
            for (auto* option : sub->get_options()) {
                outlined_flag flag{
                    {}, option->get_description(), option->get_expected_max() > 0 && option->get_type_size() > 0};
                for (auto& name : option->get_snames())
                    flag.names.push_back("-" + name);
                for (auto& name : option->get_lnames())
                    flag.names.push_back("--" + name);
                if (!flag.names.empty())
                    command.flags.push_back(std::move(flag));
            }
            commands.push_back(std::move(command));
        }
        return commands;
    }

private:
    CLI::App& command(const std::string& name, const std::string& help) {
        auto& sub = *app_.add_subcommand(name, help);
        common(sub);
        return sub;
    }
    void common(CLI::App& where) {
        where.add_option("--url", result_.url, "The server; else $BERTH_URL, else http://localhost:3099")
            ->type_name("URL");
        where.add_flag("--json", result_.json, "Print the API's own objects");
    }

    void serve() {
        auto& sub = *app_.add_subcommand("serve", "Run the server and its dashboard");
        sub.add_option("--root", serve_.root, "Where apps and manifest are; else $BERTH_ROOT, else ~/berth")
            ->type_name("DIR");
        sub.add_option("--port", serve_.port, "On the loopback only (3099)")
            ->check(CLI::Range(1, 65535))
            ->type_name("PORT");
        sub.add_option("--max-running", serve_.max_running, "Apps that may run at once, 1 to 100 (20)")
            ->check(CLI::Range(1, 100))
            ->type_name("N");
        sub.add_option("--scaffold", serve_.scaffold,
                       "Makes an app instead of create-next-app; gets the directory as its last argument")
            ->type_name("CMD");
        sub.add_flag("--open", serve_.open, "Open the dashboard in a browser");
        sub.add_option("--log-level", serve_.log_level, "trace, debug, info, warn, error or off (info)")
            ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
            ->type_name("LEVEL");
        sub.callback([this] { result_.what = serve_; });
    }

    void create() {
        auto& sub = command("create", "Scaffold an app and start it");
        sub.add_option("name", create_.name, "Its name; one is made up if there is none")->type_name("NAME");
        sub.add_option("-c,--category", create_.category, "Its group")->type_name("CATEGORY");
        sub.add_flag("-w,--wait", create_.wait, "Return when it is online, fail when it is not");
        sub.add_option("--timeout", timeout_, "Seconds that --wait gives it once it has been started (60)")
            ->check(CLI::Range(1, 3600))
            ->type_name("SECONDS");
        sub.add_flag("--open", create_.open, "Wait until it is online and open it in a browser");
        sub.callback([this] { result_.what = create_; });
    }

    void list() {
        auto& sub = command("ls", "List the apps");
        sub.add_option("-c,--category", list_.category, "Only those of this category; \"\": those without one")
            ->type_name("CATEGORY");
        sub.add_option("-s,--status", list_.statuses, "Only those in this status; may be given several times")
            ->check(CLI::IsMember({"online", "launching", "stopped", "errored", "unknown"}))
            ->allow_extra_args(false)
            ->type_name("STATUS");
        sub.add_flag("-w,--watch", list_.watch, "Keep the list up to date until Ctrl-C");
        sub.callback([this] { result_.what = list_; });
    }

    void show() {
        auto& sub = command("show", "Show all there is to know about apps");
        sub.add_option("app", show_.apps, "Names or ids")->required()->type_name("APP");
        sub.callback([this] { result_.what = show_; });
    }

    CLI::App& action(const std::string& name, const std::string& help, bulk_action what) {
        auto& sub = command(name, help);
        sub.add_option("app", action_.apps, "Names or ids")->type_name("APP");
        sub.add_option("-c,--category", action_.category, "All apps of this category")->type_name("CATEGORY");
        sub.add_flag("-a,--all", action_.all, "All apps");
        sub.callback([this, what] {
            action_.action = what;
            result_.what = action_;
        });
        return sub;
    }
    void actions() {
        action("stop", "Stop apps", bulk_action::stop);
        action("restart", "Restart apps, or start those that are stopped", bulk_action::restart);
        auto& sub = action("rm", "Stop apps and delete them with their folders", bulk_action::remove);
        sub.add_flag("-y,--yes,-f,--force", action_.yes, "Do not ask");
        sub.add_flag("--keep-files", action_.keep_files, "Leave their folders and logs where they are");
    }

    void logs() {
        auto& sub = command("logs", "Print what an app has written");
        sub.add_option("app", logs_.app, "Name or id")->required()->type_name("APP");
        sub.add_flag("-f,--follow", logs_.follow, "Keep printing, across restarts of app and server, until Ctrl-C");
        sub.add_option("-n,--lines", logs_.lines, "Lines of each stream to begin with, up to 10000 (200)")
            ->check(CLI::Range(0, 10'000))
            ->type_name("N");
        auto* out = sub.add_flag("--stdout", only_out_, "Only its stdout");
        sub.add_flag("--stderr", only_error_, "Only its stderr")->excludes(out);
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

    void others() {
        auto& open = command("open", "Open an app in a browser");
        open.add_option("app", open_.app, "Name or id")->required()->type_name("APP");
        open.callback([this] { result_.what = open_; });
        command("health", "Say how the server is").callback([this] { result_.what = health_command{}; });
        auto& completion = *app_.add_subcommand("completion", "Print a shell's completion script");
        completion.add_option("shell", completion_.shell, "bash, zsh or fish")
            ->required()
            ->check(CLI::IsMember({"bash", "zsh", "fish"}))
            ->type_name("SHELL");
        completion.callback([this] { result_.what = completion_; });
    }

    CLI::App* parsed() const {
        auto used = app_.get_subcommands();
        return used.empty() ? nullptr : used.front();
    }

    outcome<invocation> text(std::string what) {
        invocation shown;
        shown.what = text_command{std::move(what)};
        return shown;
    }
    failure usage(std::string_view what) const {
        auto* used = parsed();
        std::string shown(what.substr(0, what.find('\n')));
        std::erase(shown, bracket_mark);
        auto line = visible(shown);
        if (line.ends_with('.'))
            line.pop_back();
        return usage_error(fmt::format("{}; see: berth {}--help", line, used ? used->get_name() + " " : ""));
    }

    outcome<> check() {
        if (auto* wish = std::get_if<create_command>(&result_.what)) {
            wish->timeout = std::chrono::seconds(timeout_);
            wish->wait = wish->wait || wish->open;
            // Blank is none, as in the API.
            for (auto [value, field] :
                 {std::pair{&wish->name, "The name"}, std::pair{&wish->category, "The category"}}) {
                if (*value && (*value)->find_first_not_of(" \t") == std::string::npos)
                    value->reset();
                if (!*value)
                    continue;
                auto checked = check_name(**value, field);
                if (checked.has_error())
                    return usage_error(checked.error().detail);
                *value = *checked;
            }
        }
        if (auto* wish = std::get_if<action_command>(&result_.what)) {
            auto selectors = (wish->apps.empty() ? 0 : 1) + (wish->category ? 1 : 0) + (wish->all ? 1 : 0);
            if (selectors != 1)
                return usage(selectors == 0 ? "which apps? Give names or ids, --category or --all"
                                            : "names, --category and --all exclude each other");
        }
        return outcome<>();
    }

    CLI::App app_;
    invocation result_;
    serve_flags serve_;
    create_command create_;
    list_command list_;
    show_command show_;
    action_command action_;
    logs_command logs_;
    open_command open_;
    completion_command completion_;
    int timeout_ = 60, patience_ = 60; // seconds
    bool only_out_ = false, only_error_ = false;
};

} // namespace

environment look_at_environment() {
    auto value = [](const char* name) {
        auto* set = std::getenv(name);
        return std::string(set ? set : "");
    };
    return {value("BERTH_ROOT"), value("BERTH_URL"), value("HOME")};
}

outcome<invocation> parse_arguments(int argc, const char* const* argv, const environment& env) {
    // What a completion script passes on is half typed: it is not for CLI11 to judge.
    if (argc > 1 && std::string_view(argv[1]) == "__complete") {
        invocation asked;
        asked.url = env.url;
        asked.what = complete_command{{argv + 2, argv + argc}};
        return asked;
    }
    return grammar(env).parse(argc, argv);
}

std::vector<outlined_command> outline() { return grammar(environment{}).outline(); }

} // namespace berth::cli
