#include "next/package_manager.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace berth {
namespace {

constexpr std::string_view npm_locks[] = {"package-lock.json", "npm-shrinkwrap.json"};
constexpr std::string_view pnpm_locks[] = {"pnpm-lock.yaml"};
constexpr std::string_view yarn_locks[] = {"yarn.lock"};
constexpr std::string_view bun_locks[] = {"bun.lock", "bun.lockb"};

/// "pnpm@9.1.0" names pnpm, "pnpm" too.
std::optional<package_manager> named(std::string_view declared) {
    auto name = declared.substr(0, declared.find('@'));
    for (auto manager : all_package_managers)
        if (name == name_of(manager))
            return manager;
    return {};
}

} // namespace

std::string_view name_of(package_manager manager) noexcept {
    switch (manager) {
    case package_manager::npm:
        return "npm";
    case package_manager::pnpm:
        return "pnpm";
    case package_manager::yarn:
        return "yarn";
    case package_manager::bun:
        break;
    }
    return "bun";
}

std::span<const std::string_view> lock_files(package_manager manager) noexcept {
    switch (manager) {
    case package_manager::npm:
        return npm_locks;
    case package_manager::pnpm:
        return pnpm_locks;
    case package_manager::yarn:
        return yarn_locks;
    case package_manager::bun:
        break;
    }
    return bun_locks;
}

std::optional<package_manager> find_package_manager(std::span<const std::string> names,
                                                    const std::optional<std::string>& declared) {
    std::optional<package_manager> locked;
    int kinds = 0;
    for (auto manager : all_package_managers) {
        auto locks = lock_files(manager);
        auto is_lock = [&](const std::string& name) { return std::ranges::find(locks, name) != locks.end(); };
        if (std::ranges::any_of(names, is_lock)) {
            ++kinds;
            if (!locked)
                locked = manager;
        }
    }
    if (kinds == 1)
        return locked;
    auto wanted = declared ? named(*declared) : std::nullopt;
    return wanted ? wanted : locked;
}

std::vector<std::string> install_command(package_manager manager, bool locked) {
    switch (manager) {
    case package_manager::npm:
        return {"npm", locked ? "ci" : "install", "--no-audit", "--no-fund"};
    case package_manager::pnpm:
        if (locked)
            return {"pnpm", "install", "--frozen-lockfile"};
        return {"pnpm", "install", "--no-frozen-lockfile"};
    case package_manager::yarn:
        return {"yarn", "install"};
    case package_manager::bun:
        break;
    }
    if (locked)
        return {"bun", "install", "--frozen-lockfile"};
    return {"bun", "install"};
}

std::vector<std::string> run_command(package_manager manager, std::string_view script,
                                     std::span<const std::string> words) {
    std::vector<std::string> command = {std::string(name_of(manager)), "run", std::string(script)};
    if (manager == package_manager::npm && !words.empty())
        command.push_back("--");
    command.insert(command.end(), words.begin(), words.end());
    return command;
}

std::string how_to_get(package_manager manager) {
    if (manager == package_manager::npm)
        return "npm is not installed: it comes with Node.js, see https://nodejs.org.";
    return fmt::format("{0} is not installed: npm install -g {0}", name_of(manager));
}

} // namespace berth
