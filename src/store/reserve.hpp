// Room kept back for the day when the disk is full. Berth is then what frees it again (stop what writes, delete an app
// of 500 MB), and to note either takes a few kilobytes that nobody else would leave.
//
// Eight files of 64 KiB, .berth/reserve.1 to .8: what was given back and not needed is taken again part by part, and a
// disk that is still full costs one refused write. Rejected: one file that shrinks (a truncation may itself need room
// where blocks are copied on write).
//
// Blocks: worker threads only, one call at a time.
#pragma once

#include "store/file_system.hpp"

namespace berth {

class reserve {
public:
    static constexpr int parts = 8;
    static constexpr std::size_t part_size = 64 * 1024; // bytes

    /// The folder exists. `files` must outlive it. Nothing is kept before the first refill().
    reserve(file_system& files, std::filesystem::path folder) : files_(files), folder_(std::move(folder)) {}

    /// Takes what is missing, as far as the disk allows.
    void refill();

    /// Does the job, which returns a result. If storage fails it, all the room is given back, and it is done once more:
    /// whatever the reason, since a quota or a full table of inodes have errors and counters of their own.
    template <class Job>
    std::invoke_result_t<Job&> spend_on(Job job) {
        auto done = job();
        if (!done && done.error().code == errc::storage_failed && give_back())
            done = job();
        refill();
        return done;
    }

private:
    std::filesystem::path part(int) const;
    bool take(const std::filesystem::path&);
    bool give_back();

    file_system& files_;
    std::filesystem::path folder_;
    int kept_ = 0; // parts 1 to kept_ are on the disk
};

} // namespace berth
