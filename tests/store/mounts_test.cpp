#include "bind_mount.hpp"
#include "temp_root.hpp"

#include "store/mounts.hpp"
#include "store/root_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>

#include <cerrno>

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(mounts)

BOOST_AUTO_TEST_CASE(the_kernels_table_is_read) {
    // proc(5): optional fields, bind mounts, escapes of space, tab, newline and backslash.
    auto found = parse_mountinfo("22 27 0:21 / /proc rw,nosuid - proc proc rw\n"
                                 "36 35 98:0 /gold /apps/x/public rw master:1 shared:2 - ext4 /dev/vda rw\n"
                                 "37 35 0:55 / /mnt/a\\040b\\011c\\012d\\134e rw - nfs host:/a\\040b rw\n"
                                 "38 35 0:56 / /no/separator rw\n"
                                 "\n"
                                 "39");
    BOOST_REQUIRE(found.size() == 4u);
    BOOST_TEST(found[0].at == "/proc");
    BOOST_TEST(found[0].what == "proc");
    BOOST_TEST(found[1].at == "/apps/x/public");
    BOOST_TEST(found[1].what == "/dev/vda (/gold)");
    BOOST_TEST(found[2].at == "/mnt/a b\tc\nd\\e");
    BOOST_TEST(found[2].what == "host:/a b");
    BOOST_TEST(found[3].at == "/no/separator");
}

BOOST_AUTO_TEST_CASE(a_bind_mount_of_the_same_disk_is_seen) {
    temp_folder folder;
    auto gold = folder.path() / "gold", app = folder.path() / "app", place = app / "my public";
    for (auto& f : {gold, place, folder.path() / "app2"})
        fs::create_directories(f);
    BOOST_TEST(mounts_in(app).value().empty());
    auto open = open_folder(AT_FDCWD, app.c_str());
    auto mount = mount_of(open.get());
    BOOST_REQUIRE(mount.has_value());
    BOOST_TEST(bool(open_on_mount(open.get(), "my public", *mount)));

    bind_mount bound(gold, place);
    if (!bound.mounted())
        return;
    BOOST_REQUIRE(mounts_in(app).value().size() == 1u);
    BOOST_TEST(mounts_in(app).value()[0].at == place);
    BOOST_TEST(mounts_in(place).value().size() == 1u);
    BOOST_TEST(mounts_in(folder.path() / "app2").value().empty()); // begins with the same letters
    BOOST_TEST(!open_on_mount(open.get(), "my public", *mount));
    BOOST_TEST(errno == EXDEV);
}

BOOST_AUTO_TEST_SUITE_END()
