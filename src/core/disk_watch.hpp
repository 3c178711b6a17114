// Tells clients what lies on the disk and should not: folders that no entry owns, and what could not be removed from
// the trash. Removes the logs of apps that are gone: pm2 begins them anew for one that was deleted while it was
// resurrected. Looked for a few times a minute: nothing announces either.
//
// Lives on the reactor, as one coroutine that ends soon after close() and touches nothing of the owner any more.
#pragma once

#include "core/registry.hpp"
#include "core/storage.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace berth {

class disk_watch {
public:
    using ids = std::function<std::set<std::string>()>;

    /// `housed`: the ids that may have a folder in the root. `logged`: those that may have logs. In both, also what is
    /// still being made or cleared away.
    disk_watch(asio::any_io_executor, registry&, storage&, ids housed, ids logged);
    ~disk_watch() { close(); }

    void close();

private:
    struct shared;
    static task<> run(std::shared_ptr<shared>);

    std::shared_ptr<shared> shared_;
};

/// The problems' sentences; empty where nothing is wrong.
std::string stray_folders(const std::vector<std::string>& names);
std::string stuck_trash(const std::vector<std::string>& what);

} // namespace berth
