#include "store/background_job.hpp"

#include <sys/resource.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace berth {

using std::chrono::steady_clock;

struct background_job::state {
    background_job::work work;
    steady_clock::duration every;
    std::mutex lock; // of the three below
    std::condition_variable changed;
    bool started = false;
    bool wanted = false;
    bool ended = false;
    std::atomic<bool> stop = false;
};

namespace {

constexpr auto patience = std::chrono::seconds(2);

void lower_priority() {
#ifdef __APPLE__
    ::setpriority(PRIO_DARWIN_THREAD, 0, PRIO_DARWIN_BG);
#else
    ::setpriority(PRIO_PROCESS, 0, 10); // on Linux of this thread alone
#endif
}

} // namespace

background_job::background_job(work w, steady_clock::duration every) : state_(std::make_shared<state>()) {
    state_->work = std::move(w);
    state_->every = every;
}

void background_job::request() {
    std::lock_guard guard(state_->lock);
    if (state_->stop)
        return;
    state_->wanted = true;
    state_->changed.notify_all();
    if (!std::exchange(state_->started, true))
        std::thread([shared = state_] {
            lower_priority();
            run(*shared);
        }).detach(); // close() waits for it
}

void background_job::run(state& s) {
    std::unique_lock guard(s.lock);
    while (!s.stop) {
        s.wanted = false;
        guard.unlock();
        s.work(s.stop);
        guard.lock();
        auto due = [&] { return s.wanted || s.stop; };
        if (s.every == steady_clock::duration::max())
            s.changed.wait(guard, due);
        else
            s.changed.wait_for(guard, s.every, due);
    }
    s.work = {};
    s.ended = true;
    s.changed.notify_all();
}

void background_job::close() {
    std::unique_lock guard(state_->lock);
    state_->stop = true;
    state_->changed.notify_all();
    if (state_->started)
        state_->changed.wait_for(guard, patience, [this] { return state_->ended; });
}

} // namespace berth
