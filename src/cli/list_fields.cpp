#include "cli/list_fields.hpp"

#include "cli/command_names.hpp"
#include "cli/text.hpp"
#include "core/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace berth::cli {
namespace {

using field_value = std::variant<std::string, double>;

struct field {
    const char* name;
    field_value (*of)(const listed_app&);
};

field_value figure(bool known, double value) {
    if (!known)
        return std::string();
    return value;
}

const field fields[] = {
    {"id", [](const listed_app& a) -> field_value { return a.id; }},
    {"name", [](const listed_app& a) -> field_value { return a.name; }},
    {"slug", [](const listed_app& a) -> field_value { return a.slug; }},
    {"status", [](const listed_app& a) -> field_value { return a.state(); }},
    {"operation", [](const listed_app& a) -> field_value { return a.operation; }},
    {"reason", [](const listed_app& a) -> field_value { return a.reason.value_or(""); }},
    {"page", [](const listed_app& a) -> field_value { return a.page; }},
    {"category", [](const listed_app& a) -> field_value { return a.category.value_or(""); }},
    {"port", [](const listed_app& a) -> field_value { return static_cast<double>(a.port); }},
    {"url", [](const listed_app& a) -> field_value { return a.url(); }},
    {"memory", [](const listed_app& a) { return figure(a.runs(), static_cast<double>(a.memory_mb)); }},
    {"cpu", [](const listed_app& a) { return figure(a.runs(), a.cpu_percent); }},
    {"restarts", [](const listed_app& a) -> field_value { return static_cast<double>(a.restarts); }},
    {"pid", [](const listed_app& a) { return figure(a.pid > 0, static_cast<double>(a.pid)); }},
    {"directory", [](const listed_app& a) -> field_value { return a.directory; }},
    {"owned", [](const listed_app& a) -> field_value { return a.owned ? "yes" : "no"; }},
    {"script", [](const listed_app& a) -> field_value { return a.script; }},
    {"manager", [](const listed_app& a) -> field_value { return a.package_manager; }},
    {"lan", [](const listed_app& a) -> field_value { return a.lan ? "yes" : "no"; }},
    {"keepawake", [](const listed_app& a) -> field_value { return a.keep_awake ? "yes" : "no"; }},
    {"notes", [](const listed_app& a) -> field_value { return a.notes.value_or(""); }},
    {"created", [](const listed_app& a) -> field_value { return a.created_at; }},
    {"intent", [](const listed_app& a) -> field_value { return a.intent; }},
};

outcome<const field*> find(std::string_view name) {
    for (auto& each : fields)
        if (each.name == name)
            return &each;
    auto meant = nearest(name, field_names());
    if (!meant.empty())
        return usage_error(fmt::format("there is no field \"{}\"; did you mean {}?", visible(name), meant));
    return usage_error(
        fmt::format("there is no field \"{}\"; there are {}", visible(name), fmt::join(field_names(), ", ")));
}

std::string text_of(const field_value& value) {
    if (auto* number = std::get_if<double>(&value))
        return fmt::format("{}", *number);
    return visible(std::get<std::string>(value));
}

bool is_less(const field_value& a, const field_value& b) {
    if (a.index() == b.index() && a.index() == 1)
        return std::get<double>(a) < std::get<double>(b);
    if (a.index() != b.index()) // unknown figures come first
        return a.index() < b.index();
    return name_key(std::get<std::string>(a)) < name_key(std::get<std::string>(b));
}

} // namespace

const std::vector<std::string>& field_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (auto& each : fields)
            all.push_back(each.name);
        return all;
    }();
    return names;
}

outcome<std::vector<std::string>> parse_fields(std::string_view text) {
    std::vector<std::string> wanted;
    for (std::size_t at = 0; at <= text.size();) {
        auto end = std::min(text.find(',', at), text.size());
        auto found = find(text.substr(at, end - at));
        if (found.has_error())
            return found.error();
        wanted.push_back((*found)->name);
        at = end + 1;
    }
    return wanted;
}

std::string field_lines(const std::vector<listed_app>& apps, const std::vector<std::string>& wanted) {
    std::string lines;
    for (auto& app : apps)
        for (std::size_t i = 0; i < wanted.size(); ++i)
            lines += text_of((*find(wanted[i]))->of(app)) + (i + 1 < wanted.size() ? "\t" : "\n");
    return lines;
}

outcome<> sort_by(std::vector<listed_app>& apps, std::string_view name) {
    bool down = name.starts_with('-');
    auto found = find(down ? name.substr(1) : name);
    if (found.has_error())
        return found.error();
    auto of = (*found)->of;
    std::stable_sort(apps.begin(), apps.end(),
                     [&](auto& a, auto& b) { return down ? is_less(of(b), of(a)) : is_less(of(a), of(b)); });
    return outcome<>();
}

} // namespace berth::cli
