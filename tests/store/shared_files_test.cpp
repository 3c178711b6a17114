#include "store/shared_files.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace berth;

namespace {

/// Of the folder at this path below a project's; packages with "script" in their name have an install script.
tree_region region_at(std::string_view path) {
    auto region = tree_region::project;
    while (!path.empty()) {
        auto name = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        region = region_of(region, name, [&] { return name.find("script") != std::string_view::npos; });
    }
    return region;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shared_files)

BOOST_AUTO_TEST_CASE(packages_are_shared_and_nothing_else) {
    const std::pair<const char*, tree_region> rows[] = {
        {"src/app", tree_region::project},
        {"public/node_modules.zip", tree_region::project},
        {"node_modules", tree_region::modules},
        {"node_modules/react", tree_region::package},
        {"node_modules/react/cjs/deep", tree_region::package},
        {"node_modules/@next", tree_region::scope},
        {"node_modules/@next/swc-linux-x64-gnu", tree_region::package},
        {"node_modules/@next/a-script", tree_region::private_package},
        {"node_modules/with-script/lib", tree_region::private_package},
        {"node_modules/with-script/node_modules/inner", tree_region::package},
        {"node_modules/react/node_modules", tree_region::modules},
        {"node_modules/react/node_modules/with-script", tree_region::private_package},
        {"node_modules/next/dist/.hidden", tree_region::package},
        {"node_modules/.bin", tree_region::private_package},
        {"node_modules/.cache/babel", tree_region::private_package},
        {"node_modules/.vite", tree_region::private_package},
        {"node_modules/.prisma/client", tree_region::private_package},
        {"node_modules/.pnpm", tree_region::private_package},
        {"node_modules/.pnpm/react@19.0.0", tree_region::private_package},
        {"node_modules/.pnpm/react@19.0.0/node_modules/react", tree_region::package},
        {"node_modules/.pnpm/node_modules/@types", tree_region::scope},
        {"node_modules/.bun/react@19.0.0/node_modules/react/cjs", tree_region::package},
        {"packages/ui/node_modules/react", tree_region::package},
        {"packages/ui/src", tree_region::project},
    };
    for (auto& [path, region] : rows)
        BOOST_TEST((region_at(path) == region), path);
}

BOOST_AUTO_TEST_CASE(what_runs_when_it_is_installed) {
    const std::pair<const char*, bool> rows[] = {
        {R"({"name": "a"})", false},
        {R"({"scripts": {"build": "tsc", "test": "node install"}})", false},
        {R"({"scripts": {"postinstall": "node x"}})", true},
        {R"({"scripts": {"install": "node-gyp rebuild"}})", true},
        {R"({"scripts": {"preinstall": ""}})", true},
        {R"({"keywords": ["postinstall"]})", false},
        {R"({"scripts": ["postinstall"]})", false},
        {R"({"scripts": {"postinstall": )", true},
        {"", false},
        {"[]", false},
    };
    for (auto& [text, found] : rows)
        BOOST_TEST(has_install_script(text) == found, text);
}

BOOST_AUTO_TEST_SUITE_END()
