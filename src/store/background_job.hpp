// Work on the disk that nobody waits for: done by a thread of its own, at low priority, so that it holds up neither the
// reactor nor the jobs that clients wait for. Two runs never overlap; a request that comes during one makes another.
//
// The work must own all that it touches: at close() a thread that the disk holds is left behind, and the process ends
// without it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace berth {

class background_job {
public:
    /// Ends soon once the flag is true.
    using work = std::function<void(const std::atomic<bool>& stop)>;

    /// Runs when asked; after that also by itself, `every` so long after the end of the last run. There is no thread
    /// before the first request.
    explicit background_job(work,
                            std::chrono::steady_clock::duration every = std::chrono::steady_clock::duration::max());
    background_job(const background_job&) = delete;
    ~background_job() { close(); }

    void request();
    /// The run under way is told to stop, and waited for: two seconds at most.
    void close();

private:
    struct state;
    static void run(state&);
    std::shared_ptr<state> state_;
};

} // namespace berth
