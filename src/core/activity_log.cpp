#include "core/activity_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace berth {
namespace {

constexpr std::array<std::pair<happening, std::string_view>, 15> kinds = {{
    {happening::created, "created"},
    {happening::adopted, "adopted"},
    {happening::online, "online"},
    {happening::crashed, "crashed"},
    {happening::stopped, "stopped"},
    {happening::restarted, "restarted"},
    {happening::slept, "slept"},
    {happening::woke, "woke"},
    {happening::page_broken, "page_broken"},
    {happening::page_mended, "page_mended"},
    {happening::edited, "edited"},
    {happening::deleted, "deleted"},
    {happening::server_started, "server_started"},
    {happening::pm2_lost, "pm2_lost"},
    {happening::pm2_back, "pm2_back"},
}};

void cut_long(std::string& text) {
    constexpr std::string_view ellipsis = "…";
    if (text.size() <= longest_activity)
        return;
    auto end = longest_activity - ellipsis.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) // never inside of a character
        --end;
    text.resize(end);
    text += ellipsis;
}

} // namespace

std::string_view to_string(happening wanted) noexcept {
    for (auto& [kind, name] : kinds)
        if (kind == wanted)
            return name;
    return "";
}

std::optional<happening> parse_happening(std::string_view text) noexcept {
    for (auto& [kind, name] : kinds)
        if (name == text)
            return kind;
    return {};
}

nlohmann::ordered_json to_json(const activity_entry& e) {
    nlohmann::ordered_json json = {{"id", e.id},     {"at", e.at},
                                   {"app", nullptr}, {"name", nullptr},
                                   {"kind", to_string(e.kind)}, {"text", e.text}};
    if (e.app)
        json["app"] = *e.app;
    if (e.name)
        json["name"] = *e.name;
    return json;
}

void activity_log::load(std::vector<activity_entry> earlier) {
    entries_.assign(std::make_move_iterator(earlier.begin()), std::make_move_iterator(earlier.end()));
    while (entries_.size() > most_activity)
        entries_.pop_front();
}

const activity_entry& activity_log::add(activity_entry e) {
    auto next = entries_.empty() ? 1 : entries_.back().id + 1;
    e.id = std::max<std::uint64_t>(next, e.at > 0 ? static_cast<std::uint64_t>(e.at) : 1);
    cut_long(e.text);
    if (entries_.size() >= most_activity)
        entries_.pop_front();
    return entries_.emplace_back(std::move(e));
}

activity_page activity_log::page(const activity_query& asked) const {
    activity_page page;
    for (auto it = entries_.rbegin(); it != entries_.rend(); ++it) {
        if (asked.before && it->id >= *asked.before)
            continue;
        if (asked.app && it->app != asked.app)
            continue;
        if (page.entries.size() == asked.limit) {
            page.before = page.entries.back().id;
            break;
        }
        page.entries.push_back(*it);
    }
    return page;
}

const activity_entry* activity_log::last(const std::string& app, std::initializer_list<happening> wanted) const {
    for (auto it = entries_.rbegin(); it != entries_.rend(); ++it)
        if (it->app == app && std::find(wanted.begin(), wanted.end(), it->kind) != wanted.end())
            return &*it;
    return nullptr;
}

} // namespace berth
