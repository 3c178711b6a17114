#include "machine/background_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

namespace berth {

/// The thread keeps it alive: it may outlive the writer.
struct background_writer::shared {
    shared(int to, std::size_t bytes, std::function<void(std::size_t)> before)
        : fd(to), limit(bytes), make_room(std::move(before)) {}

    const int fd;
    const std::size_t limit;
    const std::function<void(std::size_t)> make_room;
    std::mutex mutex;
    std::condition_variable changed;
    std::string waiting;
    std::size_t lost = 0;     // lines, after what waits
    std::size_t progress = 0; // counts what was written, to see whether something moves
    bool writing = false;
    bool ended = false;

    bool idle() const { return waiting.empty() && lost == 0 && !writing; }

    std::string take() {
        std::unique_lock lock(mutex);
        writing = false;
        changed.notify_all();
        changed.wait(lock, [&] { return !waiting.empty() || lost > 0 || ended; });
        auto taken = std::exchange(waiting, {});
        if (auto missing = std::exchange(lost, 0))
            taken += "... " + std::to_string(missing) + (missing == 1 ? " line is" : " lines are") +
                     " missing here: nobody read them in time\n";
        writing = !taken.empty();
        return taken;
    }

    /// What cannot be written is lost: whoever read it has gone.
    void put(std::string_view text) {
        if (make_room)
            make_room(text.size());
        while (!text.empty()) {
            auto n = ::write(fd, text.data(), text.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) { // somebody has set the flag
                pollfd room{fd, POLLOUT, 0};
                ::poll(&room, 1, -1);
                continue;
            }
            if (n < 0)
                return;
            text.remove_prefix(static_cast<std::size_t>(n));
            std::lock_guard lock(mutex);
            ++progress;
            changed.notify_all();
        }
    }

    void run() {
        for (auto text = take(); !text.empty(); text = take())
            put(text);
    }
};

background_writer::background_writer(int fd, std::size_t limit, std::function<void(std::size_t)> make_room)
    : shared_(std::make_shared<shared>(fd, limit, std::move(make_room))) {
    // Signals are for the thread that waits for them.
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([state = shared_] { state->run(); }).detach();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

background_writer::~background_writer() {
    flush();
    std::lock_guard lock(shared_->mutex);
    shared_->ended = true;
    shared_->changed.notify_all();
}

void background_writer::write(std::string_view lines) {
    std::lock_guard lock(shared_->mutex);
    // After a loss nothing more is taken until the thread has said so: the lines keep their order.
    if (shared_->lost > 0 || shared_->waiting.size() + lines.size() > shared_->limit)
        shared_->lost += static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    else
        shared_->waiting += lines;
    shared_->changed.notify_all();
}

void background_writer::flush(std::chrono::milliseconds patience) {
    std::unique_lock lock(shared_->mutex);
    while (!shared_->idle()) {
        auto before = shared_->progress;
        auto moved = [&] { return shared_->idle() || shared_->progress != before; };
        if (!shared_->changed.wait_for(lock, patience, moved))
            return;
    }
}

} // namespace berth
