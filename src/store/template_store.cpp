#include "store/template_store.hpp"

#include "core/names.hpp"
#include "core/worker.hpp"
#include "store/file_system.hpp"
#include "store/package_name.hpp"
#include "store/root_folder.hpp"
#include "store/template_shelf.hpp"
#include "store/tree_copy.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <map>

namespace berth {
namespace {

namespace fs = std::filesystem;
using stop_flag = std::shared_ptr<std::atomic<bool>>;

/// A new folder, with the mode of the one that it will be a copy of.
result<unique_fd> make_folder(const fs::path& path, int like) {
    struct stat s;
    if (::fstat(like, &s) < 0 || ::mkdir(path.c_str(), 0700) < 0)
        return storage_error("create", path, last_error());
    auto made = open_folder(AT_FDCWD, path.c_str());
    if (!made || ::fchmod(made.get(), (s.st_mode & 0777) | 0700) < 0)
        return storage_error("open", path, last_error());
    return made;
}

/// Its real path must not have our root in it: a copy of it would be a copy of itself. A link in the place of a folder
/// of ours is not followed.
result<unique_fd> open_source(const fs::path& given, bool ours, const fs::path& root) {
    std::error_code failure;
    auto path = fs::canonical(given, failure);
    if (failure)
        return error{errc::template_failed, fmt::format("{} cannot be copied: {}.", given.native(), failure.message())};
    auto relative = root.lexically_relative(path);
    if (!relative.empty() && *relative.begin() != "..")
        return error{errc::template_failed, fmt::format("{} cannot be copied: Berth's own folder, {}, lies in it.",
                                                        path.native(), root.native())};
    auto folder = open_folder(AT_FDCWD, ours ? given.c_str() : path.c_str());
    if (!folder)
        return error{errc::template_failed,
                     fmt::format("{} cannot be copied: {}.", path.native(), last_error().message())};
    return folder;
}

result<> copy_app(int from, const fs::path& to, const std::string& id, const tree_copy_options& how,
                  std::uint64_t least, const std::atomic<bool>& stop) {
    auto folder = make_folder(to, from);
    if (!folder)
        return folder.error();
    auto started = std::chrono::steady_clock::now();
    auto copied = copy_tree(from, folder->get(), how, stop);
    if (!copied)
        return copied.error();
    if (copied->entries < least)
        return error{errc::template_not_found,
                     fmt::format("Of the template's {} files and folders {} are left: somebody removed the others.",
                                 least, copied->entries)};
    if (auto named = name_package(folder->get(), id); !named)
        return named;
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    spdlog::debug("{} is a copy: {} files linked, {} cloned, {} copied in {} ms", id, copied->linked, copied->cloned,
                  copied->copied, ms.count());
    return {};
}

class disk_templates final : public template_store {
public:
    disk_templates(asio::any_io_executor home, asio::thread_pool& pool, const fs::path& root,
                   std::function<void()> sweep)
        : home_(home), pool_(pool.get_executor()), root_(root),
          shelf_(std::make_shared<template_shelf>(root, std::move(sweep))) {}

    ~disk_templates() override {
        for (auto& [id, stop] : *copies_)
            *stop = true;
    }

    task<std::vector<stored_template>> list() override {
        return on_pool([](template_shelf& shelf) { return shelf.list(); });
    }
    task<std::optional<stored_template>> find(std::string name) override {
        return on_pool([name = std::move(name)](template_shelf& shelf) { return shelf.find(name); });
    }
    task<result<fs::path>> begin(std::string id) override {
        return on_pool([id = std::move(id)](template_shelf& shelf) -> result<fs::path> {
            if (auto begun = shelf.begin(id); !begun)
                return begun.error();
            return shelf.tree_of(id);
        });
    }
    task<result<>> keep_copy(std::string id, fs::path from, bool ours) override {
        tree_copy_options how;
        how.may_link = ours;
        how.leave_out = {".git", ".next"};
        if (!ours)
            how.leave_out.push_back("node_modules");
        auto work = [root = root_, from = std::move(from), to = shelf_->tree_of(id),
                     how](const std::atomic<bool>& stop) {
            auto source = open_source(from, how.may_link, root);
            if (!source)
                return result<>(source.error());
            auto folder = make_folder(to, source->get());
            if (!folder)
                return result<>(folder.error());
            auto copied = copy_tree(source->get(), folder->get(), how, stop);
            return copied ? result<>() : result<>(copied.error());
        };
        return copy(std::move(id), std::move(work));
    }
    task<result<stored_template>> place(std::string id, std::string name, template_facts facts) override {
        return on_pool([id = std::move(id), name = std::move(name), facts = std::move(facts)](template_shelf& shelf) {
            return shelf.place(id, name, facts);
        });
    }
    task<> abandon(std::string id) override {
        auto work = [id = std::move(id)](template_shelf& shelf) {
            shelf.abandon(id);
            return true;
        };
        co_await on_pool(std::move(work));
    }
    task<std::vector<std::pair<std::string, fs::path>>> unfinished() override {
        return on_pool([](template_shelf& shelf) {
            std::vector<std::pair<std::string, fs::path>> left;
            for (auto& id : shelf.unfinished())
                left.emplace_back(id, shelf.tree_of(id));
            return left;
        });
    }
    task<result<>> remove(std::string name) override {
        return on_pool([name = std::move(name)](template_shelf& shelf) { return shelf.remove(name); });
    }

    task<result<>> copy_template(std::string name, std::string id) override {
        auto work = [shelf = shelf_, name = std::move(name), id, to = directory(id)](const std::atomic<bool>& stop) {
            auto opened = shelf->open(name);
            if (!opened)
                return result<>(opened.error());
            return copy_app(opened->tree.get(), to, id, {}, opened->facts.entries, stop);
        };
        return copy(std::move(id), std::move(work));
    }
    task<result<>> copy_folder(fs::path from, bool may_link, std::string id) override {
        auto work = [root = root_, from = std::move(from), may_link, id,
                     to = directory(id)](const std::atomic<bool>& stop) {
            auto source = open_source(from, may_link, root);
            if (!source)
                return result<>(source.error());
            return copy_app(source->get(), to, id, {{".git", ".next"}, may_link}, 0, stop);
        };
        return copy(std::move(id), std::move(work));
    }

    void cancel(const std::string& id) override {
        if (auto found = copies_->find(id); found != copies_->end())
            *found->second = true;
    }

private:
    using copy_map = std::map<std::string, stop_flag>; // of copies under way

    /// Takes a copy out of the map however its coroutine ends; the map is shared, as that may be after the store.
    struct registration {
        registration(std::shared_ptr<copy_map> map, std::string id, stop_flag stop) : map_(std::move(map)), id_(id) {
            (*map_)[id_] = std::move(stop);
        }
        ~registration() { map_->erase(id_); }
        registration(const registration&) = delete;
        std::shared_ptr<copy_map> map_;
        std::string id_;
    };

    fs::path directory(const std::string& id) const { return root_ / "created-apps" / id; }

    template <class Job>
    task<std::invoke_result_t<Job&, template_shelf&>> on_pool(Job job) {
        auto work = [shelf = shelf_, job = std::move(job)]() mutable { return job(*shelf); };
        return run_on(pool_, home_, std::move(work));
    }

    template <class Job>
    task<result<>> copy(std::string id, Job job) {
        auto stop = std::make_shared<std::atomic<bool>>(false);
        registration mine(copies_, std::move(id), stop);
        auto work = [stop, job = std::move(job)]() mutable { return job(*stop); };
        auto done = co_await run_on(pool_, home_, std::move(work));
        co_return done;
    }

    asio::any_io_executor home_;
    asio::thread_pool::executor_type pool_;
    fs::path root_;
    std::shared_ptr<template_shelf> shelf_;
    std::shared_ptr<copy_map> copies_ = std::make_shared<copy_map>();
};

} // namespace

std::unique_ptr<template_store> create_template_store(asio::any_io_executor home, asio::thread_pool& pool,
                                                      const fs::path& root, std::function<void()> sweep) {
    return std::make_unique<disk_templates>(home, pool, root, std::move(sweep));
}

} // namespace berth
