#include "cli/completion.hpp"

#include "cli/arguments.hpp"
#include "cli/command_names.hpp"
#include "cli/list_fields.hpp"
#include "cli/text.hpp"
#include "core/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace berth::cli {
namespace {

enum class wanted {
    nothing,
    commands,
    actions,
    flags,
    apps,
    templates,
    categories,
    statuses,
    fields,
    shells,
    levels,
    directories
};

struct place {
    wanted what = wanted::nothing;
    const outlined_command* command = nullptr;
    std::size_t at = 0; // of the command among the words
    std::string flag;   // with its '=', where the value is glued to it
};

wanted value_of(std::string_view flag, std::string_view command) {
    if (flag == "--category" || flag == "-c")
        return wanted::categories;
    if (flag == "--status" || (flag == "-s" && command == "ls"))
        return wanted::statuses;
    if (flag == "--template" || (flag == "-t" && command == "create"))
        return wanted::templates;
    if (flag == "--from")
        return wanted::apps;
    if (flag == "--log-level")
        return wanted::levels;
    if (flag == "--sort" || flag == "--format")
        return wanted::fields;
    return flag == "--root" ? wanted::directories : wanted::nothing;
}

wanted argument_of(std::string_view command, std::size_t position, std::string_view action) {
    if (command == "template" && position == 0)
        return wanted::actions;
    if (command == "template")
        return position == 1 && (action == "refresh" || action == "rm") ? wanted::templates
               : position == 2 && action == "add"                       ? wanted::directories
                                                                        : wanted::nothing;
    constexpr std::string_view of_many[] = {"show", "stop", "restart", "start", "sleep", "wake", "rm", "wait", "logs"};
    if (std::find(std::begin(of_many), std::end(of_many), command) != std::end(of_many))
        return wanted::apps;
    constexpr std::string_view of_one[] = {"open", "path", "why", "check", "edit", "activity"};
    if (std::find(std::begin(of_one), std::end(of_one), command) != std::end(of_one))
        return position == 0 ? wanted::apps : wanted::nothing;
    if (command == "completion")
        return position == 0 ? wanted::shells : wanted::nothing;
    return wanted::nothing;
}

const outlined_flag* find_flag(const outlined_command& command, std::string_view word) {
    for (auto& flag : command.flags)
        if (std::find(flag.names.begin(), flag.names.end(), word) != flag.names.end())
            return &flag;
    return nullptr;
}

place place_of(const std::vector<std::string>& words, const std::vector<outlined_command>& commands) {
    place found;
    std::size_t i = 0;
    for (; i + 1 < words.size() && !found.command; ++i) {
        for (auto& command : commands)
            if (command.name == canonical_command(words[i]))
                found.command = &command;
        found.at = i;
    }
    if (!found.command) {
        found.what = words.size() > 1 && words[words.size() - 2] == "--url" ? wanted::nothing : wanted::commands;
        return found;
    }
    std::size_t position = 0;
    std::string_view action;             // the first argument
    const outlined_flag* open = nullptr; // it waits for its value
    for (; i + 1 < words.size(); ++i) {
        auto* flag = open ? nullptr : find_flag(*found.command, words[i]);
        if (!open && !flag && !words[i].starts_with('-') && position++ == 0)
            action = words[i];
        open = flag && flag->takes_value ? flag : nullptr;
    }
    auto glued = words.back().starts_with("--") ? words.back().find('=') : words.back().npos;
    if (open) {
        found.what = value_of(open->names.back(), found.command->name);
    } else if (glued != words.back().npos) {
        found.flag = words.back().substr(0, glued + 1);
        found.what = value_of(words.back().substr(0, glued), found.command->name);
    } else if (!words.empty() && words.back().starts_with('-')) {
        found.what = wanted::flags;
    } else {
        found.what = argument_of(found.command->name, position, action);
    }
    return found;
}

bool is_safe(std::string_view text) { return visible(text) == text; }

/// Each app by its name; ids only for what begins like one, or they would crowd out the names.
void add_apps(std::vector<candidate>& all, const std::vector<listed_app>& apps, const std::vector<std::string>& words,
              std::size_t command_at) {
    std::set<std::string> typed(words.begin() + static_cast<std::ptrdiff_t>(command_at) + 1, words.end() - 1);
    for (auto& app : apps) {
        if (typed.contains(app.name) || typed.contains(app.id))
            continue;
        if (is_safe(app.name))
            all.push_back({app.name, fmt::format("{} :{}", visible(app.state()), app.port)});
        if (!words.back().empty())
            all.push_back({app.id, fmt::format("{} ({})", visible(app.name), visible(app.state()))});
    }
}

void add_categories(std::vector<candidate>& all, const std::vector<listed_app>& apps) {
    std::set<std::string> categories;
    for (auto& app : apps)
        if (app.category && is_safe(*app.category))
            categories.insert(*app.category);
    for (auto& category : categories)
        all.push_back({category, ""});
}

} // namespace

needed_lists needed(const std::vector<std::string>& words) {
    auto commands = outline();
    auto what = place_of(words, commands).what;
    return {what == wanted::apps || what == wanted::categories, what == wanted::templates};
}

std::vector<candidate> complete(const std::vector<std::string>& given, const std::vector<listed_app>& apps,
                                const std::vector<std::string>& templates) {
    auto words = given.empty() ? std::vector<std::string>{""} : given;
    auto commands = outline();
    auto here = place_of(words, commands);
    std::vector<candidate> all;
    switch (here.what) {
    case wanted::nothing:
        break;
    case wanted::commands:
        for (auto& command : commands)
            all.push_back({command.name, command.help});
        break;
    case wanted::actions:
        for (auto& [name, help] : here.command->actions)
            all.push_back({name, help});
        break;
    case wanted::templates:
        for (auto& name : templates)
            all.push_back({name, ""});
        break;
    case wanted::flags:
        for (auto& flag : here.command->flags)
            for (auto& name : flag.names)
                if (name.starts_with("--") || flag.names.size() == 1)
                    all.push_back({name, flag.help});
        break;
    case wanted::apps:
        add_apps(all, apps, words, here.at);
        break;
    case wanted::categories:
        add_categories(all, apps);
        break;
    case wanted::statuses:
        all = {{"online", ""}, {"launching", ""}, {"asleep", ""}, {"stopped", ""}, {"errored", ""}, {"unknown", ""}};
        break;
    case wanted::fields:
        for (auto& name : field_names())
            all.push_back({name, ""});
        break;
    case wanted::directories:
        return {{std::string(directories), ""}};
    case wanted::shells:
        all = {{"bash", ""}, {"zsh", ""}, {"fish", ""}};
        break;
    case wanted::levels:
        all = {{"trace", ""}, {"debug", ""}, {"info", ""}, {"warning", ""}, {"error", ""}, {"off", ""}};
        break;
    }
    for (auto& c : all)
        c.value.insert(0, here.flag);
    std::erase_if(all, [&](auto& c) { return !name_key(c.value).starts_with(name_key(words.back())); });
    return all;
}

std::string to_lines(const std::vector<candidate>& all) {
    std::string lines;
    for (auto& c : all)
        lines += c.value + "\t" + c.help + "\n";
    return lines;
}

std::string bash_lines(const std::vector<candidate>& all, const bash_typing& typing) {
    std::string lines;
    for (auto& c : all)
        lines += (c.value == directories ? c.value : bash_reply(c.value, typing)) + "\n";
    return lines;
}

} // namespace berth::cli
