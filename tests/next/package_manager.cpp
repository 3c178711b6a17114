#include "next/package_manager.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

namespace {

using names = std::vector<std::string>;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (auto& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(package_managers)

BOOST_AUTO_TEST_CASE(the_lock_file_says_it) {
    struct row {
        names files;
        std::optional<std::string> declared;
        std::optional<package_manager> found;
    };
    const row rows[] = {
        {{"package.json", "package-lock.json"}, {}, package_manager::npm},
        {{"npm-shrinkwrap.json"}, {}, package_manager::npm},
        {{"package-lock.json", "npm-shrinkwrap.json"}, "yarn@4.0.0", package_manager::npm},
        {{"pnpm-lock.yaml"}, {}, package_manager::pnpm},
        {{"yarn.lock"}, {}, package_manager::yarn},
        {{"bun.lock"}, {}, package_manager::bun},
        {{"bun.lockb"}, {}, package_manager::bun},
        {{"yarn.lock"}, "pnpm@9.1.0", package_manager::yarn},
        {{"package-lock.json", "pnpm-lock.yaml"}, "pnpm@9.1.0+sha224.abc", package_manager::pnpm},
        {{"package-lock.json", "pnpm-lock.yaml"}, {}, package_manager::npm},
        {{"package-lock.json", "pnpm-lock.yaml"}, "another@1", package_manager::npm},
        {{}, "bun@1.2.0", package_manager::bun},
        {{}, "yarn", package_manager::yarn},
        {{}, "npmx@1", std::nullopt},
        {{"package.json", "README.md", "Yarn.lock"}, {}, std::nullopt},
        {{}, "", std::nullopt},
    };
    for (auto& r : rows)
        BOOST_TEST((find_package_manager(r.files, r.declared) == r.found), joined(r.files)
                                                                               << " / " << r.declared.value_or("-"));
}

BOOST_AUTO_TEST_CASE(an_install_keeps_to_the_lock_file_where_there_is_one) {
    BOOST_TEST(joined(install_command(package_manager::npm, true)) == "npm ci --no-audit --no-fund");
    BOOST_TEST(joined(install_command(package_manager::npm, false)) == "npm install --no-audit --no-fund");
    BOOST_TEST(joined(install_command(package_manager::pnpm, true)) == "pnpm install --frozen-lockfile");
    BOOST_TEST(joined(install_command(package_manager::pnpm, false)) == "pnpm install --no-frozen-lockfile");
    BOOST_TEST(joined(install_command(package_manager::yarn, true)) == "yarn install");
    BOOST_TEST(joined(install_command(package_manager::bun, true)) == "bun install --frozen-lockfile");
    BOOST_TEST(joined(install_command(package_manager::bun, false)) == "bun install");
}

BOOST_AUTO_TEST_CASE(a_script_gets_its_words_and_nothing_else) {
    const names words = {"-H", "127.0.0.1"};
    BOOST_TEST(joined(run_command(package_manager::npm, "dev")) == "npm run dev");
    BOOST_TEST(joined(run_command(package_manager::npm, "dev", words)) == "npm run dev -- -H 127.0.0.1");
    BOOST_TEST(joined(run_command(package_manager::pnpm, "dev", words)) == "pnpm run dev -H 127.0.0.1");
    BOOST_TEST(joined(run_command(package_manager::yarn, "start:dev", words)) == "yarn run start:dev -H 127.0.0.1");
    BOOST_TEST(joined(run_command(package_manager::bun, "dev", words)) == "bun run dev -H 127.0.0.1");
}

BOOST_AUTO_TEST_CASE(how_to_get_one_says_a_command) {
    BOOST_TEST(how_to_get(package_manager::pnpm) == "pnpm is not installed: npm install -g pnpm");
    BOOST_TEST(how_to_get(package_manager::npm).find("nodejs.org") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
