#include "store/storage.hpp"

#include "core/worker.hpp"
#include "store/app_folders.hpp"
#include "store/journal.hpp"
#include "store/manifest_file.hpp"
#include "store/reserve.hpp"
#include "store/root_folder.hpp"
#include "store/surroundings.hpp"
#include "store/trash_remover.hpp"

#include <spdlog/spdlog.h>

namespace berth {
namespace {

namespace fs = std::filesystem;

/// All that jobs touch. They share it, so it lives (and the lock is held) until the last of them is done. Only one job
/// runs at a time, so nothing in it is guarded.
struct disk {
    explicit disk(root_folder folder)
        : root(std::move(folder)), files(create_file_system()), manifest_json(*files, root.path()),
          entries(*files, root.path() / ".berth/journal"), room(*files, root.path() / ".berth") {}

    root_folder root;
    std::unique_ptr<file_system> files;
    manifest_file manifest_json;
    journal_folder entries;
    reserve room;
};

class disk_storage final : public root_storage {
public:
    disk_storage(asio::any_io_executor home, asio::thread_pool& pool, root_folder root)
        : home_(home), jobs_(asio::make_strand(pool)), disk_(std::make_shared<disk>(std::move(root))),
          root_(disk_->root.path()), trash_(std::make_shared<trash_remover>(home, jobs_, root_ / ".berth/trash")) {}

    ~disk_storage() override { trash_->close(); }

    const fs::path& root() const override { return root_; }

    void announce(std::string url) override {
        asio::post(jobs_, [d = disk_, url = std::move(url)] { d->root.announce(url); });
    }

    task<result<stored_manifest>> load() override {
        trash_->sweep(); // what a crash left
        return on_disk([](disk& d) {
            d.room.refill();
            auto loaded = d.room.spend_on([&d] { return d.manifest_json.load(); });
            if (auto found = check_surroundings(d.root.path()); found && loaded)
                loaded->problems.push_back(std::move(*found));
            return loaded;
        });
    }

    task<result<>> save(manifest value, save_options options) override {
        return on_disk([value = std::move(value), options](disk& d) {
            auto write = [&] { return d.manifest_json.save(value, options); };
            return options.durable ? d.room.spend_on(write) : write(); // what pm2 says now, it says again later
        });
    }

    task<std::optional<result<manifest>>> reload() override {
        return on_disk([](disk& d) { return d.manifest_json.reload(); });
    }

    task<result<>> trash_app(std::string id) override {
        auto trash = trash_; // should the storage go while the job runs
        auto job = [id = std::move(id)](disk& d) {
            return d.room.spend_on([&] { return berth::trash_app(d.root.path(), id); });
        };
        auto moved = co_await on_disk(std::move(job));
        if (moved)
            trash->sweep();
        co_return moved;
    }

    task<result<>> remove_logs(std::string id) override {
        return on_disk([id = std::move(id)](disk& d) { return berth::remove_logs(d.root.path(), id); });
    }

    task<result<>> journal_put(journal_entry entry) override {
        return on_disk(
            [entry = std::move(entry)](disk& d) { return d.room.spend_on([&] { return d.entries.put(entry); }); });
    }

    task<result<>> journal_erase(std::string id) override {
        return on_disk([id = std::move(id)](disk& d) { return d.room.spend_on([&] { return d.entries.erase(id); }); });
    }

    task<std::vector<journal_entry>> journal() override {
        auto found = co_await on_disk([](disk& d) { return d.entries.read(); });
        for (auto& complaint : found.complaints)
            spdlog::warn("{}", complaint);
        co_return std::move(found.entries);
    }

private:
    template <class Job>
    task<std::invoke_result_t<Job&, disk&>> on_disk(Job job) {
        auto work = [shared = disk_, job = std::move(job)] { return job(*shared); };
        return run_on(jobs_, home_, std::move(work));
    }

    asio::any_io_executor home_;
    trash_remover::queue jobs_;
    std::shared_ptr<disk> disk_;
    fs::path root_;
    std::shared_ptr<trash_remover> trash_;
};

} // namespace

result<std::unique_ptr<root_storage>> create_storage(asio::any_io_executor home, asio::thread_pool& pool,
                                                     const fs::path& root) {
    auto opened = root_folder::open(root);
    if (!opened)
        return opened.error();
    std::unique_ptr<root_storage> made = std::make_unique<disk_storage>(home, pool, std::move(*opened));
    return made;
}

} // namespace berth
