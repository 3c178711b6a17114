#include "fake_file_system.hpp"
#include "temp_root.hpp"

#include "store/durable_write.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(durable_write_suite)

BOOST_AUTO_TEST_CASE(writes_and_replaces) {
    temp_folder folder;
    auto files = create_file_system();
    auto path = folder.path() / "file";
    BOOST_TEST(durable_write(*files, path, "one").has_value());
    BOOST_TEST(read_text(path) == "one");
    BOOST_TEST(durable_write(*files, path, std::string(300'000, 'x')).has_value());
    BOOST_TEST(read_text(path).size() == 300'000u);
    BOOST_TEST(names_in(folder.path()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_is_in_nobodys_way) {
    temp_folder folder;
    auto files = create_file_system();
    auto path = folder.path() / "file";
    write_text(folder.path() / "victim", "precious");
    fs::create_symlink("victim", staged_file::temporary(path));
    BOOST_TEST(durable_write(*files, path, "one").has_value());
    BOOST_TEST(read_text(path) == "one");
    BOOST_TEST(read_text(folder.path() / "victim") == "precious");
    BOOST_TEST(names_in(folder.path()).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_failure_names_path_and_reason) {
    temp_folder folder;
    auto files = create_file_system();
    auto path = folder.path() / "missing/file";
    auto written = durable_write(*files, path, "one");
    BOOST_REQUIRE(written.has_error());
    BOOST_TEST((written.error().code == errc::storage_failed));
    BOOST_TEST(written.error().detail.find((folder.path() / "missing").native()) != std::string::npos);
    BOOST_TEST(written.error().detail.find("No such file or directory") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_target_that_cannot_be_replaced_leaves_nothing_behind) {
    temp_folder folder;
    auto files = create_file_system();
    auto path = folder.path() / "file";
    fs::create_directories(path / "full");
    BOOST_TEST(durable_write(*files, path, "one").has_error());
    BOOST_TEST(names_in(folder.path()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_staged_file_that_is_dropped_is_gone) {
    temp_folder folder;
    auto files = create_file_system();
    {
        auto staged = staged_file::stage(*files, folder.path() / "file", "one");
        BOOST_REQUIRE(staged.has_value());
        BOOST_TEST(names_in(folder.path()).size() == 1u);
        BOOST_TEST(!staged->in_place());
    }
    BOOST_TEST(names_in(folder.path()).empty());
}

BOOST_AUTO_TEST_CASE(its_facts_are_those_of_the_file_in_place) {
    temp_folder folder;
    auto files = create_file_system();
    auto path = folder.path() / "file";
    auto staged = staged_file::stage(*files, path, "one");
    BOOST_REQUIRE(staged.has_value());
    BOOST_REQUIRE(staged->commit().has_value());
    BOOST_TEST((staged->facts() == files->look(path).value()));
}

BOOST_AUTO_TEST_CASE(where_links_are_refused_a_copy_is_made) {
    fake_file_system disk;
    disk.put("/from", "text");
    disk.fail_call(1, EPERM);
    BOOST_TEST(link_or_copy(disk, "/from", "/to", "text").has_value());
    disk.put("/from", "edited in place");
    BOOST_TEST(*disk.text("/to") == "text");
}

BOOST_AUTO_TEST_CASE(a_file_beyond_all_measure_is_not_read) {
    temp_folder folder;
    auto path = folder.path() / "file";
    write_text(path, "");
    fs::resize_file(path, max_file_size + 1);
    auto text = create_file_system()->read(path);
    BOOST_REQUIRE(text.has_error());
    BOOST_TEST(text.error().value() == EFBIG);
}

BOOST_AUTO_TEST_SUITE_END()
