// A disk that refuses: each call of each operation fails in turn, for each reason, once or from then on. The manifest
// on the disk is the old one or the new one, people are told why, no temporary file outlives the next start, and once
// the disk works again so does the store.
#include "fake_file_system.hpp"
#include "manifests.hpp"

#include "store/journal.hpp"
#include "store/manifest_file.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <cerrno>
#include <cstring>

using namespace berth;
using namespace berth::test;

namespace {

const std::filesystem::path root = "/root";
const auto manifest_path = root / "manifest.json";
const auto kept = root / ".berth/backups";
const auto journal_path = root / ".berth/journal";
const std::string corrupt = "{ \"apps\": ";

constexpr int too_many = 400; // no operation here takes so many calls

struct refusal {
    int reason;
    bool lasting;
};
// EINTR: the store's calls repeat themselves after one; a file system that still says it has refused.
constexpr refusal refusals[] = {{EIO, false},    {ENOSPC, false}, {EROFS, false}, {EACCES, false}, {EDQUOT, false},
                                {EMFILE, false}, {EINTR, false},  {EIO, true},    {ENOSPC, true},  {EROFS, true}};

/// Runs the case on a fresh disk for each refusal and each call that it meets: prepare(disk) makes the state, act(disk,
/// state) is refused, check(disk, state, outcome, refusal) finds a disk that works again.
template <class Prepare, class Act, class Check>
void at_each_refusal(Prepare prepare, Act act, Check check) {
    for (auto r : refusals) {
        int n = 1;
        for (; n < too_many; ++n) {
            fake_file_system disk;
            auto state = prepare(disk);
            if (r.lasting)
                disk.fail_from(n, r.reason);
            else
                disk.fail_call(n, r.reason);
            auto outcome = act(disk, state);
            bool all_done = disk.calls() < n;
            disk.never_fail();
            BOOST_TEST_CONTEXT(std::strerror(r.reason) << (r.lasting ? " from call " : " at call ") << n)
            check(disk, state, outcome, r);
            if (all_done)
                break;
        }
        BOOST_TEST(n > 1);
        BOOST_TEST(n < too_many);
    }
}

using opened = std::shared_ptr<manifest_file>;

opened open(fake_file_system& disk) {
    auto file = std::make_shared<manifest_file>(disk, root);
    BOOST_REQUIRE(file->load().has_value());
    return file;
}

void check_words(const error& e, const refusal& r) {
    BOOST_TEST((e.code == errc::storage_failed || e.code == errc::manifest_invalid));
    BOOST_TEST(e.detail.find(std::strerror(r.reason)) != std::string::npos, e.detail);
    BOOST_TEST(e.detail.find("manifest.json") + 1 + (e.detail.find(root.native()) + 1) > 0u, e.detail);
}

void check_no_temporary(const fake_file_system& disk) {
    for (auto& path : disk.paths())
        BOOST_TEST(!path.ends_with(".tmp"), path << " was left");
}

std::vector<std::string> backups_on(const fake_file_system& disk) {
    std::vector<std::string> found;
    for (std::filesystem::path path : disk.paths())
        if (path.parent_path() == kept && std::isdigit(static_cast<unsigned char>(path.filename().native()[0])))
            found.push_back(path.native());
    return found; // in order: the number leads
}

/// Backups are whole manifests, at most 20, and none is the same file as the manifest (which could be edited in place).
void check_backups(fake_file_system& disk) {
    auto found = backups_on(disk);
    BOOST_TEST(found.size() <= backups::kept);
    for (auto& path : found) {
        BOOST_TEST(parse_manifest(*disk.text(path)).has_value(), path);
        BOOST_TEST(disk.look(std::filesystem::path(path))->inode != disk.look(manifest_path)->inode, path);
    }
}

struct saving {
    const char* name;
    std::vector<std::pair<int, save_options>> before; // memory figures saved one after the other
    save_options options;
};

const std::vector<saving>& savings() {
    std::vector<std::pair<int, save_options>> many;
    for (int i = 0; i < 21; ++i)
        many.emplace_back(i, with_backup);
    static const std::vector<saving> all = {
        {"the first of all", {}, with_backup},
        {"static fields", {{1, with_backup}}, with_backup},
        {"an intent", {{1, with_backup}}, without_backup},
        {"figures after figures", {{1, with_backup}, {2, without_backup}}, without_backup},
        {"static fields after figures", {{1, with_backup}, {2, without_backup}}, with_backup},
        {"with twenty backups", many, with_backup},
    };
    return all;
}

manifest with_figure(int mb) { return with_memory(make_manifest(2), mb); }

/// Each on a file system with hard links, and on one without, where backups are copies.
std::vector<std::pair<saving, bool>> all_savings() {
    std::vector<std::pair<saving, bool>> all;
    for (auto& s : savings())
        for (bool links : {true, false})
            if (links || s.before.size() < backups::kept) // once is enough: it is the longest by far
                all.emplace_back(s, links);
    return all;
}

/// The file as it is before the save, and its text.
std::pair<opened, std::optional<std::string>> prepared(fake_file_system& disk, const saving& s, bool links) {
    if (!links)
        disk.have_no_links();
    auto file = open(disk);
    for (auto& [mb, options] : s.before)
        BOOST_REQUIRE(file->save(with_figure(mb), options).has_value());
    return {file, disk.text(manifest_path)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(disk_faults)

BOOST_AUTO_TEST_CASE(a_save_leaves_the_old_manifest_or_the_new_one_and_works_again) {
    auto wanted = with_figure(100), further = with_figure(200);
    for (auto& each : all_savings()) {
        auto& s = each.first;
        bool links = each.second;
        auto prepare = [&](fake_file_system& disk) { return prepared(disk, s, links); };
        auto act = [&](fake_file_system&, auto& state) { return state.first->save(wanted, s.options); };
        auto check = [&](fake_file_system& disk, auto& state, const result<>& outcome, const refusal& r) {
            auto& [file, before] = state;
            auto now = disk.text(manifest_path);
            bool is_new = now && *now == format_manifest(wanted);
            BOOST_TEST((is_new || now == before), s.name);
            if (outcome)
                BOOST_TEST(is_new);
            else
                check_words(outcome.error(), r);
            if (outcome && s.options.backup && before)
                BOOST_TEST(*disk.text(backups_on(disk).back()) == *before); // the newest, and kept

            BOOST_TEST(!file->reload().has_value()); // what happened was no edit of somebody else's
            BOOST_TEST(file->save(wanted, with_backup).has_value());
            BOOST_TEST(file->save(further, with_backup).has_value());
            BOOST_TEST(*disk.text(manifest_path) == format_manifest(further));
            check_backups(disk);
            BOOST_TEST(*disk.text(backups_on(disk).back()) == format_manifest(wanted));

            disk.restart(names::lost); // and that was durable
            manifest_file after(disk, root);
            auto loaded = after.load();
            BOOST_REQUIRE(loaded.has_value());
            BOOST_TEST((loaded->value == further));
            BOOST_TEST(loaded->problems.empty());
            check_no_temporary(disk);
        };
        BOOST_TEST_CONTEXT(s.name << (links ? "" : ", without links"))
        at_each_refusal(prepare, act, check);
    }
}

BOOST_AUTO_TEST_CASE(the_next_start_finds_no_trace_of_a_refused_save) {
    auto wanted = with_figure(100);
    for (auto& each : all_savings()) {
        auto& s = each.first;
        bool links = each.second;
        auto prepare = [&](fake_file_system& disk) { return prepared(disk, s, links); };
        auto act = [&](fake_file_system&, auto& state) { return state.first->save(wanted, s.options); };
        auto check = [&](fake_file_system& disk, auto& state, const result<>&, const refusal&) {
            manifest_file after(disk, root);
            auto loaded = after.load();
            BOOST_REQUIRE(loaded.has_value());
            BOOST_TEST(loaded->problems.empty());
            auto text = format_manifest(loaded->value);
            BOOST_TEST((text == format_manifest(wanted) || text == state.second.value_or(format_manifest(manifest{}))));
            check_no_temporary(disk);
            check_backups(disk);
            BOOST_TEST(after.save(with_figure(300), with_backup).has_value());
        };
        BOOST_TEST_CONTEXT(s.name << (links ? "" : ", without links"))
        at_each_refusal(prepare, act, check);
    }
}

BOOST_AUTO_TEST_CASE(a_start_reads_all_or_says_why_not) {
    auto prepare = [&](fake_file_system& disk) {
        BOOST_REQUIRE(open(disk)->save(with_figure(1), with_backup).has_value());
        return 0;
    };
    auto act = [&](fake_file_system& disk, int) { return manifest_file(disk, root).load(); };
    at_each_refusal(prepare, act,
                    [&](fake_file_system& disk, int, const result<stored_manifest>& outcome, const refusal& r) {
                        if (outcome)
                            BOOST_TEST((outcome->value == with_figure(1)));
                        else
                            check_words(outcome.error(), r);
                        BOOST_TEST(*disk.text(manifest_path) == format_manifest(with_figure(1)));
                        BOOST_TEST((manifest_file(disk, root).load()->value == with_figure(1)));
                    });
}

BOOST_AUTO_TEST_CASE(a_restore_takes_the_newest_backup_or_says_why_not) {
    auto oldest = with_figure(1), good = with_figure(2);
    auto prepare = [&](fake_file_system& disk) {
        auto file = open(disk);
        for (auto& m : {oldest, good, with_figure(3)})
            BOOST_REQUIRE(file->save(m, with_backup).has_value());
        disk.put(manifest_path, corrupt);
        return 0;
    };
    auto act = [&](fake_file_system& disk, int) { return manifest_file(disk, root).load(); };
    auto check = [&](fake_file_system& disk, int, const result<stored_manifest>& outcome, const refusal& r) {
        auto copies = 0;
        for (auto& path : disk.paths())
            copies += *disk.text(path) == corrupt;
        BOOST_TEST(copies >= 1); // what was found is never lost
        if (outcome) {
            BOOST_REQUIRE(outcome->problems.size() == 1u);
            auto& detail = outcome->problems[0].detail;
            if (!(outcome->value ==
                  good)) { // a backup that cannot be read must not keep the server down; but it is named
                BOOST_TEST((outcome->value == oldest));
                BOOST_TEST(detail.find("could not be read: " + std::string(std::strerror(r.reason))) !=
                               std::string::npos,
                           detail);
            }
            BOOST_TEST(*disk.text(manifest_path) == format_manifest(outcome->value));
        } else {
            check_words(outcome.error(), r);
        }
        auto again = manifest_file(disk, root).load();
        BOOST_REQUIRE(again.has_value());
        BOOST_TEST((again->value == good || (outcome && again->value == outcome->value)));
        check_no_temporary(disk);
    };
    at_each_refusal(prepare, act, check);
}

BOOST_AUTO_TEST_CASE(an_edit_is_taken_or_told_of_and_never_overlooked) {
    auto edited = with_figure(7);
    auto prepare = [&](fake_file_system& disk) {
        auto file = open(disk);
        BOOST_REQUIRE(file->save(with_figure(1), with_backup).has_value());
        disk.put(manifest_path, format_manifest(edited));
        return file;
    };
    auto act = [&](fake_file_system&, opened& file) { return file->reload(); };
    at_each_refusal(
        prepare, act,
        [&](fake_file_system& disk, opened& file, const std::optional<result<manifest>>& found, const refusal& r) {
            BOOST_REQUIRE(found.has_value());
            if (*found) {
                BOOST_TEST((**found == edited));
            } else {
                check_words(found->error(), r);
                auto again = file->reload();
                BOOST_REQUIRE(again.has_value());
                BOOST_TEST((**again == edited));
            }
            BOOST_TEST(*disk.text(manifest_path) == format_manifest(edited));
            BOOST_TEST(file->save(with_figure(8), with_backup).has_value());
        });
}

BOOST_AUTO_TEST_CASE(the_journal_has_the_entry_or_has_it_not) {
    const std::string id = "a000000000";
    auto is_there = [](fake_file_system& disk) {
        auto found = journal_folder(disk, journal_path).read();
        BOOST_TEST(found.complaints.empty());
        return !found.creates.empty();
    };
    for (bool replaces : {false, true}) {
        auto prepare = [&](fake_file_system& disk) {
            if (replaces)
                BOOST_REQUIRE(journal_folder(disk, journal_path).put(id).has_value());
            return 0;
        };
        auto put = [&](fake_file_system& disk, int) { return journal_folder(disk, journal_path).put(id); };
        at_each_refusal(prepare, put, [&](fake_file_system& disk, int, const result<>& outcome, const refusal& r) {
            auto now = is_there(disk);
            check_no_temporary(disk);
            if (replaces || outcome)
                BOOST_TEST(now);
            if (!outcome)
                check_words(outcome.error(), r);
            BOOST_TEST(journal_folder(disk, journal_path).put(id).has_value());
            disk.restart(names::lost);
            BOOST_TEST(is_there(disk));
        });
    }
    auto prepare = [&](fake_file_system& disk) {
        BOOST_REQUIRE(journal_folder(disk, journal_path).put(id).has_value());
        return 0;
    };
    auto erase = [&](fake_file_system& disk, int) { return journal_folder(disk, journal_path).erase(id); };
    at_each_refusal(prepare, erase, [&](fake_file_system& disk, int, const result<>& outcome, const refusal& r) {
        auto now = is_there(disk);
        if (outcome)
            BOOST_TEST(!now);
        else
            check_words(outcome.error(), r);
        BOOST_TEST(journal_folder(disk, journal_path).erase(id).has_value());
        disk.restart(names::lost);
        BOOST_TEST(!is_there(disk));
    });
}

BOOST_AUTO_TEST_CASE(an_entry_that_cannot_be_read_now_is_read_later) {
    // Work under way is in it: were it set aside, an app half made would stay for ever.
    auto prepare = [&](fake_file_system& disk) {
        for (std::string id : {"a000000000", "b000000000"})
            BOOST_REQUIRE(journal_folder(disk, journal_path).put(id).has_value());
        return 0;
    };
    auto read = [&](fake_file_system& disk, int) { return journal_folder(disk, journal_path).read(); };
    at_each_refusal(prepare, read,
                    [&](fake_file_system& disk, int, const journal_folder::content& found, const refusal& r) {
                        if (found.creates.size() < 2) {
                            BOOST_REQUIRE(!found.complaints.empty());
                            BOOST_TEST(found.complaints[0].find(std::strerror(r.reason)) != std::string::npos);
                        }
                        BOOST_TEST(journal_folder(disk, journal_path).read().creates.size() == 2u);
                    });
}

BOOST_AUTO_TEST_SUITE_END()
