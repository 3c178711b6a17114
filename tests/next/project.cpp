#include "next/project.hpp"

#include "support/reactor.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

using namespace berth;
using namespace berth::test;

namespace {

namespace fs = std::filesystem;

const std::string next_dev = R"({"scripts": {"dev": "next dev", "build": "next build", "lint": "eslint"}})";

struct folders {
    temp_folder place;
    fs::path app = place / "repo/apps/web";

    folders() { write_file(app / "package.json", next_dev); }
    void put(const std::string& where, const std::string& text = "") { write_file(place / where, text); }

    std::string command(bool part_of_more = true, bool lan = false) {
        auto planned = plan_launch({app, part_of_more, "dev", lan});
        if (!planned)
            return planned.error().detail;
        std::string words;
        for (auto& word : planned->command)
            words += (words.empty() ? "" : " ") + word;
        BOOST_TEST(words.starts_with(planned->package_manager + " run dev"));
        return words;
    }
    std::string refusal(const fs::path& folder, const std::string& script = "dev") {
        auto found = inspect_project(folder, script);
        BOOST_REQUIRE(!found);
        BOOST_TEST((found.error().code == errc::not_a_project));
        return found.error().detail;
    }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(project_folders)

BOOST_FIXTURE_TEST_CASE(next_dev_is_told_to_stay_on_the_loopback, folders) {
    BOOST_TEST(command() == "npm run dev -- -H 127.0.0.1");
    BOOST_TEST(command(true, true) == "npm run dev");
    put("repo/apps/web/package.json", R"({"scripts": {"dev": "node server.js"}})");
    BOOST_TEST(command() == "npm run dev");
}

BOOST_FIXTURE_TEST_CASE(the_package_manager_is_its_own_lock_files, folders) {
    put("repo/apps/web/pnpm-lock.yaml");
    put("repo/yarn.lock");
    put("repo/.git/HEAD");
    BOOST_TEST(command() == "pnpm run dev -H 127.0.0.1");
    BOOST_TEST(command(false) == "pnpm run dev -H 127.0.0.1");
}

BOOST_FIXTURE_TEST_CASE(a_package_of_a_monorepo_has_that_of_its_repository, folders) {
    put("repo/.git", "gitdir: elsewhere"); // as a worktree has it
    put("repo/yarn.lock");
    put("package-lock.json"); // above the repository: not its own
    BOOST_TEST(command() == "yarn run dev -H 127.0.0.1");
    BOOST_TEST(command(false) == "npm run dev -- -H 127.0.0.1");
    put("repo/apps/bun.lock");
    BOOST_TEST(command() == "bun run dev -H 127.0.0.1"); // the nearest says it
}

BOOST_FIXTURE_TEST_CASE(a_workspace_without_a_repository_counts_and_a_stray_lock_file_does_not, folders) {
    put("yarn.lock");
    BOOST_TEST(command() == "npm run dev -- -H 127.0.0.1");
    put("repo/pnpm-workspace.yaml");
    put("repo/pnpm-lock.yaml");
    BOOST_TEST(command() == "pnpm run dev -H 127.0.0.1");
}

BOOST_FIXTURE_TEST_CASE(the_field_decides_where_there_is_no_lock_file, folders) {
    put("repo/apps/web/package.json", R"({"packageManager": "pnpm@9.1.0", "scripts": {"dev": "next dev"}})");
    BOOST_TEST(command() == "pnpm run dev -H 127.0.0.1");
    put("repo/apps/web/package.json", next_dev);
    put("repo/package.json", R"({"workspaces": ["apps/*"], "packageManager": "bun@1.2.0"})");
    BOOST_TEST(command() == "bun run dev -H 127.0.0.1");
}

BOOST_FIXTURE_TEST_CASE(what_could_not_be_started_is_refused_in_words, folders) {
    BOOST_TEST(has(refusal(app, "start"), "no script \"start\". It has build, dev, lint."));
    BOOST_TEST(has(refusal(app, "-x"), "no name of a script"));
    BOOST_TEST(has(refusal(app, ""), "no name of a script"));
    BOOST_TEST(has(refusal(place / "repo"), "no package.json"));
    BOOST_TEST(has(refusal(place / "nowhere"), "cannot be adopted"));
    BOOST_TEST(has(refusal(app / "package.json"), "is not a folder"));
    for (auto text : {"", "[]", "{\"scripts\""}) {
        put("repo/apps/web/package.json", text);
        BOOST_TEST(has(refusal(app), "is not the JSON object"), text);
    }
    for (auto text : {"{}", "{\"scripts\": []}", "{\"scripts\": {\"dev\": 1}}"}) {
        put("repo/apps/web/package.json", text);
        BOOST_TEST(has(refusal(app), "It has none at all."), text);
    }
    put("repo/apps/web/package.json", R"({"scripts": {"dev": "next dev"}, "x": ")" + std::string(1 << 20, 'x') + "\"}");
    BOOST_TEST(has(refusal(app), "cannot be read"));
    fs::remove(app / "package.json");
    BOOST_REQUIRE(::mkfifo((app / "package.json").c_str(), 0600) == 0);
    BOOST_TEST(has(refusal(app), "cannot be read")); // and nobody waits for its other end
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_moved_away_says_so, folders) {
    fs::rename(app, place / "moved");
    BOOST_TEST(has(command(), "There is no folder " + app.string()));
    fs::rename(place / "moved", app);
    BOOST_TEST(command() == "npm run dev -- -H 127.0.0.1");
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_known_by_its_real_path, folders) {
    fs::create_directory_symlink(place / "repo/apps", place / "link");
    BOOST_TEST((inspect_project(place / "link/web/", "dev").value() == fs::canonical(app)));
}

BOOST_FIXTURE_TEST_CASE(somebody_elses_folder_is_refused, folders) {
    if (::geteuid() != 0)
        return; // only root can give one away
    BOOST_REQUIRE(::chown(app.c_str(), 65534, 65534) == 0);
    BOOST_TEST(has(refusal(app), "belongs to"));
}

BOOST_AUTO_TEST_SUITE_END()
