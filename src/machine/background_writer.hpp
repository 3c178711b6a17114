// Writes text to a descriptor that somebody else reads, or does not: a log that goes into a pipe whose reader sleeps, a
// terminal stopped with Ctrl-S, a file on a disk that hangs. Whoever writes here never waits.
//
// A thread of its own does the writing and may be stuck in it for ever. What waits for it is bounded; what comes beyond
// is dropped, and the place says how many lines are missing. The end of the writer (and of the program) waits only as
// long as somebody reads.
//
// Rejected: a descriptor that does not block (the flag belongs to everybody who shares it, the user's shell included),
// asking poll() first (another writer may take the room), and spdlog's asynchronous logger (its end joins the thread).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace berth {

class background_writer {
public:
    static constexpr std::size_t usual_limit = std::size_t{512} << 10;

    /// `fd` stays the caller's, and open while the program runs. `limit`: bytes that may wait, of each of two buffers.
    /// `make_room` is called by the thread that writes, before each piece, with its bytes.
    explicit background_writer(int fd, std::size_t limit = usual_limit,
                               std::function<void(std::size_t)> make_room = {});
    /// flush(), then leaves the thread to itself.
    ~background_writer();
    background_writer(const background_writer&) = delete;

    /// Whole lines, each with its newline. Any thread.
    void write(std::string_view lines);

    /// Returns when all is written, or nothing was for `patience`.
    void flush(std::chrono::milliseconds patience = std::chrono::milliseconds(200));

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

} // namespace berth
