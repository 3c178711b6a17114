// Which files of a project two copies of it may share as hard links: those that nobody writes in place. Pure.
//
// npm, pnpm, yarn and bun replace the files of a package and never write into them, and Next writes nothing there.
// What they do write in place lies beside the packages and begins with a dot: npm's .package-lock.json, pnpm's
// .modules.yaml, .pnpm-workspace-state-v1.json and .pnpm/lock.yaml, yarn's .yarn-integrity and .yarn-state.yml, and
// what tools keep in .cache, .vite or .prisma. What a package's own install script does nobody can know (`npm rebuild`
// runs it again, in place), so such a package is not shared, and a project that has one itself (patch-package) shares
// nothing.
//
// Rejected: a list of the files known today, which the next release of a tool makes wrong in silence.
#pragma once

#include <string_view>

namespace berth {

/// Where in a project a folder lies.
enum class tree_region {
    project,        // the project's own files
    modules,        // a node_modules folder itself
    scope,          // node_modules/@scope
    package,        // a package in it, and all below; its files may be shared
    private_package // a package with an install script, or what a tool keeps for itself (node_modules/.cache)
};

/// The region of a folder `name` in one of region `parent`. Of a package it is asked whether it runs a script when it
/// is installed, and only of a package.
template <class Asked>
tree_region region_of(tree_region parent, std::string_view name, Asked runs_install_script) {
    if (name == "node_modules") // inside of .pnpm, .bun and packages too
        return tree_region::modules;
    if (parent == tree_region::modules && name.starts_with('.'))
        return tree_region::private_package;
    if (parent == tree_region::modules && name.starts_with('@'))
        return tree_region::scope;
    if (parent == tree_region::modules || parent == tree_region::scope)
        return runs_install_script() ? tree_region::private_package : tree_region::package;
    return parent;
}

/// By its package.json: scripts.preinstall, install or postinstall. (A binding.gyp, for which npm runs node-gyp, is the
/// caller's to see.) True too for a text that is no JSON: nobody knows then.
bool has_install_script(std::string_view package_json);

} // namespace berth
