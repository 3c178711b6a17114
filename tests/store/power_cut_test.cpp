// The promise of the durable write, call by call: whatever fails, and whenever the power goes, the next start finds the
// old manifest or the new one.
#include "fake_file_system.hpp"
#include "manifests.hpp"

#include "store/durable_write.hpp"
#include "store/journal.hpp"
#include "store/manifest_file.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::test;

namespace {

const std::filesystem::path root = "/root";
const auto manifest_path = root / "manifest.json";

constexpr int too_many = 200; // no operation here takes so many calls

enum class fault { call_fails, power_cut_names_kept, power_cut_names_lost };
constexpr fault faults[] = {fault::call_fails, fault::power_cut_names_kept, fault::power_cut_names_lost};

/// Runs `act` on a fresh disk once for each call it makes, with the fault at that call; then `check`, on a machine that
/// came back if the power was cut.
template <class Prepare, class Act, class Check>
void at_each_call(Prepare prepare, Act act, Check check) {
    for (auto kind : faults) {
        int n = 1;
        for (; n < too_many; ++n) {
            fake_file_system disk;
            auto state = prepare(disk);
            if (kind == fault::call_fails)
                disk.fail_call(n, EIO);
            else
                disk.cut_power_at(n);
            bool succeeded = act(disk, state);
            bool all_done = disk.calls() < n;
            disk.never_fail();
            if (kind != fault::call_fails)
                disk.restart(kind == fault::power_cut_names_kept ? names::kept : names::lost);
            BOOST_TEST_CONTEXT("fault " << static_cast<int>(kind) << " at call " << n)
            check(disk, kind, succeeded);
            if (all_done)
                break;
        }
        BOOST_TEST(n > 3);
        BOOST_TEST(n < too_many);
    }
}

std::shared_ptr<manifest_file> opened(fake_file_system& disk) {
    auto file = std::make_shared<manifest_file>(disk, root);
    BOOST_REQUIRE(file->load().has_value());
    return file;
}

bool has_temporary(const fake_file_system& disk) {
    for (auto& path : disk.paths())
        if (path.ends_with(".tmp"))
            return true;
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(power_cut)

BOOST_AUTO_TEST_CASE(a_durable_save_leaves_the_old_manifest_or_the_new_one) {
    auto old_one = make_manifest(1), new_one = make_manifest(2);
    auto prepare = [&](fake_file_system& disk) {
        auto file = opened(disk);
        BOOST_REQUIRE(file->save(old_one, with_backup).has_value());
        return file;
    };
    auto act = [&](fake_file_system&, auto& file) { return file->save(new_one, with_backup).has_value(); };
    at_each_call(prepare, act, [&](fake_file_system& disk, fault kind, bool succeeded) {
        if (kind == fault::call_fails)
            BOOST_TEST(!has_temporary(disk));
        manifest_file after(disk, root);
        auto loaded = after.load();
        BOOST_REQUIRE(loaded.has_value());
        BOOST_TEST(loaded->problems.empty());
        auto is_new = loaded->value == new_one;
        BOOST_TEST((is_new || loaded->value == old_one));
        if (succeeded)
            BOOST_TEST(is_new);
    });
}

BOOST_AUTO_TEST_CASE(after_a_failure_the_next_save_works) {
    auto prepare = [&](fake_file_system& disk) {
        auto file = opened(disk);
        BOOST_REQUIRE(file->save(make_manifest(1), with_backup).has_value());
        return file;
    };
    for (int n = 1;; ++n) {
        fake_file_system disk;
        auto file = prepare(disk);
        disk.fail_call(n, EIO);
        (void)file->save(make_manifest(2), with_backup);
        bool all_done = disk.calls() < n;
        disk.never_fail();
        BOOST_TEST_CONTEXT("call " << n) {
            BOOST_TEST(!file->reload().has_value()); // our own write is no foreign one
            BOOST_TEST(file->save(make_manifest(3), with_backup).has_value());
            BOOST_TEST(*disk.text(manifest_path) == format_manifest(make_manifest(3)));
        }
        if (all_done)
            break;
    }
}

BOOST_AUTO_TEST_CASE(every_save_outlives_a_power_cut) {
    // The app's creation was confirmed; then its memory figure was written; then the power went.
    auto confirmed = make_manifest(2);
    auto prepare = [&](fake_file_system& disk) {
        auto file = opened(disk);
        BOOST_REQUIRE(file->save(make_manifest(1), with_backup).has_value());
        BOOST_REQUIRE(file->save(confirmed, with_backup).has_value());
        return file;
    };
    auto act = [&](fake_file_system&, auto& file) {
        return file->save(with_memory(confirmed, 100), without_backup).has_value() &&
               file->save(with_memory(confirmed, 200), without_backup).has_value();
    };
    at_each_call(prepare, act, [&](fake_file_system& disk, fault, bool succeeded) {
        disk.restart(names::kept); // also when no call failed: the power goes right after
        manifest_file after(disk, root);
        auto loaded = after.load();
        BOOST_REQUIRE(loaded.has_value());
        BOOST_TEST(loaded->problems.empty());
        BOOST_TEST(same_static_fields(loaded->value, confirmed));
        if (succeeded)
            BOOST_TEST((loaded->value == with_memory(confirmed, 200)));
    });
}

BOOST_AUTO_TEST_CASE(what_a_start_has_read_outlives_a_power_cut) {
    // The last server was killed, or refused, between a save's rename and the sync of the folder.
    int in_between = 0;
    for (int n = 1;; ++n) {
        fake_file_system disk;
        auto file = opened(disk);
        BOOST_REQUIRE(file->save(make_manifest(1), with_backup).has_value());
        disk.fail_call(n, EIO);
        bool saved = file->save(make_manifest(2), with_backup).has_value();
        bool all_done = disk.calls() < n;
        disk.never_fail();
        if (!saved && *disk.text(manifest_path) == format_manifest(make_manifest(2))) {
            ++in_between;
            BOOST_TEST((manifest_file(disk, root).load()->value == make_manifest(2)));
            disk.restart(names::lost);
            BOOST_TEST((manifest_file(disk, root).load()->value == make_manifest(2)));
        }
        if (all_done)
            break;
    }
    BOOST_TEST(in_between == 1);
}

BOOST_AUTO_TEST_CASE(a_restore_that_is_cut_short_is_done_again) {
    auto good = make_manifest(1);
    const std::string corrupt = "{ \"apps\": ";
    auto prepare = [&](fake_file_system& disk) {
        auto file = opened(disk);
        BOOST_REQUIRE(file->save(good, with_backup).has_value());
        BOOST_REQUIRE(file->save(make_manifest(2), with_backup).has_value());
        disk.put(manifest_path, corrupt);
        return 0;
    };
    auto act = [&](fake_file_system& disk, int) { return manifest_file(disk, root).load().has_value(); };
    at_each_call(prepare, act, [&](fake_file_system& disk, fault kind, bool succeeded) {
        if (kind == fault::call_fails && succeeded)
            return; // one unreadable backup: the next older one was taken
        manifest_file after(disk, root);
        auto loaded = after.load();
        BOOST_REQUIRE(loaded.has_value());
        BOOST_TEST((loaded->value == good));
        int copies = 0;
        for (auto& path : disk.paths())
            copies += *disk.text(path) == corrupt;
        BOOST_TEST(copies >= 1);
    });
}

BOOST_AUTO_TEST_CASE(a_journal_entry_is_there_once_put_and_gone_once_erased) {
    const auto folder = root / ".berth/journal";
    const std::string entry = "a000000000";
    auto put = [&](fake_file_system& disk, int) { return journal_folder(disk, folder).put(entry).has_value(); };
    at_each_call([](fake_file_system&) { return 0; }, put,
                 [&](fake_file_system& disk, fault, bool succeeded) {
                     auto entries = journal_folder(disk, folder).read().creates;
                     if (succeeded)
                         BOOST_TEST(entries.size() == 1u);
                     for (auto& path : disk.paths())
                         BOOST_TEST(!path.ends_with(".unreadable"));
                 });

    for (auto unsynced : {names::kept, names::lost}) {
        fake_file_system disk;
        journal_folder journal(disk, folder);
        BOOST_REQUIRE(journal.put(entry).has_value());
        BOOST_REQUIRE(journal.erase(entry).has_value());
        disk.restart(unsynced);
        BOOST_TEST(journal.read().creates.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_write_without_a_sync_may_be_lost_and_the_fake_knows_it) {
    // Not a wish: proof that the fake forgets, without which the cases above prove nothing.
    fake_file_system disk;
    auto file = disk.create(manifest_path);
    BOOST_REQUIRE(file.has_value());
    BOOST_REQUIRE(disk.write(*file, "text").has_value());
    BOOST_REQUIRE(disk.close(*file).has_value());
    disk.restart(names::kept);
    BOOST_TEST(*disk.text(manifest_path) == "");
}

BOOST_AUTO_TEST_SUITE_END()
