#include "net/api/request_body.hpp"

#include "net/http/strict_json.hpp"
#include "net/http/text.hpp"

#include <algorithm>
#include <cctype>

namespace berth::net {
namespace {

result<bulk_action> parse_action(const nlohmann::json& body) {
    auto text = required_text(body, "action");
    if (!text)
        return text.error();
    if (*text == "stop")
        return bulk_action::stop;
    if (*text == "restart")
        return bulk_action::restart;
    if (*text == "sleep")
        return bulk_action::sleep;
    if (*text == "wake")
        return bulk_action::wake;
    if (*text == "delete")
        return bulk_action::remove;
    return invalid_request("action: must be stop, restart, sleep, wake or delete, not " + in_quotes(*text) + ".");
}

result<bulk_selection> parse_ids(const nlohmann::json& ids) {
    constexpr std::size_t limit = 1000;
    if (!ids.is_array() || ids.size() > limit)
        return invalid_request("ids: must be a list of at most 1000 ids or names.");
    std::vector<std::string> list;
    for (auto& id : ids) {
        if (!id.is_string())
            return invalid_request("ids: must hold strings only.");
        list.push_back(id.get<std::string>());
    }
    return bulk_selection(std::move(list));
}

result<bulk_selection> parse_selection(const nlohmann::json& body) {
    if (body.contains("ids") + body.contains("category") + body.contains("all") != 1)
        return invalid_request("Exactly one of ids, category and all is needed.");
    if (body.contains("ids"))
        return parse_ids(body["ids"]);
    if (body.contains("all")) {
        if (body["all"] != true)
            return invalid_request("all: must be true.");
        return bulk_selection(all_apps{});
    }
    auto category = optional_text(body, "category");
    if (!category)
        return category.error();
    if (*category && trimmed(**category).empty())
        return invalid_request("category: is empty; null means the apps without one.");
    return bulk_selection(apps_of_category{std::move(*category)});
}

/// A word by which a client knows its own create among the operations: it comes back as it was given, so it is kept to
/// what needs no escaping anywhere.
result<std::optional<std::string>> parse_request(const nlohmann::json& body) {
    constexpr std::size_t limit = 64;
    auto word = optional_text(body, "request");
    if (!word || !*word)
        return word;
    auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
    if ((*word)->empty() || (*word)->size() > limit || !std::all_of((*word)->begin(), (*word)->end(), plain))
        return invalid_request("request: must be 1 to 64 letters, digits, - or _, such as a UUID.");
    return word;
}

/// None: a new app is asked for.
result<std::optional<adoption>> parse_adoption(const nlohmann::json& body) {
    auto directory = optional_text(body, "directory");
    if (!directory)
        return directory.error();
    auto script = optional_text(body, "script");
    if (!script)
        return script.error();
    auto take_over = optional_flag(body, "takeOver");
    if (!take_over)
        return take_over.error();
    if (!*directory) {
        for (auto field : {"script", "takeOver"})
            if (body.contains(field))
                return invalid_request(std::string(field) + ": goes with directory, the project to adopt.");
        return std::optional<adoption>();
    }
    adoption wish;
    wish.directory = std::move(**directory);
    wish.script = script->value_or("dev");
    wish.take_over = take_over->value_or(false);
    return std::optional(std::move(wish));
}

} // namespace

bool is_json_type(std::string_view content_type) {
    auto end = content_type.find(';');
    if (!equal_ignoring_case(trimmed(content_type.substr(0, end)), "application/json"))
        return false;
    if (end == content_type.npos)
        return true;
    auto parameter = trimmed(content_type.substr(end + 1));
    return parameter.empty() || equal_ignoring_case(parameter, "charset=utf-8") ||
           equal_ignoring_case(parameter, "charset=\"utf-8\"");
}

result<create_options> parse_create(std::string_view body) {
    if (body.empty())
        return create_options();
    auto parsed = parse_object(body, {"name", "category", "request", "notes", "lan", "template", "from", "fresh",
                                      "directory", "script", "takeOver"});
    return parsed ? read_create(*parsed) : parsed.error();
}

result<create_options> read_create(const nlohmann::json& body) {
    create_options options;
    const std::pair<const char*, std::optional<std::string>*> given[] = {{"name", &options.name},
                                                                         {"category", &options.category},
                                                                         {"notes", &options.notes},
                                                                         {"template", &options.made_from},
                                                                         {"from", &options.fork_of}};
    for (auto& [field, option] : given) {
        auto text = optional_text(body, field);
        if (!text)
            return text.error();
        *option = std::move(*text);
    }
    for (auto [field, to] : {std::pair{"lan", &options.lan}, {"fresh", &options.fresh}}) {
        auto flag = optional_flag(body, field);
        if (!flag)
            return flag.error();
        *to = flag->value_or(false);
    }
    auto request = parse_request(body);
    if (!request)
        return request.error();
    options.request = std::move(*request);
    auto adopt = parse_adoption(body);
    if (!adopt)
        return adopt.error();
    options.adopt = std::move(*adopt);
    if (options.made_from.has_value() + options.fork_of.has_value() + options.adopt.has_value() > 1)
        return invalid_request("template, from and directory exclude each other.");
    bool of_another =
        options.fork_of || options.adopt || options.made_from.value_or(std::string(next_template)) != next_template;
    if (options.fresh && of_another)
        return invalid_request("fresh: scaffolds the template next anew, and goes with no other.");
    return options;
}

result<app_edit> parse_edit(std::string_view body) {
    auto parsed = parse_object(body, {"name", "category", "notes", "keepAwake", "lan"});
    return parsed ? read_edit(*parsed) : parsed.error();
}

result<app_edit> read_edit(const nlohmann::json& body) {
    app_edit edit;
    for (auto field : {"name", "keepAwake", "lan"})
        if (body.contains(field) && body[field].is_null())
            return invalid_request(std::string(field) + ": cannot be null; leave it out to keep it as it is.");
    for (auto [field, to] : {std::pair{"category", &edit.category}, {"notes", &edit.notes}}) {
        auto text = optional_text(body, field);
        if (!text)
            return text.error();
        if (body.contains(field))
            *to = std::move(*text);
    }
    for (auto [field, to] : {std::pair{"keepAwake", &edit.keep_awake}, {"lan", &edit.lan}}) {
        auto flag = optional_flag(body, field);
        if (!flag)
            return flag.error();
        *to = *flag;
    }
    auto name = optional_text(body, "name");
    if (!name)
        return name.error();
    edit.name = std::move(*name);
    return edit;
}

result<template_wish> parse_template(std::string_view body) {
    auto parsed = parse_object(body, {"name", "source"});
    if (!parsed)
        return parsed.error();
    auto name = required_text(*parsed, "name");
    auto source = required_text(*parsed, "source");
    if (!name || !source)
        return name ? source.error() : name.error();
    return template_wish{std::move(*name), std::move(*source)};
}

result<bulk_request> parse_bulk(std::string_view body) {
    auto parsed = parse_object(body, {"action", "ids", "category", "all", "cleanup"});
    if (!parsed)
        return parsed.error();
    auto action = parse_action(*parsed);
    if (!action)
        return action.error();
    auto selection = parse_selection(*parsed);
    if (!selection)
        return selection.error();
    if (parsed->contains("cleanup")) {
        auto& cleanup = (*parsed)["cleanup"];
        if (!cleanup.is_boolean() || *action != bulk_action::remove)
            return invalid_request("cleanup: must be true or false, and only for delete.");
        if (!cleanup.get<bool>())
            *action = bulk_action::remove_but_keep_folder;
    }
    return bulk_request{*action, std::move(*selection)};
}

result<> parse_nothing(std::string_view body) {
    if (body.empty())
        return {};
    auto parsed = parse_object(body, {});
    if (!parsed)
        return parsed.error();
    return {};
}

} // namespace berth::net
