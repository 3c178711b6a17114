#include "store/template_shelf.hpp"

#include "core/names.hpp"
#include "core/uninterrupted.hpp"
#include "store/durable_write.hpp"
#include "store/file_system.hpp"
#include "store/root_folder.hpp"
#include "store/template_json.hpp"
#include "store/tree_copy.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view making = ".making-", old = ".old-";
constexpr int max_tries = 1000; // for a free name in the trash

error not_there(const std::string& name) {
    return {errc::template_not_found, fmt::format("There is no template called {}.", in_quotes(name))};
}

/// Some text of a regular file of at most 1 MiB inside the open folder; none when there is none.
std::optional<std::string> text_of(int folder, const char* name) {
    unique_fd file(
        uninterrupted([&] { return ::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
    struct stat s;
    if (!file || ::fstat(file.get(), &s) < 0 || !S_ISREG(s.st_mode) || s.st_size > (1 << 20))
        return {};
    std::string text(static_cast<std::size_t>(s.st_size), '\0');
    std::size_t have = 0;
    while (have < text.size()) {
        auto n = uninterrupted(
            [&] { return ::pread(file.get(), text.data() + have, text.size() - have, static_cast<off_t>(have)); });
        if (n <= 0)
            return {};
        have += static_cast<std::size_t>(n);
    }
    return text;
}

bool has_package_json(int tree) {
    struct stat s;
    return ::fstatat(tree, "package.json", &s, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(s.st_mode);
}

/// The version of Next in it.
std::optional<std::string> next_version(int tree) {
    auto modules = open_folder(tree, "node_modules");
    auto next = modules ? open_folder(modules.get(), "next") : unique_fd();
    auto text = next ? text_of(next.get(), "package.json") : std::nullopt;
    auto package = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    if (!package.is_object() || !package.contains("version") || !package["version"].is_string())
        return {};
    return package["version"].get<std::string>();
}

} // namespace

/// Where all that is thrown away goes. Leases share it, which may outlive the shelf.
struct template_shelf::trash_can {
    fs::path bin;
    std::function<void()> sweep;

    void take(const fs::path& what) {
        int reason = EEXIST;
        for (int n = 0; n < max_tries && (reason == EEXIST || reason == ENOTEMPTY || reason == ENOTDIR); ++n) {
            auto there = bin / fmt::format("template-{}-{}", what.filename().native().substr(1), n);
            reason = std::rename(what.c_str(), there.c_str()) == 0 ? 0 : errno;
        }
        if (reason == 0)
            return sweep();
        if (reason != ENOENT) // nothing was begun
            spdlog::warn("{} could not be moved to the trash, which the next start tries again: {}", what.native(),
                         boost::system::error_code(reason, boost::system::system_category()).message());
    }
};

struct template_shelf::lease {
    std::shared_ptr<trash_can> trash;
    fs::path aside; // empty: it still has its name
    explicit lease(std::shared_ptr<trash_can> t) : trash(std::move(t)) {}
    lease(const lease&) = delete;
    ~lease() {
        if (!aside.empty())
            trash->take(aside);
    }
};

template_shelf::template_shelf(fs::path root, std::function<void()> sweep)
    : root_(std::move(root)), folder_(root_ / ".berth/templates"),
      trash_(new trash_can{root_ / ".berth/trash", std::move(sweep)}) {}

std::optional<stored_template> template_shelf::find(const std::string& name) const {
    if (check_template_name(name).has_error())
        return {};
    auto shelf = open_folder(AT_FDCWD, folder_.c_str());
    auto folder = shelf ? open_folder(shelf.get(), name.c_str()) : unique_fd();
    auto tree = folder ? open_folder(folder.get(), "tree") : unique_fd();
    auto text = tree && has_package_json(tree.get()) ? text_of(folder.get(), "template.json") : std::nullopt;
    auto facts = text ? parse_template(*text) : std::nullopt;
    if (!facts)
        return {};
    return stored_template{name, std::move(*facts)};
}

std::vector<stored_template> template_shelf::list() const {
    std::vector<stored_template> all;
    auto names = create_file_system()->list(folder_);
    if (!names)
        return all;
    std::sort(names->begin(), names->end());
    for (auto& name : *names)
        if (auto found = find(name))
            all.push_back(std::move(*found));
    return all;
}

result<template_shelf::opened> template_shelf::open(const std::string& name) {
    std::lock_guard guard(lock_);
    auto found = find(name);
    auto tree = found ? open_folder(AT_FDCWD, (folder_ / name / "tree").c_str()) : unique_fd();
    if (!tree)
        return not_there(name);
    auto& known = leases_[name];
    auto held = known.lock();
    if (!held)
        known = held = std::make_shared<lease>(trash_);
    return opened{std::move(tree), std::move(found->facts), std::move(held)};
}

result<> template_shelf::begin(const std::string& id) {
    for (auto& path : {folder_, folder_ / (std::string(making) + id)})
        if (::mkdir(path.c_str(), 0700) < 0 && errno != EEXIST)
            return storage_error("create", path, last_error());
    return {};
}

result<stored_template> template_shelf::place(const std::string& id, const std::string& name, template_facts facts) {
    auto from = folder_ / (std::string(making) + id);
    auto home = open_folder(AT_FDCWD, from.c_str());
    auto tree = home ? open_folder(home.get(), "tree") : unique_fd();
    if (!tree || !has_package_json(tree.get()))
        return error{errc::template_failed,
                     fmt::format("{} holds no package.json, so it is no project to make apps from.", facts.source)};
    for (auto each : {".git", ".next"}) // one rename each; they go to the trash with what is left of the making
        if (::renameat(tree.get(), each, home.get(), each) < 0 && errno != ENOENT)
            return storage_error("move away", from / "tree" / each, last_error());
    std::atomic<bool> never = false;
    auto size = measure_tree(tree.get(), never);
    if (!size)
        return size.error();
    facts.entries = size->entries;
    facts.bytes = size->bytes;
    facts.next = next_version(tree.get());

    // Put together beside the rest, so that neither .git nor .next comes along.
    auto whole = from / "whole";
    if (::mkdir(whole.c_str(), 0700) < 0 && errno != EEXIST)
        return storage_error("create", whole, last_error());
    if (std::rename((from / "tree").c_str(), (whole / "tree").c_str()) < 0)
        return storage_error("place", whole / "tree", last_error());
    auto files = create_file_system();
    if (auto written = durable_write(*files, whole / "template.json", format_template(facts)); !written)
        return written.error();
    std::lock_guard guard(lock_);
    if (auto free = set_aside(name); !free)
        return free.error();
    if (std::rename(whole.c_str(), (folder_ / name).c_str()) < 0)
        return storage_error("place", folder_ / name, last_error());
    (void)files->sync_folder(folder_); // after a power cut it is made anew, which is no harm
    return stored_template{name, std::move(facts)};
}

/// Frees the name, whatever has it. The lock is held.
result<> template_shelf::set_aside(const std::string& name) {
    auto held = leases_[name].lock();
    leases_.erase(name);
    if (!held)
        held = std::make_shared<lease>(trash_);
    for (;;) {
        auto aside = folder_ / fmt::format("{}{}-{}", old, ::getpid(), aside_++);
        if (std::rename((folder_ / name).c_str(), aside.c_str()) == 0) {
            held->aside = std::move(aside);
            return {};
        }
        if (errno == ENOENT)
            return {};
        if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
            return storage_error("move away", folder_ / name, last_error());
    }
}

void template_shelf::abandon(const std::string& id) { trash_->take(folder_ / (std::string(making) + id)); }

std::vector<std::string> template_shelf::unfinished() {
    std::vector<std::string> ids;
    auto names = create_file_system()->list(folder_);
    if (!names)
        return ids;
    for (auto& name : *names) {
        if (name.starts_with(old))
            trash_->take(folder_ / name);
        if (name.starts_with(making) && is_id(name.substr(making.size())))
            ids.push_back(name.substr(making.size()));
    }
    return ids;
}

result<> template_shelf::remove(const std::string& name) {
    struct stat s;
    if (check_template_name(name).has_error() || ::lstat((folder_ / name).c_str(), &s) < 0)
        return not_there(name);
    std::lock_guard guard(lock_);
    return set_aside(name);
}

} // namespace berth
