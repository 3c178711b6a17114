// The disk behind core/storage.hpp: the root with its lock, the manifest, app folders and the journal as one.
#pragma once

#include "core/storage.hpp"

#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <string>

namespace berth {

/// What only main needs beyond core's storage.
class root_storage : public storage {
public:
    /// For the message of a second server on the same root: where this one can be reached. Returns at once.
    virtual void announce(std::string url) = 0;
    /// Has the trash emptied in the background, and returns at once; any thread, also after this object.
    virtual std::function<void()> trash_sweeper() const = 0;
};

/// Makes the folders and takes the lock; blocks, so at start only. Fails in words when the root cannot be used or
/// another server has it. `home` is the reactor. Jobs are done on the pool, one at a time, in order; the pool is joined
/// before the reactor's io_context goes, and destroyed after it.
result<std::unique_ptr<root_storage>> create_storage(asio::any_io_executor home, asio::thread_pool&,
                                                     const std::filesystem::path& root);

} // namespace berth
