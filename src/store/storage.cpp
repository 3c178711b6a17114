#include "store/storage.hpp"

#include "core/worker.hpp"
#include "store/app_files.hpp"
#include "store/app_folders.hpp"
#include "store/disk_meter.hpp"
#include "store/journal.hpp"
#include "store/manifest_file.hpp"
#include "store/reserve.hpp"
#include "store/root_folder.hpp"
#include "store/surroundings.hpp"
#include "store/trash.hpp"

#include <boost/asio/strand.hpp>
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
    std::vector<std::string> complaints; // of the journal, not told yet
};

/// What a Berth that kept deletes in the journal left unfinished: marks in the entries from now on. Where there is no
/// entry any more, a folder that is still there is a stray, and somebody's to judge.
result<> take_over_removals(disk& d, manifest& loaded) {
    auto [creates, found, complaints] = d.entries.read();
    d.complaints = std::move(complaints);
    bool marked = false;
    for (auto& [id, what] : found)
        if (auto it = loaded.apps.find(id); it != loaded.apps.end()) {
            it->second.app.deleting = what;
            marked = true;
        }
    if (marked)
        if (auto saved = d.manifest_json.save(loaded, {}); !saved)
            return saved;
    for (auto& [id, what] : found)
        if (auto erased = d.entries.erase(id); !erased)
            return erased;
    return {};
}

class disk_storage final : public root_storage {
public:
    disk_storage(asio::any_io_executor home, asio::thread_pool& pool, root_folder root)
        : home_(home), pool_(pool.get_executor()), jobs_(asio::make_strand(pool)),
          disk_(std::make_shared<disk>(std::move(root))), root_(disk_->root.path()),
          trash_(std::make_shared<trash>(root_)), meter_(root_) {}

    ~disk_storage() override {
        trash_->close();
        meter_.close();
    }

    const fs::path& root() const override { return root_; }

    void announce(std::string url) override {
        asio::post(jobs_, [d = disk_, url = std::move(url)] { d->root.announce(url); });
    }

    std::function<void()> trash_sweeper() const override {
        return [trash = trash_] { trash->sweep(); };
    }

    task<result<stored_manifest>> load() override {
        auto loaded = co_await on_disk([](disk& d) -> result<stored_manifest> {
            auto found = d.room.spend_on([&d] { return d.manifest_json.load(); });
            if (!found)
                return found;
            if (auto taken = take_over_removals(d, found->value); !taken)
                return taken.error();
            if (auto around = check_surroundings(d.root.path()))
                found->problems.push_back(std::move(*around));
            return found;
        });
        if (loaded) {
            trash_->sweep(); // what a crash left
            meter_.start();
        }
        co_return loaded;
    }

    task<result<>> save(manifest value, save_options options) override {
        return on_disk([value = std::move(value), options](disk& d) {
            return d.room.spend_on([&] { return d.manifest_json.save(value, options); });
        });
    }

    task<std::optional<result<manifest>>> reload() override {
        return on_disk([](disk& d) { return d.manifest_json.reload(); });
    }

    task<result<>> check_removable(std::string id) override {
        return beside([id = std::move(id)](const fs::path& at) { return berth::check_removable(at, id); });
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

    std::vector<std::string> stuck() const override { return trash_->stuck(); }

    task<std::vector<std::string>> strays(std::set<std::string> known) override {
        return beside([known = std::move(known)](const fs::path& at) { return berth::strays(at, known); });
    }

    task<std::vector<std::string>> stray_logs(std::set<std::string> known) override {
        return beside([known = std::move(known)](const fs::path& at) { return berth::stray_logs(at, known); });
    }

    disk_usage usage() const override { return meter_.last(); }

    task<result<bool>> has_package(std::string id) override {
        return beside([id = std::move(id)](const fs::path& at) { return berth::has_package(at, id); });
    }

    task<bool> has_folder(std::string id) override {
        return beside([id = std::move(id)](const fs::path& at) { return berth::has_folder(at, id); });
    }

    task<std::string> last_output(std::string id, bool error, std::int64_t since_ms) override {
        return beside([id = std::move(id), error, since_ms](const fs::path& at) {
            return berth::last_output(at, id, error, since_ms);
        });
    }

    task<result<>> prepare_logs() override {
        return beside([](const fs::path& at) { return berth::prepare_logs(at); });
    }

    task<result<>> remove_logs(std::string id) override {
        return on_disk([id = std::move(id)](disk& d) { return berth::remove_logs(d.root.path(), id); });
    }

    task<result<>> journal_put(std::string id) override {
        return on_disk([id = std::move(id)](disk& d) { return d.room.spend_on([&] { return d.entries.put(id); }); });
    }

    task<result<>> journal_erase(std::string id) override {
        return on_disk([id = std::move(id)](disk& d) { return d.room.spend_on([&] { return d.entries.erase(id); }); });
    }

    task<std::vector<std::string>> journal() override {
        auto found = co_await on_disk([](disk& d) {
            auto all = d.entries.read();
            all.complaints.insert(all.complaints.begin(), d.complaints.begin(), d.complaints.end());
            d.complaints.clear();
            return all;
        });
        for (auto& complaint : found.complaints)
            spdlog::warn("{}", complaint);
        co_return std::move(found.creates);
    }

private:
    /// What must keep its order, or writes.
    template <class Job>
    task<std::invoke_result_t<Job&, disk&>> on_disk(Job job) {
        auto work = [shared = disk_, job = std::move(job)] { return job(*shared); };
        return run_on(jobs_, home_, std::move(work));
    }

    /// What only looks waits for no sync of others.
    template <class Job>
    task<std::invoke_result_t<Job&, const fs::path&>> beside(Job job) {
        auto work = [root = root_, job = std::move(job)] { return job(root); };
        return run_on(pool_, home_, std::move(work));
    }

    asio::any_io_executor home_;
    asio::thread_pool::executor_type pool_;
    asio::strand<asio::thread_pool::executor_type> jobs_;
    std::shared_ptr<disk> disk_;
    fs::path root_;
    std::shared_ptr<trash> trash_;
    mutable disk_meter meter_;
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
