// The grammar, continued: single questions, what agents use, and what there is to type at all.
#include "cli/grammar.hpp"

#include <fmt/format.h>

namespace berth::cli {

void grammar::activity() {
    auto& sub = command("activity", "Say what happened, to an app or to all, newest last");
    sub.add_option("app", activity_.app, "Name or id; also the id of an app that was deleted")->type_name("APP");
    sub.add_option("-n,--lines", activity_.lines, "How many entries, up to 2000 (30)")
        ->check(CLI::Range(1, 2'000))
        ->type_name("N");
    sub.callback([this] { result_.what = activity_; });
}

void grammar::mcp() {
    auto where = [this](CLI::App& sub) {
        auto* url = sub.add_option("--url", result_.url, "The server; else $BERTH_URL, else http://localhost:3099");
        url->type_name("URL");
        sub.add_option("--port", mcp_port_, "The same, by its port alone")
            ->check(CLI::Range(1, 65535))
            ->excludes(url)
            ->type_name("PORT");
        sub.add_option("--root", mcp_root_, "Of the server that it starts where none answers; as with serve")
            ->type_name("DIR");
    };
    auto& sub = *app_.add_subcommand("mcp", "Be a Model Context Protocol server on stdin and stdout, for agents");
    where(sub);
    auto& install = *sub.add_subcommand("install", "Tell an agent's program of it; without --client: show how");
    where(install);
    install.add_option("--client", mcp_install_.client, "claude, cursor, vscode or codex")
        ->check(CLI::IsMember({"claude", "cursor", "vscode", "codex"}))
        ->type_name("CLIENT");
    install.add_flag("-n,--dry-run", mcp_install_.dry_run, "Show what would be written, and write nothing");
    sub.callback([this, &sub] {
        if (mcp_port_ > 0)
            result_.url = fmt::format("http://localhost:{}", mcp_port_);
        mcp_.root = mcp_root_.empty() ? serve_.root : std::filesystem::path(mcp_root_);
        mcp_install_.root = mcp_root_;
        if (sub.get_subcommands().empty())
            result_.what = mcp_;
        else
            result_.what = mcp_install_;
    });
}

void grammar::others() {
    auto& why = command("why", "Say what is wrong with an app, and what to do");
    why.add_option("app", why_.app, "Name or id")->required()->type_name("APP");
    why.callback([this] { result_.what = why_; });
    auto& check = command("check", "Ask an app's dev server whether its pages work, fail when they do not");
    check.add_option("app", check_.app, "Name or id")->required()->type_name("APP");
    check.callback([this] { result_.what = check_; });
    auto& open = command("open", "Open an app in a browser");
    open.add_option("app", open_.app, "Name or id")->required()->type_name("APP");
    open.add_flag("--named", open_.named, "By its name, http://NAME.localhost, on Berth's own port");
    open.callback([this] { result_.what = open_; });
    auto& path = command("path", "Print an app's folder");
    path.add_option("app", path_.app, "Name or id")->required()->type_name("APP");
    path.callback([this] { result_.what = path_; });
    command("operations", "List the creates, and templates being made").callback([this] {
        result_.what = operations_command{};
    });
    auto& cancel = command("cancel", "Cancel a create, or the making of a template");
    cancel.add_option("id", cancel_.operation, "Its id, or the name of its app or template")
        ->required()
        ->type_name("ID");
    cancel.callback([this] { result_.what = cancel_; });
    command("health", "Say how the server is").callback([this] { result_.what = health_command{}; });
    command("doctor", "Say what is not as it should be, and how to mend it").callback([this] {
        result_.what = doctor_command{};
    });
}

void grammar::completion() {
    auto& sub = *app_.add_subcommand("completion", "Print a shell's completion script");
    sub.add_option("shell", completion_.shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}))
        ->type_name("SHELL");
    sub.callback([this] { result_.what = completion_; });
}

std::vector<outlined_command> grammar::outline() const {
    std::vector<outlined_command> commands;
    for (auto* sub : app_.get_subcommands([](const CLI::App* s) { return !s->get_group().empty(); })) {
        outlined_command each{sub->get_name(), sub->get_description(), {}, {}};
        for (auto* inner : sub->get_subcommands({}))
            each.actions.push_back({inner->get_name(), inner->get_description()});
        for (auto* option : sub->get_options()) {
            outlined_flag flag{
                {}, option->get_description(), option->get_expected_max() > 0 && option->get_type_size() > 0};
            for (auto& name : option->get_snames())
                flag.names.push_back("-" + name);
            for (auto& name : option->get_lnames())
                flag.names.push_back("--" + name);
            if (!flag.names.empty())
                each.flags.push_back(std::move(flag));
        }
        commands.push_back(std::move(each));
    }
    return commands;
}

} // namespace berth::cli
