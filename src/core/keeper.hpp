// Keeps manifest.json equal to the registry, and the registry aware of what others wrote into the file.
//
// Writes are shared: whoever needs the disk to have the present state waits for a write that began after he asked, so
// twenty stops at once cost one or two fsyncs. Lives on the reactor; the storage does the work elsewhere.
#pragma once

#include "core/registry.hpp"
#include "core/shared_job.hpp"
#include "core/storage.hpp"

namespace berth {

class keeper {
public:
    keeper(asio::any_io_executor, registry&, storage&);

    /// Fills the registry from the disk. Fails when the root cannot be read.
    task<result<>> open();

    /// Returns when the registry, as it is now, is on the disk and synced. On failure the caller undoes its change.
    task<result<>> durable();

    /// Writes the present state soon, without a sync: for runtime fields.
    void save_soon() { writes_.request(); }

    /// Takes over what somebody wrote into the file, or says where it does not parse.
    task<> look_for_edits();

    /// Writes what is left and stops.
    task<> close();

private:
    task<> write();
    task<result<>> save(bool sync);

    registry& registry_;
    storage& storage_;
    manifest saved_;        // what the file holds, as far as we know
    bool synced_ = true;    // and whether that is synced
    bool doubtful_ = false; // a save failed, perhaps after its text was in place: the file may hold that
    bool sync_wanted_ = false;
    result<> outcome_; // of the last write
    shared_job writes_;
};

} // namespace berth
