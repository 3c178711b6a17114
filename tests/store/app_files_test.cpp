#include "temp_root.hpp"

#include "store/app_files.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>

using namespace berth;
using namespace berth::test;

namespace {

struct files_world {
    temp_folder folder;
    fs::path root = folder.path() / "root";
    fs::path app = root / "created-apps" / id;
    fs::path outside = folder.path() / "outside";

    files_world() {
        for (auto& f : {app, root / "logs", outside})
            fs::create_directories(f);
    }
    void package(std::string_view text) { write_text(app / "package.json", text); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(app_files, files_world)

BOOST_AUTO_TEST_CASE(a_package_is_a_file_in_the_apps_folder) {
    BOOST_TEST(!has_package(root, id).value());
    BOOST_TEST(has_folder(root, id));
    fs::create_directories(app / "package.json");
    BOOST_TEST(!has_package(root, id).value());
    fs::remove(app / "package.json");
    write_text(outside / "package.json", "{}");
    fs::create_symlink(outside / "package.json", app / "package.json");
    BOOST_TEST(!has_package(root, id).value());
    fs::remove(app / "package.json");
    package("{}");
    BOOST_TEST(has_package(root, id).value());
    fs::remove_all(app);
    BOOST_TEST(!has_package(root, id).value());
    BOOST_TEST(!has_folder(root, id));
    fs::create_directory_symlink(outside, app);
    BOOST_TEST(!has_package(root, id).value());
    BOOST_TEST(!has_package(root, "../outside").value());
}

BOOST_AUTO_TEST_CASE(the_last_output_of_a_run) {
    auto log = root / "logs/orch-abc1234567-error.log";
    BOOST_TEST(last_output(root, id, true, 0) == "");
    write_text(log, "Error: x\n");
    timespec times[2] = {{1000, 0}, {1000, 500'000'000}};
    BOOST_REQUIRE(::utimensat(AT_FDCWD, log.c_str(), times, 0) == 0);
    BOOST_TEST(last_output(root, id, true, 1'000'500) == "Error: x\n");
    BOOST_TEST(last_output(root, id, true, 1'000'501) == ""); // an earlier run's
    BOOST_TEST(last_output(root, id, false, 0) == "");
    write_text(log, std::string(100'000, 'x') + "end");
    auto text = last_output(root, id, true, 0);
    BOOST_TEST(text.size() == 8192u);
    BOOST_TEST(text.ends_with("xend"));
    fs::remove(log);
    write_text(outside / "secret", "secret");
    fs::create_symlink(outside / "secret", log);
    BOOST_TEST(last_output(root, id, true, 0) == "");
}

BOOST_AUTO_TEST_CASE(logs_are_made_again) {
    BOOST_TEST(prepare_logs(root).has_value());
    fs::remove(root / "logs");
    BOOST_TEST(prepare_logs(root).has_value());
    BOOST_TEST(fs::is_directory(root / "logs"));
    fs::remove(root / "logs");
    fs::create_directory_symlink(outside, root / "logs");
    BOOST_TEST((prepare_logs(root).error().code == errc::storage_failed));
}

BOOST_AUTO_TEST_CASE(strays_are_folders_that_nobody_owns) {
    fs::create_directories(root / "created-apps/old backup");
    fs::create_directories(root / "created-apps/def1234567");
    write_text(root / "created-apps/.DS_Store", "");
    fs::create_directory_symlink(outside, root / "created-apps/link");
    BOOST_TEST((strays(root, {id}) == std::vector<std::string>{"def1234567", "old backup"}));
    BOOST_TEST((strays(root, {id, "def1234567", "old backup"}).empty()));
    fs::remove_all(root / "created-apps");
    BOOST_TEST(strays(root, {}).empty());
}

BOOST_AUTO_TEST_CASE(stray_logs_have_neither_an_entry_nor_a_folder) {
    for (auto* name : {"orch-def1234567-out.log", "orch-def1234567-error.log", "orch-ghi1234567-out.log.1.gz",
                       "orch-abc1234567-out.log", "orch-jkl1234567-out.log", "orch-mno1234567.log", "notes-out.log"})
        write_text(root / "logs" / name, "x");
    fs::create_directories(root / "created-apps/jkl1234567");
    BOOST_TEST((stray_logs(root, {id}) == std::vector<std::string>{"def1234567", "ghi1234567"}));
    BOOST_TEST((stray_logs(root, {id, "def1234567", "ghi1234567"}).empty()));
    fs::remove_all(root / "logs");
    BOOST_TEST(stray_logs(root, {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
