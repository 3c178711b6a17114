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

struct entry {
    bool create = true;
    bool files_too = true;
};

std::optional<entry> parse_entry(const std::string& text) {
    auto document = json::parse(text, nullptr, false);
    if (!document.is_object())
        return {};
    auto kind = document.find("kind");
    if (kind == document.end())
        return {};
    if (*kind == "create")
        return entry{};
    auto files_too = document.find("filesToo");
    if (*kind != "remove" || files_too == document.end() || !files_too->is_boolean())
        return {};
    return entry{false, files_too->get<bool>()};
}

} // namespace

result<> journal_folder::put(const std::string& id) {
    if (auto checked = check(id); !checked)
        return checked;
    return durable_write(files_, folder_ / (id + ".json"), "{\"kind\":\"create\"}\n");
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
        auto id = name.substr(0, name.size() - suffix.size());
        auto text = is_id(id) ? files_.read(folder_ / name) : std::string();
        if (!text) { // it may be in perfect order, and is read at the next start
            found.complaints.push_back(storage_error("read", folder_ / name, text.error()).detail);
            continue;
        }
        if (auto entry = parse_entry(*text)) {
            if (entry->create)
                found.creates.push_back(std::move(id));
            else
                found.removals.push_back({std::move(id), entry->files_too ? removal::all : removal::entry});
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
