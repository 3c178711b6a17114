// Repositories made by git itself, and what somebody may put in their place.
#include "temp_root.hpp"

#include "store/git_head.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <cstdlib>

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(git_head_test)

namespace {

struct git_world {
    temp_folder folder;
    git_heads heads;
    fs::path work = folder.path() / "shop";

    git_world() { fs::create_directory(work); }

    /// In `work`, or in a folder below the test's.
    void git(const std::string& words, std::string in = "shop") {
        auto command = "cd '" + (folder.path() / in).string() +
                       "' && env -u GIT_DIR -u GIT_WORK_TREE GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null "
                       "git -c user.name=t -c user.email=t@example.org -c init.defaultBranch=main " +
                       words + " >/dev/null 2>&1";
        BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
    }
    std::string asked(const std::string& words, std::string in = "shop") {
        auto file = folder.path() / "answer";
        auto command = "cd '" + (folder.path() / in).string() + "' && git " + words + " >'" + file.string() + "'";
        BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
        auto text = read_text(file);
        return text.substr(0, text.find('\n'));
    }
    void begin() {
        git("init -q");
        git("commit -q --allow-empty -m first");
    }
    std::optional<git_head> at(const fs::path& where, bool above = false) { return heads.read({where, above}); }
    std::optional<git_head> here() { return at(work); }
};

const std::string hash = "0123456789012345678901234567890123456789";

} // namespace

BOOST_FIXTURE_TEST_SUITE(git_heads_suite, git_world)

BOOST_AUTO_TEST_CASE(branches_commits_and_checkouts) {
    BOOST_TEST(!here());
    git("init -q");
    BOOST_TEST((here() == git_head{"main", {}})); // no commit yet
    git("commit -q --allow-empty -m first");
    BOOST_TEST((here() == git_head{"main", asked("rev-parse HEAD")}));
    git("checkout -q -b feature/new-cart");
    git("commit -q --allow-empty -m second");
    BOOST_TEST((here() == git_head{"feature/new-cart", asked("rev-parse HEAD")}));
    git("checkout -q --detach main");
    BOOST_TEST((here() == git_head{{}, asked("rev-parse main")}));
    git("checkout -q main");
    git("symbolic-ref refs/heads/other refs/heads/feature/new-cart");
    git("symbolic-ref HEAD refs/heads/other");
    BOOST_TEST((here() == git_head{"feature/new-cart", asked("rev-parse HEAD")}));
}

BOOST_AUTO_TEST_CASE(packed_refs_are_read_and_read_anew_when_they_change) {
    begin();
    for (int i = 0; i < 50; ++i)
        git("branch b" + std::to_string(i));
    git("tag -a -m tag v1"); // has a peeled line of its own
    git("pack-refs --all");
    BOOST_REQUIRE(!fs::exists(work / ".git/refs/heads/main"));
    auto first = asked("rev-parse HEAD");
    BOOST_TEST((here() == git_head{"main", first}));
    BOOST_TEST((here() == git_head{"main", first}));
    git("checkout -q b49");
    BOOST_TEST((here() == git_head{"b49", first}));
    git("commit -q --allow-empty -m second"); // loose again: it wins
    auto second = asked("rev-parse HEAD");
    BOOST_TEST((here() == git_head{"b49", second}));
    git("pack-refs --all");
    BOOST_TEST((here() == git_head{"b49", second}));
}

BOOST_AUTO_TEST_CASE(worktrees_and_submodules) {
    begin();
    git("worktree add -q -b feature ../shop-feature");
    auto tree = folder.path() / "shop-feature";
    BOOST_REQUIRE(fs::is_regular_file(tree / ".git"));
    BOOST_TEST((at(tree) == git_head{"feature", asked("rev-parse HEAD")}));
    git("commit -q --allow-empty -m second", "shop-feature");
    BOOST_TEST((at(tree) == git_head{"feature", asked("rev-parse HEAD", "shop-feature")}));
    BOOST_TEST((here() == git_head{"main", asked("rev-parse HEAD")}));
    git("pack-refs --all");
    BOOST_TEST((at(tree) == git_head{"feature", asked("rev-parse HEAD", "shop-feature")}));

    fs::create_directory(folder.path() / "all");
    git("init -q", "all");
    git("-c protocol.file.allow=always submodule add -q ../shop shop", "all");
    BOOST_TEST((at(folder.path() / "all/shop") == git_head{"main", asked("rev-parse HEAD")}));
    git("init -q --separate-git-dir ../elsewhere .");
    BOOST_TEST((here() == git_head{"main", asked("rev-parse HEAD")}));
}

BOOST_AUTO_TEST_CASE(sha256) {
    git("init -q --object-format=sha256");
    git("commit -q --allow-empty -m first");
    BOOST_TEST((here() == git_head{"main", asked("rev-parse HEAD")}));
    BOOST_TEST(here()->commit->size() == 64u);
}

BOOST_AUTO_TEST_CASE(a_package_of_a_monorepo_is_in_its_repository_and_an_app_of_berths_is_in_its_own_alone) {
    begin();
    auto package = work / "apps/web";
    fs::create_directories(package);
    BOOST_TEST(!at(package));
    BOOST_TEST((at(package, true) == here()));
    fs::create_directory_symlink(package, folder.path() / "link");
    BOOST_TEST((at(folder.path() / "link", true) == here())); // by its real path
    fs::create_directory(package / ".git");                   // none: git looks further
    BOOST_TEST((at(package, true) == here()));
    BOOST_TEST(!at(folder.path() / "gone", true));
}

BOOST_AUTO_TEST_CASE(what_is_not_for_reading_by_hand_is_none) {
    begin();
    write_text(work / ".git/HEAD", "ref: refs/heads/.invalid\n"); // as git writes it beside reftable
    BOOST_TEST(!here());
    write_text(work / ".git/HEAD", "ref: refs/heads/main\n");
    BOOST_TEST(here().has_value());
    fs::create_directory(work / ".git/reftable");
    BOOST_TEST(!here());
}

BOOST_AUTO_TEST_CASE(an_old_head_that_is_a_link) {
    begin();
    fs::remove(work / ".git/HEAD");
    fs::create_symlink("refs/heads/main", work / ".git/HEAD");
    BOOST_TEST((here() == git_head{"main", asked("rev-parse HEAD")}));
    fs::remove(work / ".git/HEAD");
    write_text(folder.path() / "secret", hash + "\n");
    fs::create_symlink(folder.path() / "secret", work / ".git/HEAD");
    BOOST_TEST(!here());
}

BOOST_AUTO_TEST_CASE(hostile_content_leads_nowhere) {
    begin();
    write_text(folder.path() / "secret", hash + "\n");
    for (std::string head : {"", "\n", "ref: ", "ref: refs/heads/../../../secret\n", "ref: /etc/passwd\n",
                             "ref: ../secret\n", "ref: refs/heads/a\x01" "b\n", "ref: refs/heads/x.lock\n", "ref: refs/\n",
                             "ref: refs//heads\n", "0123\n", "not a head\n"}) {
        write_text(work / ".git/HEAD", head);
        BOOST_TEST(!here(), head);
    }
    write_text(work / ".git/HEAD", std::string(1 << 20, 'x'));
    BOOST_TEST(!here());
    fs::remove(work / ".git/HEAD");
    BOOST_REQUIRE(::mkfifo((work / ".git/HEAD").c_str(), 0600) == 0);
    BOOST_TEST(!here()); // and nobody waits for a writer
    fs::remove(work / ".git/HEAD");
    fs::create_directory(work / ".git/HEAD");
    BOOST_TEST(!here());
    fs::remove(work / ".git/HEAD");

    write_text(work / ".git/HEAD", "ref: refs/heads/main\n");
    write_text(work / ".git/refs/heads/main", "ref: refs/heads/main\n"); // refers to itself
    BOOST_TEST((here() == git_head{"main", {}}));
    write_text(work / ".git/refs/heads/main", "no hash\n");
    BOOST_TEST((here() == git_head{"main", {}}));
    fs::remove(work / ".git/refs/heads/main");
    fs::create_symlink(folder.path() / "secret", work / ".git/refs/heads/main");
    BOOST_TEST((here() == git_head{"main", {}}));
    fs::remove(work / ".git/refs/heads/main");
    write_text(work / ".git/packed-refs", std::string(17 << 20, 'x'));
    BOOST_TEST((here() == git_head{"main", {}}));
    write_text(work / ".git/packed-refs", hash + " refs/heads/mainly\n^" + hash + "\nnonsense\n" + hash +
                                              " refs/heads/main"); // without a line end
    BOOST_TEST((here() == git_head{"main", hash}));
}

BOOST_AUTO_TEST_CASE(a_git_file_that_leads_nowhere) {
    for (std::string text : {"", "gitdir: ", "gitdir: \n", "gitdir: ../nowhere\n", "gitdir: /proc/self\n", "nonsense\n",
                             "gitdir: .git\n"}) {
        write_text(work / ".git", text);
        BOOST_TEST(!here(), text);
    }
    write_text(work / ".git", "gitdir: " + std::string(8'000, 'x') + "\n");
    BOOST_TEST(!here());
    fs::create_directory(folder.path() / "half");
    write_text(folder.path() / "half/HEAD", "ref: refs/heads/main\n");
    write_text(work / ".git", "gitdir: ../half\n");
    BOOST_TEST(!here()); // no repository: it has no objects
    write_text(folder.path() / "half/commondir", "../nowhere\n");
    BOOST_TEST(!here());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
