// How much disk Berth's folders take. Adding that up means to look at every file (half a million for 20 apps: a second
// and more), so it is done by a thread in the background, and what is told is what it found last.
#pragma once

#include "core/storage.hpp"
#include "store/background_job.hpp"

#include <memory>
#include <mutex>

namespace berth {

class disk_meter {
public:
    explicit disk_meter(std::filesystem::path root);

    void start() { (void)last(); }
    void close() { job_.close(); }

    /// What was found last. Where that is over five minutes old it is looked anew, and who asks later is told.
    /// One thread at a time.
    disk_usage last();

private:
    struct shared {
        std::mutex lock;
        disk_usage found;
    };
    std::shared_ptr<shared> shared_;
    std::chrono::steady_clock::time_point asked_; // for the last walk
    background_job job_;
};

/// Bytes on the disk of all that is in the open folder and on its mount. Of a file with several names (hard links: apps
/// that were copied from one another share their packages) each name bears its share, so the sum over all folders is
/// what they take together. None: `stop` became true, or the folder cannot be read.
std::optional<std::uint64_t> bytes_in(int folder, const std::atomic<bool>& stop);

} // namespace berth
