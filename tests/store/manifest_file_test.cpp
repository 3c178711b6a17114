#include "manifest_fixture.hpp"

#include "store/durable_write.hpp"

#include <sys/stat.h>
#include <unistd.h>

using namespace berth;
using namespace berth::test;

BOOST_FIXTURE_TEST_SUITE(manifest_file_suite, manifest_fixture)

BOOST_AUTO_TEST_CASE(none_at_all_is_an_empty_one) {
    auto loaded = file.load();
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST((loaded->value == manifest{}));
    BOOST_TEST(loaded->problems.empty());
    BOOST_TEST(!file.reload().has_value());
    BOOST_TEST(!fs::exists(path));
}

BOOST_AUTO_TEST_CASE(what_is_saved_is_loaded) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(3));
    BOOST_TEST(read_text(path) == format_manifest(make_manifest(3)));
    manifest_file again(*files, root);
    auto loaded = again.load();
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST((loaded->value == make_manifest(3)));
    BOOST_TEST(!again.reload().has_value());
}

BOOST_AUTO_TEST_CASE(nothing_is_written_when_nothing_changed) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    auto before = files->look(path).value();
    save(make_manifest(1));
    save(make_manifest(1), without_backup);
    BOOST_TEST((files->look(path).value() == before));
    BOOST_TEST(names_in(kept).empty());
}

BOOST_AUTO_TEST_CASE(what_a_refused_change_has_left_goes_when_the_change_is_taken_back) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    auto left = staged_file::temporary(path); // the disk refused the rename, and the removal too
    write_text(left, "half");
    save(make_manifest(1));
    BOOST_TEST(!fs::exists(left));
}

BOOST_AUTO_TEST_CASE(a_vanished_manifest_with_backups_is_said) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    save(make_manifest(2));
    fs::remove(path);
    auto loaded = manifest_file(*files, root).load();
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST(loaded->value.apps.empty());
    BOOST_REQUIRE(loaded->problems.size() == 1u);
    BOOST_TEST(loaded->problems[0].code == "manifest_missing");
    BOOST_TEST(contains(loaded->problems[0].detail, kept.native()));
}

BOOST_AUTO_TEST_CASE(backups_hold_what_was_replaced_and_the_last_20_are_kept) {
    BOOST_REQUIRE(file.load().has_value());
    for (int i = 0; i < 26; ++i)
        save(with_memory(make_manifest(1), i));
    auto names = names_in(kept);
    BOOST_REQUIRE(names.size() == backups::kept);
    BOOST_TEST(names.front().starts_with("000006-"));
    BOOST_TEST(names.back().starts_with("000025-"));
    BOOST_TEST(read_text(kept / names.back()) == format_manifest(with_memory(make_manifest(1), 24)));
    BOOST_TEST(read_text(kept / names.front()) == format_manifest(with_memory(make_manifest(1), 5)));
}

BOOST_AUTO_TEST_CASE(one_backup_too_many_goes_at_the_next_start) {
    write_text(path, format_manifest(make_manifest(1)));
    for (int i = 1; i <= 21; ++i) // killed after the 21st was kept, and before the first was removed
        write_text(kept / (std::string(i < 10 ? "00000" : "0000") + std::to_string(i) + "-20260131T143000.000Z.json"),
                   "{}");
    BOOST_REQUIRE(file.load().has_value());
    auto names = names_in(kept);
    BOOST_TEST(names.size() == backups::kept);
    BOOST_TEST(names.front().starts_with("000002-"));
}

BOOST_AUTO_TEST_CASE(a_change_of_runtime_fields_makes_no_backup) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    for (int i = 0; i < 5; ++i)
        save(with_memory(make_manifest(1), i), without_backup);
    BOOST_TEST(names_in(kept).empty());
    save(make_manifest(2));
    auto names = names_in(kept);
    BOOST_REQUIRE(names.size() == 1u);
    BOOST_TEST(read_text(kept / names[0]) == format_manifest(with_memory(make_manifest(1), 4)));
}

BOOST_AUTO_TEST_CASE(backups_are_in_order_when_the_clock_goes_back) {
    write_text(kept / "000007-20991231T235959.000Z.json", format_manifest(make_manifest(1)));
    write_text(path, format_manifest(make_manifest(2)));
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(3)); // backup 8 holds the two apps, and says it is older
    write_text(path, "");
    auto loaded = manifest_file(*files, root).load();
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST((loaded->value == make_manifest(2)));
}

BOOST_AUTO_TEST_CASE(other_files_among_the_backups_are_left_alone) {
    write_text(kept / "mine.json", "mine");
    write_text(kept / "12", "mine");
    BOOST_REQUIRE(file.load().has_value());
    for (int i = 0; i < 23; ++i)
        save(with_memory(make_manifest(1), i));
    BOOST_TEST(names_in(kept).size() == backups::kept + 2);
    BOOST_TEST(read_text(kept / "mine.json") == "mine");
}

BOOST_AUTO_TEST_CASE(a_corrupt_manifest_is_set_aside_and_the_newest_valid_backup_restored) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    save(make_manifest(2));
    save(make_manifest(3));
    auto names = names_in(kept);
    write_text(kept / names.back(), "damaged as well");
    write_text(path, "{\n  \"apps\": {,}\n}\n");
    fs::create_directories(root / "created-apps/a000000000");
    fs::create_directories(root / "created-apps/b000000000");
    fs::create_directories(root / "created-apps/a000000002");
    fs::create_directories(root / "created-apps/not an id");

    manifest_file after(*files, root);
    auto loaded = after.load();
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST((loaded->value == make_manifest(1)));
    BOOST_TEST(read_text(path) == format_manifest(make_manifest(1)));

    BOOST_REQUIRE(loaded->problems.size() == 1u);
    BOOST_TEST(loaded->problems[0].code == "manifest_restored");
    auto& detail = loaded->problems[0].detail;
    BOOST_TEST(contains(detail, "line 2, column"));
    BOOST_TEST(contains(detail, names.front()));
    BOOST_TEST(contains(detail, "no entry: a000000002, b000000000."));

    std::string aside;
    for (auto& name : names_in(root / ".berth"))
        if (name.starts_with("manifest-corrupt-"))
            aside = (root / ".berth" / name).native();
    BOOST_REQUIRE(!aside.empty());
    BOOST_TEST(contains(detail, aside));
    BOOST_TEST(read_text(aside) == "{\n  \"apps\": {,}\n}\n");

    // All is well again, and stays so.
    BOOST_TEST(!after.reload().has_value());
    BOOST_TEST(after.save(make_manifest(4), with_backup).has_value());
    BOOST_TEST(manifest_file(*files, root).load()->problems.empty());
}

BOOST_AUTO_TEST_CASE(a_corrupt_manifest_without_a_backup_leaves_an_empty_one) {
    write_text(path, "\xff\xfe");
    fs::create_directories(root / "created-apps/a000000000");
    auto loaded = file.load();
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST(loaded->value.apps.empty());
    BOOST_REQUIRE(loaded->problems.size() == 1u);
    BOOST_TEST(loaded->problems[0].code == "manifest_restored");
    BOOST_TEST(contains(loaded->problems[0].detail, "no valid backup"));
    BOOST_TEST(contains(loaded->problems[0].detail, "a000000000"));
    BOOST_TEST(read_text(path) == format_manifest(manifest{}));
}

BOOST_AUTO_TEST_CASE(a_manifest_that_cannot_be_read_is_no_corrupt_one) {
    fs::create_directories(path); // whoever runs the tests, reading a folder fails
    auto loaded = file.load();
    BOOST_REQUIRE(loaded.has_error());
    BOOST_TEST((loaded.error().code == errc::storage_failed));
    BOOST_TEST(contains(loaded.error().detail, path.native()));
    BOOST_TEST(fs::is_directory(path));
}

BOOST_AUTO_TEST_CASE(a_manifest_without_permission_is_no_corrupt_one,
                     *boost::unit_test::precondition([](auto) { return ::geteuid() != 0; })) {
    write_text(path, format_manifest(make_manifest(1)));
    ::chmod(path.c_str(), 0);
    auto loaded = file.load();
    BOOST_REQUIRE(loaded.has_error());
    BOOST_TEST((loaded.error().code == errc::storage_failed));
}

BOOST_AUTO_TEST_CASE(a_backup_is_never_the_same_file_as_the_manifest) {
    // As a crash between link and rename leaves it.
    write_text(path, format_manifest(make_manifest(1)));
    fs::create_hard_link(path, kept / "000001-20260131T143000.000Z.json");
    fs::create_hard_link(path, kept / "last-durable.json");
    BOOST_REQUIRE(file.load().has_value());
    BOOST_TEST(names_in(kept).empty());
    save(make_manifest(2));
    auto names = names_in(kept);
    BOOST_REQUIRE(names.size() == 1u);
    write_text(path, "in place");
    BOOST_TEST(read_text(kept / names[0]) == format_manifest(make_manifest(1)));
}

BOOST_AUTO_TEST_CASE(a_manifest_behind_a_link_is_backed_up_as_a_file) {
    write_text(root / "elsewhere.json", format_manifest(make_manifest(1)));
    fs::create_symlink("elsewhere.json", path);
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(2));
    auto names = names_in(kept);
    BOOST_REQUIRE(names.size() == 1u);
    BOOST_TEST(!fs::is_symlink(kept / names[0]));
    BOOST_TEST(read_text(kept / names[0]) == format_manifest(make_manifest(1)));
    BOOST_TEST(read_text(root / "elsewhere.json") == format_manifest(make_manifest(2)));
    BOOST_TEST(!file.reload().has_value());
}

BOOST_AUTO_TEST_CASE(links_are_followed_to_where_they_lead) {
    temp_folder elsewhere;
    fs::create_symlink(elsewhere.path() / "second", path); // a chain, and nothing at its end yet
    fs::create_symlink("third", elsewhere.path() / "second");
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    BOOST_TEST(read_text(elsewhere.path() / "third") == format_manifest(make_manifest(1)));

    fs::remove(elsewhere.path() / "second");
    fs::create_symlink("second", elsewhere.path() / "second"); // in a circle
    BOOST_TEST((file.save(make_manifest(2), with_backup).error().code == errc::manifest_invalid));
    BOOST_TEST(fs::is_symlink(path));
}

BOOST_AUTO_TEST_CASE(a_mark_in_a_backup_is_not_restored) {
    auto marked = make_manifest(2);
    marked.apps.begin()->second.app.deleting = removal::all;
    BOOST_REQUIRE(file.load().has_value());
    save(marked);
    BOOST_TEST((manifest_file(*files, root).load()->value == marked));
    save(make_manifest(1));
    write_text(path, "{");
    auto restored = manifest_file(*files, root).load();
    BOOST_REQUIRE(restored.has_value());
    BOOST_TEST((restored->value == make_manifest(2)));
}

BOOST_AUTO_TEST_CASE(a_link_in_its_place_stays_one_and_the_mode_is_kept) {
    temp_folder elsewhere;
    auto real = elsewhere.path() / "berth.json";
    write_text(real, format_manifest(make_manifest(1)));
    BOOST_REQUIRE(::chmod(real.c_str(), 0640) == 0);
    fs::create_symlink(real, path);
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(2));
    BOOST_TEST(fs::is_symlink(path));
    BOOST_TEST(read_text(real) == format_manifest(make_manifest(2)));
    BOOST_TEST((fs::status(real).permissions() == fs::perms(0640)));
    BOOST_TEST((names_in(elsewhere.path()) == std::vector<std::string>{"berth.json"}));
}

BOOST_AUTO_TEST_CASE(a_manifest_of_a_newer_berth_is_no_corrupt_one) {
    const std::string newer = "{\"version\": \"2.1.0\", \"apps\": []}";
    write_text(path, newer);
    auto loaded = file.load();
    BOOST_REQUIRE(loaded.has_error());
    BOOST_TEST(contains(loaded.error().detail, "2.1.0"));
    BOOST_TEST(read_text(path) == newer);
    BOOST_TEST((names_in(root / ".berth") == std::vector<std::string>{"backups"}));
}

BOOST_AUTO_TEST_SUITE_END()
