#include "temp_root.hpp"

#include "store/app_folders.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

using namespace berth;
using namespace berth::test;

namespace {

struct folders_world {
    temp_folder folder;
    fs::path root = folder.path() / "root";
    fs::path apps = root / "created-apps";
    fs::path trash = root / ".berth/trash";
    fs::path outside = folder.path() / "outside";

    folders_world() {
        for (auto& f : {apps, trash, root / "logs", outside})
            fs::create_directories(f);
        write_text(outside / "precious", "precious");
    }

    void make_app(const std::string& name) {
        fs::create_directories(apps / name / "node_modules");
        write_text(apps / name / "package.json", "{}");
    }
    void refused(const std::string& name, std::string_view why) {
        auto done = trash_app(root, name);
        BOOST_REQUIRE_MESSAGE(done.has_error(), name);
        BOOST_TEST((done.error().code == errc::not_removable));
        BOOST_TEST(done.error().detail.find(why) != std::string::npos, done.error().detail);
        BOOST_TEST(fs::is_empty(trash));
        BOOST_TEST(read_text(outside / "precious") == "precious");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(app_folders, folders_world)

BOOST_AUTO_TEST_CASE(moves_the_folder_to_the_trash) {
    make_app(id);
    make_app("other00000");
    BOOST_TEST(trash_app(root, id).has_value());
    BOOST_TEST((names_in(apps) == std::vector<std::string>{"other00000"}));
    BOOST_TEST((names_in(trash) == std::vector<std::string>{id + "-0"}));
    BOOST_TEST(fs::exists(trash / (id + "-0") / "package.json"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_a_success) {
    BOOST_TEST(trash_app(root, id).has_value());
    fs::remove(apps);
    BOOST_TEST(trash_app(root, id).has_value());
}

BOOST_AUTO_TEST_CASE(the_trash_may_hold_the_name_already) {
    fs::create_directories(trash / (id + "-0") / "full");
    write_text(trash / (id + "-1"), "a file");
    make_app(id);
    BOOST_TEST(trash_app(root, id).has_value());
    BOOST_TEST(fs::exists(trash / (id + "-2") / "package.json"));
    BOOST_TEST(names_in(trash).size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_trash_that_was_removed_is_made_again) {
    fs::remove(trash);
    make_app(id);
    BOOST_TEST(trash_app(root, id).has_value());
    BOOST_TEST(fs::exists(trash / (id + "-0")));
}

BOOST_AUTO_TEST_CASE(only_ids_are_names) {
    make_app(id);
    for (std::string odd : {"", ".", "..", "/", "../outside", "abc123456", "abc12345678", "ABC1234567", "abc/234567",
                            "../../x123", "abc123456\n", "-bc1234567", "abc 234567"})
        refused(odd, "is not an app id");
    refused(std::string("abc\0\0\0\0\0\0\0", 10), "is not an app id");
    BOOST_TEST(fs::exists(apps / id / "package.json"));
}

BOOST_AUTO_TEST_CASE(links_and_files_are_left_alone) {
    fs::create_directory_symlink(outside, apps / id);
    refused(id, "is a symbolic link");
    BOOST_TEST(fs::is_symlink(apps / id));
    fs::remove(apps / id);

    fs::create_symlink("nowhere", apps / id);
    refused(id, "is a symbolic link");
    fs::remove(apps / id);

    write_text(apps / id, "a file");
    refused(id, "is not a folder");
    fs::remove(apps / id);

    BOOST_REQUIRE(::mkfifo((apps / id).c_str(), 0600) == 0);
    refused(id, "is not a folder");
}

BOOST_AUTO_TEST_CASE(a_link_in_place_of_created_apps_is_not_followed) {
    fs::create_directories(outside / id);
    fs::remove(apps);
    fs::create_directory_symlink(outside, apps);
    refused(id, "symbolic link");
    BOOST_TEST(fs::exists(outside / id));
}

BOOST_AUTO_TEST_CASE(a_link_in_place_of_the_trash_is_not_followed) {
    make_app(id);
    fs::remove(trash);
    fs::create_directory_symlink(outside, trash);
    BOOST_TEST(trash_app(root, id).has_error());
    BOOST_TEST(fs::exists(apps / id / "package.json"));
    BOOST_TEST((names_in(outside) == std::vector<std::string>{"precious"}));
}

BOOST_AUTO_TEST_CASE(links_inside_an_app_go_without_what_they_point_to) {
    make_app(id);
    fs::create_directory_symlink(outside, apps / id / "link");
    BOOST_TEST(trash_app(root, id).has_value());
    BOOST_TEST(fs::is_symlink(trash / (id + "-0") / "link"));
}

BOOST_AUTO_TEST_CASE(removes_the_logs_of_one_app) {
    auto logs = root / "logs";
    for (auto name : {"orch-abc1234567-out.log", "orch-abc1234567-error.log", "orch-abc1234567-out__2026-01-31.log.gz",
                      "orch-abc1234567-notes", "orch-abd1234567-out.log", "orch-abc12345678-out.log"})
        write_text(logs / name, "text");
    BOOST_TEST(remove_logs(root, id).has_value());
    BOOST_TEST((names_in(logs) == std::vector<std::string>{"orch-abc1234567-notes", "orch-abc12345678-out.log",
                                                           "orch-abd1234567-out.log"}));
    BOOST_TEST(remove_logs(root, id).has_value());
    BOOST_TEST(remove_logs(root, "..").has_error());
}

BOOST_AUTO_TEST_CASE(a_log_that_is_a_link_goes_without_what_it_points_to) {
    auto logs = root / "logs";
    fs::create_symlink(outside / "precious", logs / "orch-abc1234567-out.log");
    BOOST_TEST(remove_logs(root, id).has_value());
    BOOST_TEST(fs::is_empty(logs));
    BOOST_TEST(read_text(outside / "precious") == "precious");

    fs::remove(logs);
    fs::create_directory_symlink(outside, logs);
    write_text(outside / "orch-abc1234567-out.log", "not ours");
    BOOST_TEST(remove_logs(root, id).has_error());
    BOOST_TEST(fs::exists(outside / "orch-abc1234567-out.log"));
    fs::remove(logs);
    BOOST_TEST(remove_logs(root, id).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
