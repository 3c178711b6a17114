// .berth/trash/: what waits there to be removed, and what could not be. A folder gets there by one rename
// (app_folders.hpp), so that a delete is answered at once, and is removed by a thread in the background. What a crash
// leaves is removed at the next start; what cannot be removed is tried again every five minutes.
#pragma once

#include "store/background_job.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace berth {

class trash {
public:
    explicit trash(std::filesystem::path root);

    /// Removes what is in it now, and returns at once. Any thread.
    void sweep() { job_.request(); }
    void close() { job_.close(); }

    /// See storage::stuck. Any thread.
    std::vector<std::string> stuck() const;

private:
    struct list {
        mutable std::mutex lock;
        std::vector<std::string> lines;
    };
    static background_job::work sweeper(std::filesystem::path root, std::shared_ptr<list>);

    std::shared_ptr<list> stuck_;
    background_job job_;
};

} // namespace berth
