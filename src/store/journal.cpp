#include "store/journal.hpp"

#include "core/names.hpp"
#include "store/durable_write.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>

namespace berth {
namespace {

using nlohmann::json;

constexpr std::string_view suffix = ".json";

result<> check(const std::string& id) {
    if (!is_id(id))
        return error{errc::storage_failed, "The journal has no place for \"" + id + "\": it is not an app id."};
    return {};
}

std::optional<journal_entry> parse_entry(std::string id, const std::string& text) {
    auto document = json::parse(text, nullptr, false);
    if (!document.is_object())
        return {};
    auto kind = document.find("kind");
    auto files_too = document.find("filesToo");
    if (kind == document.end() || files_too == document.end() || !files_too->is_boolean())
        return {};
    journal_entry entry{.id = std::move(id), .files_too = files_too->get<bool>()};
    if (*kind == "create")
        entry.what = journal_entry::kind::create;
    else if (*kind == "remove")
        entry.what = journal_entry::kind::remove;
    else
        return {};
    return entry;
}

} // namespace

result<> journal_folder::put(const journal_entry& entry) {
    if (auto checked = check(entry.id); !checked)
        return checked;
    nlohmann::ordered_json document = {{"kind", entry.what == journal_entry::kind::create ? "create" : "remove"},
                                       {"filesToo", entry.files_too}};
    return durable_write(files_, folder_ / (entry.id + ".json"), document.dump() + "\n");
}

result<> journal_folder::erase(const std::string& id) {
    if (auto checked = check(id); !checked)
        return checked;
    auto path = folder_ / (id + ".json");
    // Where it is not there, its going may still have to reach the disk: a sync may have failed after it.
    if (auto gone = files_.unlink(path); !gone && gone.error().value() != ENOENT)
        return storage_error("remove", path, gone.error());
    if (auto synced = files_.sync_folder(folder_); !synced)
        return storage_error("sync the folder", folder_, synced.error());
    return {};
}

result<std::optional<journal_entry>> journal_folder::read_one(const std::string& name) {
    auto id = name.substr(0, name.size() - suffix.size());
    if (!is_id(id))
        return std::optional<journal_entry>();
    auto text = files_.read(folder_ / name);
    if (!text)
        return storage_error("read", folder_ / name, text.error());
    return parse_entry(std::move(id), *text);
}

journal_folder::content journal_folder::read() {
    content found;
    remove_unfinished(files_, folder_);
    auto names = files_.list(folder_);
    if (!names) {
        found.complaints.push_back(storage_error("read", folder_, names.error()).detail);
        return found;
    }
    std::sort(names->begin(), names->end());
    for (auto& name : *names) {
        // A name that begins with a dot is no entry; a further suffix is one that was set aside before.
        if (name.starts_with('.') || !name.ends_with(suffix))
            continue;
        auto entry = read_one(name);
        if (!entry) { // it may be in perfect order, and is read at the next start
            found.complaints.push_back(std::move(entry.error().detail));
            continue;
        }
        if (*entry) {
            found.entries.push_back(std::move(**entry));
            continue;
        }
        found.complaints.push_back(fmt::format("{} is no journal entry that Berth understands; it was set aside as "
                                               "{}.unreadable.",
                                               (folder_ / name).native(), name));
        (void)files_.rename(folder_ / name, folder_ / (name + ".unreadable"));
    }
    return found;
}

} // namespace berth
