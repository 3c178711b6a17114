#include "bind_mount.hpp"
#include "temp_root.hpp"

#include "store/root_folder.hpp"
#include "store/tree_copy.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

using namespace berth;
using namespace berth::test;

namespace {

struct stat look(const fs::path& path) {
    struct stat s {};
    BOOST_REQUIRE_MESSAGE(::lstat(path.c_str(), &s) == 0, path);
    return s;
}

struct copy_world {
    temp_folder folder;
    fs::path from = folder.path() / "from";
    fs::path to = folder.path() / "to";
    tree_copy_options options;
    std::atomic<bool> stop = false;

    copy_world() {
        fs::create_directories(from);
        fs::create_directories(to);
    }
    void write(const char* path, std::string_view text = "text", mode_t mode = 0644) {
        fs::create_directories((from / path).parent_path());
        write_text(from / path, text);
        BOOST_REQUIRE(::chmod((from / path).c_str(), mode) == 0);
        const timespec times[2] = {{1'600'000'000, 1}, {1'600'000'000, 123'456'789}};
        BOOST_REQUIRE(::utimensat(AT_FDCWD, (from / path).c_str(), times, 0) == 0);
    }
    result<tree_copy_figures> copy() {
        auto source = open_folder(AT_FDCWD, from.c_str()), target = open_folder(AT_FDCWD, to.c_str());
        return copy_tree(source.get(), target.get(), options, stop);
    }
    bool shared(const char* path) {
        auto a = look(from / path), b = look(to / path);
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    }
    void check_same(const char* path) {
        auto a = look(from / path), b = look(to / path);
        BOOST_TEST(a.st_mode == b.st_mode, path);
        BOOST_TEST(a.st_mtim.tv_sec == b.st_mtim.tv_sec, path);
        BOOST_TEST(a.st_mtim.tv_nsec == b.st_mtim.tv_nsec, path);
        if (S_ISREG(a.st_mode))
            BOOST_TEST(read_text(from / path) == read_text(to / path), path);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_copies, copy_world)

BOOST_AUTO_TEST_CASE(a_project_with_its_packages) {
    const char* own[] = {"package.json",
                         "src/app/page.tsx",
                         "run.sh",
                         "empty",
                         "node_modules/.package-lock.json",
                         "node_modules/.cache/x",
                         "node_modules/built/built.node",
                         "node_modules/built/package.json",
                         "node_modules/gyp/binding.gyp"};
    const char* packages[] = {"node_modules/react/index.js", "node_modules/@next/swc/swc.node",
                              "node_modules/.pnpm/a@1/node_modules/a/a.js", "node_modules/react/bin.js"};
    for (auto path : own)
        write(path, std::string("of ") + path);
    for (auto path : packages)
        write(path, std::string("of ") + path);
    write("empty", "");
    write("run.sh", "#!/bin/sh", 0755);
    write("node_modules/react/bin.js", "#!/usr/bin/env node", 0555);
    write("node_modules/built/package.json", R"({"scripts": {"postinstall": "node build"}})");
    write(".next/cache", "warm");
    write(".git/HEAD", "ref");
    write("src/.git", "not at the top");
    fs::create_directories(from / "node_modules/.bin");
    fs::create_symlink("../react/bin.js", from / "node_modules/.bin/react");
    BOOST_REQUIRE(::chmod((from / "src").c_str(), 0750) == 0);

    options.leave_out = {".next", ".git"};
    auto done = copy();
    BOOST_REQUIRE(done.has_value());
    for (auto path : own) {
        check_same(path);
        BOOST_TEST(!shared(path), path);
    }
    for (auto path : packages) {
        check_same(path);
        BOOST_TEST((shared(path) || done->cloned > 0), path);
    }
    check_same("src");
    check_same("node_modules");
    check_same("node_modules/.bin/react");
    BOOST_TEST(fs::read_symlink(to / "node_modules/.bin/react") == "../react/bin.js");
    BOOST_TEST(!fs::exists(to / ".next"));
    BOOST_TEST(!fs::exists(to / ".git"));
    BOOST_TEST(fs::exists(to / "src/.git"));
    auto all = fs::recursive_directory_iterator(to);
    BOOST_TEST(done->entries == static_cast<std::uint64_t>(std::distance(begin(all), end(all))));
    BOOST_TEST(done->linked + done->cloned + done->copied == 14u);
}

BOOST_AUTO_TEST_CASE(a_project_with_an_install_script_of_its_own_shares_nothing) {
    write("package.json", R"({"scripts": {"postinstall": "patch-package"}})");
    write("node_modules/react/index.js");
    auto done = copy();
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(done->linked == 0u);
    BOOST_TEST(!shared("node_modules/react/index.js"));
}

BOOST_AUTO_TEST_CASE(what_is_not_ours_is_not_linked) {
    write("node_modules/react/index.js");
    options.may_link = false;
    auto done = copy();
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(!shared("node_modules/react/index.js"));
    BOOST_TEST(look(from / "node_modules/react/index.js").st_nlink == 1u);
}

BOOST_AUTO_TEST_CASE(links_are_copied_and_never_followed) {
    fs::create_directories(folder.path() / "outside");
    write_text(folder.path() / "outside/precious", "precious");
    fs::create_directory_symlink(folder.path() / "outside", from / "folder");
    fs::create_symlink("../outside/precious", from / "file");
    fs::create_symlink("nowhere", from / "dangling");
    fs::create_directory_symlink(folder.path() / "outside", from / "node_modules");
    BOOST_REQUIRE(::mkfifo((from / "fifo").c_str(), 0600) == 0);
    auto done = copy();
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(done->entries == 4u);
    for (auto name : {"folder", "file", "dangling", "node_modules"}) {
        BOOST_TEST(fs::is_symlink(to / name), name);
        BOOST_TEST(fs::read_symlink(to / name) == fs::read_symlink(from / name), name);
        check_same(name);
    }
    BOOST_TEST(!fs::exists(fs::symlink_status(to / "fifo")));
    BOOST_TEST((names_in(folder.path() / "outside") == std::vector<std::string>{"precious"}));
}

BOOST_AUTO_TEST_CASE(a_cancelled_copy_ends) {
    write("a");
    stop = true;
    auto done = copy();
    BOOST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().code == errc::cancelled));
}

#ifdef __linux__
BOOST_AUTO_TEST_CASE(where_links_are_refused_files_are_copied) {
    fs::path other = "/dev/shm";
    if (!fs::exists(other) || look(other).st_dev == look(from).st_dev) {
        BOOST_TEST_MESSAGE("skipped: there is no other file system here");
        return;
    }
    write("node_modules/react/index.js", "one");
    write("node_modules/react/package.json", "{}", 0444);
    auto pattern = (other / "berth-store-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()));
    to = pattern;
    auto done = copy();
    BOOST_CHECK(done.has_value() && done->copied == 2 && done->linked == 0);
    check_same("node_modules/react/index.js");
    check_same("node_modules/react/package.json");
    fs::remove_all(to);
}

BOOST_AUTO_TEST_CASE(another_mount_is_not_read) {
    fs::create_directories(folder.path() / "outside");
    write_text(folder.path() / "outside/precious", "precious");
    fs::create_directories(from / "public");
    bind_mount mounted(folder.path() / "outside", from / "public");
    if (!mounted.mounted())
        return;
    auto done = copy();
    BOOST_REQUIRE(done.has_error());
    BOOST_TEST(done.error().detail.find("public") != std::string::npos, done.error().detail);
    BOOST_TEST(!fs::exists(to / "public/precious"));
}
#endif

BOOST_AUTO_TEST_SUITE_END()
