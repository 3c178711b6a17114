#include "cli/arguments.hpp"

#include "cli/command_names.hpp"
#include "cli/grammar.hpp"
#include "cli/list_fields.hpp"
#include "cli/moment.hpp"
#include "cli/sleep_flags.hpp"
#include "cli/text.hpp"
#include "core/clock.hpp"
#include "core/names.hpp"
#include "core/templates.hpp"

#include <fmt/format.h>

namespace berth::cli {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == text.npos; }

outcome<invocation> text(std::string what) {
    invocation shown;
    shown.what = text_command{std::move(what)};
    return shown;
}

/// What CLI11 would misread: brackets (see bracket_mark), and "--category=", of which it would take the next word for
/// the value.
std::vector<std::string> as_cli11_reads(std::vector<std::string> words) {
    std::vector<std::string> read;
    bool flags = true; // until "--"
    for (auto& word : words) {
        flags = flags && word != "--";
        auto value = flags && word.starts_with("--") ? word.find('=') : word.npos;
        if (value != word.npos && value + 1 == word.size()) {
            read.push_back(word.substr(0, value));
            word.clear();
        } else if (value != word.npos && word[value + 1] == '[') {
            word.insert(value + 1, 1, bracket_mark);
        } else if (word.starts_with('[')) {
            word.insert(0, 1, bracket_mark);
        }
        read.push_back(std::move(word));
    }
    return read;
}

/// The value of --url among words that may be half typed; empty: none.
std::string url_among(const std::vector<std::string>& words) {
    constexpr std::string_view glued = "--url=";
    std::string url;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) { // the last one is being typed
        if (words[i] == "--url" && i + 2 < words.size())
            url = words[i + 1];
        else if (words[i].starts_with(glued))
            url = words[i].substr(glued.size());
    }
    return url;
}

/// What a completion script passes on is half typed: it is not for CLI11 to judge. `__complete WORD...`, or, for bash,
/// `__complete_bash BREAKS LINE`.
outcome<invocation> completion_wish(std::vector<std::string> words, const environment& env) {
    invocation asked;
    complete_command wish;
    if (words.front() == "__complete_bash") {
        words.resize(3);
        auto line = read_shell_line(words[2], words[1]);
        wish.words = std::move(line.words);
        wish.bash = line.typing;
    } else {
        wish.words = std::move(words);
    }
    wish.words.erase(wish.words.begin()); // the command
    asked.url = url_among(wish.words);
    if (asked.url.empty())
        asked.url = env.url;
    asked.what = std::move(wish);
    return asked;
}

outcome<> check_names(std::optional<std::string>& name, std::optional<std::string>& category) {
    if (name && is_blank(*name)) // blank is none, as in the API
        name.reset();
    for (auto [value, field] : {std::pair{&name, "The name"}, std::pair{&category, "The category"}}) {
        if (!*value)
            continue;
        auto checked = check_name(**value, field);
        if (checked.has_error())
            return usage_error(checked.error().detail);
        *value = *checked;
    }
    return outcome<>();
}

} // namespace

outcome<invocation> grammar::parse(std::vector<std::string> given) {
    auto [words, at] = understand(std::move(given));
    if (at != std::string::npos && !knows(words[at]))
        return unknown(words[at]);
    words = as_cli11_reads(std::move(words));
    return parsed(std::move(words));
}

outcome<invocation> grammar::parsed(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end()); // as CLI11 wants them
    try {
        app_.parse(std::move(words));
    } catch (const CLI::CallForAllHelp&) {
        return text(app_.help("", CLI::AppFormatMode::All));
    } catch (const CLI::CallForHelp&) {
        return text(used() ? used()->help(within()) : app_.help());
    } catch (const CLI::CallForVersion& version) {
        return text(std::string(version.what()) + "\n");
    } catch (const CLI::ExtrasError& extra) {
        return usage(std::string(extra.what()) + meant_flag());
    } catch (const CLI::ParseError& wrong) {
        return usage(used() ? std::string_view(wrong.what()) : "no command was given");
    }
    auto checked = check();
    if (checked.has_error())
        return checked.error();
    return result_;
}

bool grammar::knows(const std::string& name) const {
    auto all = app_.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
    return !all.empty();
}

CLI::App* grammar::used() const {
    auto all = app_.get_subcommands();
    if (all.empty())
        return nullptr;
    auto inner = all.front()->get_subcommands();
    return inner.empty() ? all.front() : inner.front();
}

std::string grammar::within() const {
    auto all = app_.get_subcommands();
    bool deeper = !all.empty() && all.front() != used();
    return deeper ? "berth " + all.front()->get_name() : "berth";
}

/// For the first flag among what nobody took.
std::string grammar::meant_flag() const {
    std::vector<std::string> known;
    for (auto* command : {used(), const_cast<CLI::App*>(&app_)})
        for (auto* option : command ? command->get_options() : std::vector<CLI::Option*>())
            for (auto& name : option->get_lnames())
                known.push_back(name);
    for (auto& word : app_.remaining(true)) {
        if (!word.starts_with("--"))
            continue;
        auto meant = nearest(word.substr(2, word.find('=') - 2), known);
        return meant.empty() ? std::string() : fmt::format(" (did you mean --{}?)", meant);
    }
    return {};
}

failure grammar::usage(std::string_view what) const {
    std::string shown(what.substr(0, what.find('\n')));
    std::erase(shown, bracket_mark);
    auto line = visible(shown);
    if (line.ends_with('.'))
        line.pop_back();
    return usage_error(fmt::format("{}; see: {} {}--help", line, within(), used() ? used()->get_name() + " " : ""));
}

failure grammar::unknown(const std::string& word) const {
    std::vector<std::string> known = {"ps", "list", "status", "inspect", "delete", "help", "version"};
    for (auto* sub : app_.get_subcommands([](const CLI::App* s) { return !s->get_group().empty(); }))
        known.push_back(sub->get_name());
    auto meant = nearest(word, known);
    auto hint = meant.empty() ? std::string() : fmt::format(" (did you mean {}?)", meant);
    return usage_error(fmt::format("there is no command \"{}\"{}; see: berth --help", visible(word), hint));
}

outcome<> grammar::check_selection(const std::vector<std::string>& apps, bool category, bool all) const {
    auto selectors = (apps.empty() ? 0 : 1) + (category ? 1 : 0) + (all ? 1 : 0);
    if (selectors == 1)
        return outcome<>();
    return usage(selectors == 0 ? "which apps? Give names or ids, --category or --all"
                                : "names, --category and --all exclude each other");
}

outcome<> grammar::check_list(list_command& wish) const {
    int forms = (quiet_ ? 1 : 0) + (format_.empty() ? 0 : 1) + (result_.json ? 1 : 0);
    if (forms > 1)
        return usage("--quiet, --format and --json exclude each other");
    if (wish.watch && (quiet_ || !format_.empty() || !wish.sort.empty()))
        return usage("--watch does not go with --quiet, --format or --sort");
    auto fields = parse_fields(quiet_ ? "id" : format_);
    if ((quiet_ || !format_.empty()) && fields.has_error())
        return fields.error();
    if (quiet_ || !format_.empty())
        wish.fields = *fields;
    std::vector<listed_app> none;
    return wish.sort.empty() ? outcome<>() : sort_by(none, wish.sort);
}

outcome<> grammar::check_logs(logs_command& wish) const {
    if (result_.json && (!wish.grep.empty() || wish.times))
        return usage("--grep and -t do not go with --json");
    if (wish.times && !wish.follow)
        return usage("-t needs -f: when the lines before came is not known");
    if (!since_.empty()) {
        wish.since = parse_moment(since_, wall_ms());
        if (!wish.since)
            return usage(fmt::format("--since: must be like 90s, 10m, 2h, 1d, 14:30 or 2026-01-31T14:30, not \"{}\"", since_));
        if (wish.follow && result_.json)
            return usage("--since with -f does not go with --json");
    }
    return check_selection(wish.apps, wish.category.has_value(), wish.all);
}

outcome<> grammar::check_edit(const edit_command& wish) const {
    if (wish.name || wish.category || wish.notes || wish.lan || wish.keep_awake)
        return outcome<>();
    return usage("what is to change? Give --name, --category, --notes, --lan, --no-lan, --keep-awake or "
                 "--no-keep-awake");
}

outcome<> grammar::check_serve(serve_flags& wish) const {
    if (sleep_after_) {
        auto after = parse_sleep_after(*sleep_after_);
        if (after.has_error())
            return after.error();
        wish.sleep_after = *after;
    }
    if (memory_floor_) {
        auto percent = parse_memory_floor(*memory_floor_);
        if (percent.has_error())
            return percent.error();
        wish.memory_floor = *percent;
    }
    return outcome<>();
}

outcome<> grammar::check_template(const template_command& wish) const {
    if (wish.what == template_command::action::list)
        return outcome<>();
    if (auto checked = check_template_name(wish.name); checked.has_error())
        return usage_error(checked.error().detail);
    return outcome<>();
}

outcome<> grammar::check() {
    for (auto* category : {&create_.category, &adopt_.category, &list_.category, &action_.category, &logs_.category})
        if (*category && is_blank(**category))
            return usage("a category cannot be blank");
    if (auto* wish = std::get_if<serve_flags>(&result_.what))
        return check_serve(*wish);
    if (auto* wish = std::get_if<create_command>(&result_.what))
        return check_names(wish->name, wish->category);
    if (auto* wish = std::get_if<adopt_command>(&result_.what))
        return check_names(wish->name, wish->category);
    if (auto* wish = std::get_if<edit_command>(&result_.what))
        return check_edit(*wish);
    if (auto* wish = std::get_if<template_command>(&result_.what))
        return check_template(*wish);
    if (auto* wish = std::get_if<list_command>(&result_.what))
        return check_list(*wish);
    if (auto* wish = std::get_if<action_command>(&result_.what))
        return check_selection(wish->apps, wish->category.has_value(), wish->all);
    if (auto* wish = std::get_if<logs_command>(&result_.what))
        return check_logs(*wish);
    return outcome<>();
}

outcome<invocation> parse_arguments(int argc, const char* const* argv, const environment& env) {
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    if (!words.empty() && words.front().starts_with("__complete"))
        return completion_wish(std::move(words), env);
    auto wish = grammar(env).parse(std::move(words));
    if (wish.has_value() && wish->url.empty()) {
        wish->url = env.url;
        wish->url_from = "$BERTH_URL";
    }
    return wish;
}

std::vector<outlined_command> outline() { return grammar(environment{}).outline(); }

} // namespace berth::cli
