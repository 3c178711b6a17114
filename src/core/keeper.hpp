// Keeps manifest.json equal to the registry, and the registry aware of what others wrote into the file.
//
// What matters (static fields, intents, marks, statuses) is written soon after it changed; figures that only flutter
// (memory, processor) go with it, or by themselves every 30 s. Every write is durable. Rejected: writing figures
// without a sync, as often as they change. It needed a second copy of the last durable manifest, and rules for which
// counts.
//
// Writes are shared: whoever needs the disk to have the present state waits for a write that began after he asked, so
// twenty stops at once cost one or two fsyncs. What the disk refused is tried again every 30 s, without being asked
// for.
//
// Lives on the reactor; the storage does the work elsewhere.
#pragma once

#include "core/registry.hpp"
#include "core/shared_job.hpp"
#include "core/storage.hpp"

#include <chrono>
#include <optional>

namespace berth {

class keeper {
public:
    keeper(asio::any_io_executor, registry&, storage&,
           std::chrono::steady_clock::duration figures_every = std::chrono::seconds(30));

    /// Fills the registry from the disk. Fails when the root cannot be read.
    task<result<>> open();

    /// Returns when the registry, as it is now but for figures, is on the disk. On failure the caller undoes its
    /// change.
    task<result<>> durable();
    /// After any change: has it written when it is time, and does not wait.
    void save_soon();
    /// Takes over what somebody wrote into the file, or says where it does not parse.
    task<> look_for_edits();

    /// Writes what is left and stops.
    task<> close();

private:
    task<> write();
    task<result<>> save();
    bool clean() const;
    bool due() const;
    void wait_for_later();

    registry& registry_;
    storage& storage_;
    manifest saved_;        // what the file holds, as far as we know
    bool doubtful_ = false; // a save failed, perhaps after its text was in place: the file may hold that
    result<> outcome_;      // of the last write
    std::chrono::steady_clock::duration figures_every_;
    std::optional<std::chrono::steady_clock::time_point> tried_at_; // when the last save began
    asio::steady_timer later_;
    bool waiting_ = false; // for it
    bool closed_ = false;
    shared_job writes_;
};

} // namespace berth
