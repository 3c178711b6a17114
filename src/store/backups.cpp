#include "store/backups.hpp"

#include "core/clock.hpp"
#include "store/durable_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>

namespace berth {
namespace {

namespace fs = std::filesystem;

/// The number of "000042-20260131T143000.000Z.json"; none for any other name: such a file is not ours to remove.
std::optional<std::uint64_t> number_of(std::string_view name) {
    std::uint64_t number = 0;
    auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failed != std::errc{} || end == name.data() + name.size() || *end != '-' || !name.ends_with(".json"))
        return {};
    return number;
}

struct numbered {
    std::uint64_t number;
    std::string name;
};

result<std::vector<numbered>> newest_first_in(file_system& files, const fs::path& folder) {
    std::vector<numbered> found;
    auto names = files.list(folder);
    if (!names && names.error().value() != ENOENT)
        return storage_error("read", folder, names.error());
    if (names)
        for (auto& name : *names)
            if (auto number = number_of(name))
                found.push_back({*number, name});
    std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.number > b.number; });
    return found;
}

} // namespace

result<fs::path> backups::keep(const fs::path& current, std::string_view text) {
    auto older = newest_first_in(files_, folder_);
    if (!older) // any number would do for the name, and put the backup in the wrong place
        return older.error();
    auto number = older->empty() ? 1 : older->front().number + 1;
    auto path = folder_ / fmt::format("{:06}-{}.json", number, time_stamp());
    if (auto linked = link_or_copy(files_, current, path, text); !linked)
        return linked.error();
    if (auto synced = files_.sync_folder(folder_); !synced) {
        (void)files_.unlink(path);
        return storage_error("sync the folder", folder_, synced.error());
    }
    return path;
}

void backups::prune() {
    auto found = newest_first_in(files_, folder_);
    for (auto i = kept; found && i < found->size(); ++i)
        (void)files_.unlink(folder_ / (*found)[i].name); // tried again at the next change
}

result<std::vector<fs::path>> backups::newest_first() {
    std::vector<fs::path> paths;
    auto numbered = newest_first_in(files_, folder_);
    if (!numbered)
        return numbered.error();
    for (auto& backup : *numbered)
        paths.push_back(folder_ / backup.name);
    return paths;
}

void backups::drop_twins(const file_facts& manifest) {
    auto paths = newest_first();
    if (!paths) // at the next start, then
        return;
    for (auto& path : *paths) {
        auto facts = files_.look(path);
        if (facts && facts->inode == manifest.inode && facts->device == manifest.device)
            (void)files_.unlink(path);
    }
}

std::string time_stamp() {
    auto stamp = iso_time(wall_ms());
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    return stamp;
}

} // namespace berth
