// Somebody else writes into manifest.json while the server runs.
#include "manifest_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>

using namespace berth;
using namespace berth::test;

BOOST_FIXTURE_TEST_SUITE(manifest_edits, manifest_fixture)

BOOST_AUTO_TEST_CASE(a_foreign_edit_is_noticed_and_loaded) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    auto edited = make_manifest(1);
    edited.port_range = {4100, 4199};
    edit(edited);

    auto refused = file.save(make_manifest(2), with_backup);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == errc::manifest_changed));
    BOOST_TEST(read_text(path) == format_manifest(edited));

    auto found = file.reload();
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->has_value());
    BOOST_TEST((**found == edited));
    BOOST_TEST(!file.reload().has_value());
    save(make_manifest(2));
}

BOOST_AUTO_TEST_CASE(an_edit_of_equal_size_in_the_same_instant_is_noticed) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    auto times = files->look(path).value();
    auto edited = make_manifest(1);
    edited.apps.begin()->second.app.port = 3101;
    edit(edited);
    timespec same[2] = {{times.modified_ns / 1'000'000'000, times.modified_ns % 1'000'000'000},
                        {times.modified_ns / 1'000'000'000, times.modified_ns % 1'000'000'000}};
    BOOST_REQUIRE(::utimensat(AT_FDCWD, path.c_str(), same, 0) == 0);
    BOOST_REQUIRE((files->look(path).value() == times));
    auto found = file.reload();
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((**found == edited));
}

BOOST_AUTO_TEST_CASE(the_same_text_from_somebody_else_is_no_change) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    write_text(root / "saved-by-editor", format_manifest(make_manifest(1)));
    fs::rename(root / "saved-by-editor", path);
    BOOST_TEST(!file.reload().has_value());
    save(make_manifest(2));
}

BOOST_AUTO_TEST_CASE(a_file_where_there_was_none_is_a_change) {
    BOOST_REQUIRE(file.load().has_value());
    edit(make_manifest(2));
    BOOST_TEST((file.save(make_manifest(1), with_backup).error().code == errc::manifest_changed));
    auto found = file.reload();
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((**found == make_manifest(2)));

    temp_folder other;
    manifest_file empty(*files, other.path());
    BOOST_REQUIRE(empty.load().has_value());
    write_text(other.path() / "manifest.json", "");
    BOOST_TEST((empty.reload()->error().code == errc::manifest_invalid));
}

BOOST_AUTO_TEST_CASE(an_invalid_edit_is_never_written_over_and_recovers) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    const std::string broken = "{\n  \"version\": \"1.0.0\",\n  \"portRange\": [3100, ],\n";
    write_text(path, broken);
    for (int i = 0; i < 2; ++i) { // it says so as long as it is so
        auto found = file.reload();
        BOOST_REQUIRE(found.has_value());
        BOOST_REQUIRE(found->has_error());
        BOOST_TEST((found->error().code == errc::manifest_invalid));
        BOOST_TEST(found->error().detail.starts_with("manifest.json: line 3, column 23"), found->error().detail);
        auto saved = file.save(make_manifest(2), i == 0 ? with_backup : without_backup);
        BOOST_REQUIRE(saved.has_error());
        BOOST_TEST((saved.error().code == errc::manifest_invalid));
    }
    BOOST_TEST(read_text(path) == broken);
    BOOST_TEST((names_in(root) == std::vector<std::string>{".berth", "created-apps", "manifest.json"}));
    BOOST_TEST(names_in(kept).empty());

    edit(make_manifest(3)); // mended
    auto found = file.reload();
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((**found == make_manifest(3)));
    save(make_manifest(4));
}

BOOST_AUTO_TEST_CASE(an_invalid_edit_that_is_taken_back_is_no_change) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    write_text(path, "oops");
    BOOST_TEST(file.reload()->has_error());
    edit(make_manifest(1));
    BOOST_TEST(!file.reload().has_value());
    save(make_manifest(2));
}

BOOST_AUTO_TEST_CASE(a_deleted_manifest_is_not_written_anew) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    fs::remove(path);
    auto found = file.reload();
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->has_error());
    BOOST_TEST((found->error().code == errc::manifest_invalid));
    BOOST_TEST(contains(found->error().detail, "was deleted"));
    BOOST_TEST((file.save(make_manifest(2), with_backup).error().code == errc::manifest_invalid));
    BOOST_TEST(!fs::exists(path));
    edit(make_manifest(1));
    BOOST_TEST(!file.reload().has_value());
}

BOOST_AUTO_TEST_CASE(one_that_became_unreadable_is_invalid) {
    BOOST_REQUIRE(file.load().has_value());
    save(make_manifest(1));
    fs::remove(path);
    fs::create_directories(path);
    auto found = file.reload();
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((found->error().code == errc::manifest_invalid));
    BOOST_TEST(found->error().detail.starts_with("manifest.json: it cannot be read: "));
}

BOOST_AUTO_TEST_SUITE_END()
