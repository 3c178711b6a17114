#include "bind_mount.hpp"
#include "system_faults.hpp"
#include "temp_root.hpp"

#include "store/disk_meter.hpp"
#include "store/root_folder.hpp"
#include "store/tree_remover.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

using namespace berth;
using namespace berth::test;

namespace {

struct remover_world {
    temp_folder folder;
    fs::path top = folder.path() / "trash";
    fs::path outside = folder.path() / "outside";
    std::atomic<bool> stop = false;

    remover_world() {
        fs::create_directories(top);
        fs::create_directories(outside / "inner");
        write_text(outside / "precious", "precious");
        write_text(outside / "inner/precious", "precious");
    }
    std::vector<kept_file> empty() {
        auto open = open_folder(AT_FDCWD, top.c_str());
        return empty_folder(open.get(), stop);
    }
    void check_outside() {
        BOOST_TEST(read_text(outside / "precious") == "precious");
        BOOST_TEST(read_text(outside / "inner/precious") == "precious");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(trees, remover_world)

BOOST_AUTO_TEST_CASE(all_goes_and_links_go_without_what_they_point_to) {
    fs::create_directories(top / "x-0/node_modules/.bin");
    fs::create_directories(top / "x-0/empty");
    write_text(top / "x-0/node_modules/.bin/-rf", "text");
    write_text(top / "a file", "text");
    fs::create_directory_symlink(outside, top / "x-0/link");
    fs::create_directory_symlink(outside, top / "link");
    fs::create_symlink(outside / "precious", top / "x-0/file link");
    fs::create_symlink("nowhere", top / "dangling");
    fs::create_hard_link(outside / "precious", top / "x-0/hard link");
    BOOST_REQUIRE(::mkfifo((top / "fifo").c_str(), 0600) == 0);
    BOOST_REQUIRE(::chmod((top / "x-0/node_modules").c_str(), 0500) == 0);
    BOOST_TEST(empty().empty());
    BOOST_TEST(fs::is_empty(top));
    check_outside();
}

BOOST_AUTO_TEST_CASE(what_is_mounted_stays_and_all_around_it_goes) {
    fs::create_directories(top / "x-0/public/src");
    fs::create_directories(top / "y-0");
    write_text(top / "x-0/env", "");
    write_text(top / "x-0/page", "");
    bind_mount bound(outside, top / "x-0/public/src");
    bind_mount file(outside / "precious", top / "x-0/env");
    if (!bound.mounted() || !file.mounted())
        return;
    auto kept = empty();
    BOOST_REQUIRE(kept.size() == 1u); // one line for an entry of the trash
    BOOST_TEST((kept[0].path == "x-0/public/src" || kept[0].path == "x-0/env"), kept[0].path);
    BOOST_TEST(why_kept(kept[0]) == "is a mount point: unmount it");
    check_outside();
    BOOST_TEST((names_in(top) == std::vector<std::string>{"x-0"}));
    BOOST_TEST((names_in(top / "x-0") == std::vector<std::string>{"env", "public"}));

    bound.unmount();
    file.unmount();
    BOOST_TEST(empty().empty());
    BOOST_TEST(fs::is_empty(top));
    check_outside();
}

BOOST_AUTO_TEST_CASE(however_deep_it_is) {
    // Far deeper than a path, or the descriptors of a process, may be.
    auto at = open_folder(AT_FDCWD, top.c_str());
    for (int i = 0; i < 3000; ++i) {
        BOOST_REQUIRE(::mkdirat(at.get(), "deeper", 0700) == 0);
        at = open_folder(at.get(), "deeper");
        BOOST_REQUIRE(bool(at));
    }
    at = unique_fd();
    BOOST_TEST(empty().empty());
    BOOST_TEST(fs::is_empty(top));
}

BOOST_AUTO_TEST_CASE(it_ends_when_it_is_told_to) {
    fs::create_directories(top / "x-0");
    stop = true;
    BOOST_TEST(empty().empty());
    BOOST_TEST(fs::exists(top / "x-0"));
}

#ifndef __APPLE__
BOOST_AUTO_TEST_CASE(what_a_disk_refuses_is_named_and_goes_the_next_time) {
    for (int reason : {EIO, EROFS, EACCES, EMFILE})
        for (int n = 1;; ++n) {
            for (auto f : {"x-0/src", "y-0"})
                fs::create_directories(top / f);
            write_text(top / "x-0/src/page", "text");
            fs::create_directory_symlink(outside, top / "x-0/link");
            bool all_done = false;
            std::string failed;
            std::vector<kept_file> kept;
            {
                system_fault fault(n, reason);
                kept = empty();
                all_done = fault.calls() < n;
                failed = fault.failed();
            }
            BOOST_TEST_CONTEXT(failed << " as call " << n) {
                BOOST_TEST((fs::is_empty(top) || !kept.empty()));
                check_outside();
                BOOST_TEST(empty().empty());
                BOOST_TEST(fs::is_empty(top));
            }
            if (all_done)
                break;
            BOOST_REQUIRE(n < 500);
        }
}
#endif

BOOST_AUTO_TEST_CASE(the_bytes_of_a_tree_are_counted_once) {
    fs::create_directories(top / "x/src");
    write_text(top / "x/src/big", std::string(1 << 20, 'x'));
    auto bytes = [&](const fs::path& path) {
        auto open = open_folder(AT_FDCWD, path.c_str());
        return bytes_in(open.get(), stop).value();
    };
    auto alone = bytes(top);
    BOOST_TEST(alone >= 1u << 20);
    fs::create_directories(top / "y");
    fs::create_hard_link(top / "x/src/big", top / "y/big");
    fs::create_directory_symlink(outside, top / "y/link");
    BOOST_TEST(bytes(top) < alone + (1 << 19));
    BOOST_TEST(bytes(top / "y") >= 1u << 19); // half of it
    stop = true;
    auto open = open_folder(AT_FDCWD, top.c_str());
    BOOST_TEST(!bytes_in(open.get(), stop).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
