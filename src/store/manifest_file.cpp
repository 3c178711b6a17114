#include "store/manifest_file.hpp"

#include "core/clock.hpp"
#include "core/names.hpp"
#include "store/durable_write.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;

bool is_missing(const boost::system::error_code& e) { return e.value() == ENOENT; }

error invalid(std::string_view what) { return {errc::manifest_invalid, fmt::format("manifest.json: {}", what)}; }

/// parse_manifest(), with the file's name before what is wrong.
result<manifest> parse(std::string_view text) {
    auto parsed = parse_manifest(text);
    if (!parsed)
        return invalid(parsed.error().detail);
    return parsed;
}

/// Two writes within one tick of the file system's clock (up to 10 ms on Linux) leave the same mtime: a file this young
/// is judged by its text.
bool too_young_to_tell(const file_facts& facts) {
    auto age_ms = wall_ms() - facts.modified_ns / 1'000'000;
    return age_ms < 100;
}

} // namespace

manifest_file::manifest_file(file_system& files, fs::path root)
    : files_(files), root_(std::move(root)), path_(root_ / "manifest.json"), backups_(files, root_ / ".berth/backups") {
}

void manifest_file::remember(file_facts facts, std::string text, bool on_disk) {
    facts_ = facts;
    text_ = std::move(text);
    on_disk_ = on_disk;
}

result<fs::path> manifest_file::target() {
    auto real = files_.follow(path_);
    if (!real)
        return storage_error("follow the link", path_, real.error());
    return std::move(*real);
}

void manifest_file::remove_leftovers() {
    if (auto real = target())
        (void)files_.unlink(staged_file::temporary(*real)); // of a write that a crash cut short
    for (auto folder : {".berth", ".berth/backups"})
        remove_unfinished(files_, root_ / folder);
    (void)files_.unlink(root_ / ".berth/backups/last-durable.json"); // of a Berth that did not sync every write
}

result<stored_manifest> manifest_file::load() {
    auto facts = files_.look(path_);
    if (!facts && is_missing(facts.error())) {
        remove_leftovers();
        stored_manifest none;
        auto older = backups_.newest_first();
        if (!older)
            return older.error();
        if (!older->empty())
            none.problems.push_back(
                {"manifest_missing",
                 fmt::format(
                     "There was no manifest.json at start, so Berth began with an empty one. To go back, stop Berth "
                     "and copy a backup from {} to {}.",
                     (root_ / ".berth/backups").native(), path_.native())});
        return none;
    }
    // A file that cannot be read may be in perfect order: nothing is set aside for that.
    if (!facts)
        return storage_error("read", path_, facts.error());
    auto text = files_.read(path_);
    if (!text)
        return storage_error("read", path_, text.error());

    if (auto newer = newer_version(*text))
        return error{
            errc::manifest_invalid,
            fmt::format("{} is of version {}: a newer Berth wrote it, and this one knows only 1.x. Nothing was "
                        "changed. Update Berth, or choose another folder with --root.",
                        path_.native(), *newer)};

    remove_leftovers();
    backups_.drop_twins(*facts);
    backups_.prune(); // a crash may have come before it
    auto parsed = parse_manifest(*text);
    if (!parsed)
        return restore(*text, parsed.error().detail);
    // Its name may be younger than the last sync: a server was killed between the two.
    auto real = target();
    bool synced = real && files_.sync_folder(real->parent_path());
    remember(*facts, std::move(*text), synced);
    return stored_manifest{std::move(*parsed), {}};
}

result<stored_manifest> manifest_file::restore(const std::string& corrupt, const std::string& why) {
    auto aside = set_aside(corrupt);
    if (!aside)
        return aside.error();

    stored_manifest restored;
    std::string from = "There was no valid backup, so Berth began with an empty one.";
    auto older = backups_.newest_first();
    if (!older)
        return older.error();
    std::string unread;
    for (auto& backup : *older) {
        auto facts = files_.look(backup);
        auto text = files_.read(backup);
        if (!facts || !text) { // one bad sector must not keep the server down
            auto reason = facts ? text.error() : facts.error();
            unread += fmt::format(" The backup {} could not be read: {}.", backup.native(), reason.message());
            continue;
        }
        auto parsed = parse_manifest(*text);
        if (!parsed)
            continue;
        restored.value = std::move(*parsed);
        for (auto& [id, entry] : restored.value.apps) // of deletes that are done or were refused since
            entry.app.deleting = removal::none;
        from = fmt::format("It was restored from the backup of {} ({}); apps made since are missing from it.",
                           iso_time(facts->modified_ns / 1'000'000), backup.native());
        break;
    }

    auto text = format_manifest(restored.value);
    auto real = target();
    if (!real)
        return real.error();
    auto staged = staged_file::stage(files_, *real, text);
    if (!staged)
        return staged.error();
    if (auto committed = staged->commit(); !committed)
        return committed.error();
    remember(staged->facts(), std::move(text), true);

    auto detail =
        fmt::format("manifest.json did not parse ({}) The bad file was kept as {}. {}", why, aside->native(), from);
    detail += unread;
    if (auto strays = folders_without_entry(restored.value); !strays.empty())
        detail += fmt::format(" These folders in created-apps have no entry: {}.", fmt::join(strays, ", "));
    restored.problems.push_back({"manifest_restored", std::move(detail)});
    return restored;
}

result<fs::path> manifest_file::set_aside(const std::string& text) {
    auto folder = root_ / ".berth";
    auto path = folder / fmt::format("manifest-corrupt-{}.json", time_stamp());
    // Not a rename: if we were killed before the backup is in place, the next start would find no manifest and begin
    // with an empty one.
    if (auto linked = link_or_copy(files_, path_, path, text); !linked)
        return linked.error();
    if (auto synced = files_.sync_folder(folder); !synced)
        return storage_error("sync the folder", folder, synced.error());
    return path;
}

std::vector<std::string> manifest_file::folders_without_entry(const manifest& m) {
    std::vector<std::string> strays;
    if (auto names = files_.list(root_ / "created-apps"))
        for (auto& name : *names)
            if (is_id(name) && !m.apps.contains(name))
                strays.push_back(name);
    std::sort(strays.begin(), strays.end());
    return strays;
}

std::optional<result<manifest_file::content>> manifest_file::foreign() {
    auto facts = files_.look(path_);
    if (!facts && is_missing(facts.error())) {
        if (!facts_)
            return {};
        return invalid(fmt::format("it was deleted while Berth was running. Berth still holds it: put a copy back (the "
                                   "last backups are in {}), or restart Berth to begin with an empty one.",
                                   (root_ / ".berth/backups").native()));
    }
    if (!facts)
        return invalid("it cannot be read: " + facts.error().message() + ".");
    if (facts_ == *facts && !too_young_to_tell(*facts))
        return {};
    auto text = files_.read(path_);
    if (!text)
        return invalid("it cannot be read: " + text.error().message() + ".");
    if (facts_ && *text == text_) { // touched, or saved by an editor without a change
        facts_ = *facts;
        return {};
    }
    return content{*facts, std::move(*text)};
}

result<> manifest_file::still_ours() {
    auto found = foreign();
    if (!found)
        return {};
    if (!*found)
        return found->error();
    if (auto parsed = parse((*found)->text); !parsed)
        return parsed.error();
    return error{errc::manifest_changed, "manifest.json was changed by somebody else; it is read again first."};
}

std::optional<result<manifest>> manifest_file::reload() {
    auto found = foreign();
    if (!found)
        return {};
    if (!*found)
        return found->error();
    auto& [facts, text] = **found;
    auto parsed = parse(text);
    if (parsed) // an editor's write counts as synced: better kept too often than lost
        remember(facts, std::move(text), true);
    return parsed;
}

result<> manifest_file::save(const manifest& value, save_options options) {
    if (auto ours = still_ours(); !ours)
        return ours;
    auto text = format_manifest(value);
    auto real = target();
    if (!real)
        return real.error();
    if (facts_ && text == text_ && on_disk_) {
        (void)files_.unlink(staged_file::temporary(*real)); // of a change that was refused, and is taken back
        return {};
    }
    auto staged = staged_file::stage(files_, *real, text);
    if (!staged)
        return staged.error();
    // Again: the sync above took its time.
    if (auto ours = still_ours(); !ours)
        return ours;

    std::optional<fs::path> backup;
    if (facts_ && options.backup) {
        auto kept = backups_.keep(path_, text_);
        if (!kept)
            return kept.error();
        backup = std::move(*kept);
    }
    auto committed = staged->commit();
    if (!staged->in_place()) { // what was to be replaced is still the manifest, and no backup of itself
        if (backup)
            (void)files_.unlink(*backup);
        return committed;
    }
    remember(staged->facts(), std::move(text), committed.has_value());
    if (backup)
        backups_.prune();
    return committed;
}

} // namespace berth
