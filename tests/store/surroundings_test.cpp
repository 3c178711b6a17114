#include "temp_root.hpp"

#include "store/surroundings.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(surroundings)

BOOST_AUTO_TEST_CASE(a_folder_of_its_own_is_fine_whatever_lies_in_it) {
    temp_folder folder;
    auto root = folder.path() / "root";
    fs::create_directories(root / "created-apps/abc1234567/.git");
    write_text(root / "created-apps/abc1234567/package-lock.json", "{}");
    BOOST_TEST(!check_surroundings(root).has_value());
}

BOOST_AUTO_TEST_CASE(a_project_at_the_root_or_above_it_is_named) {
    for (auto where : {"", "projects", "projects/root"})
        for (auto mark : {".git", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"}) {
            temp_folder folder;
            auto root = folder.path() / "projects/root";
            fs::create_directories(root);
            auto found_at = (folder.path() / where / mark).lexically_normal();
            write_text(found_at, "");
            auto found = check_surroundings(root);
            BOOST_REQUIRE_MESSAGE(found.has_value(), found_at);
            BOOST_TEST(found->code == "root_inside_project");
            BOOST_TEST(found->detail.find(found_at.native()) != std::string::npos, found->detail);
        }
}

BOOST_AUTO_TEST_SUITE_END()
