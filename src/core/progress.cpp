#include "core/progress.hpp"

#include <utility>

namespace berth {
namespace {

constexpr auto between_lines = std::chrono::milliseconds(100);

} // namespace

progress::progress(asio::any_io_executor executor, const registry& r)
    : registry_(r), later_(executor), ended_(executor) {
    ended_.expires_at(std::chrono::steady_clock::time_point::max());
}

void progress::tell(operation::phase phase) {
    shown.at = phase;
    told_at_ = std::chrono::steady_clock::now();
    if (auto watcher = registry_.watcher())
        watcher->on_operation(shown);
}

void progress::line(std::string_view text) {
    shown.line = std::string(text);
    if (std::exchange(line_waits_, true))
        return;
    later_.expires_at(told_at_ + between_lines);
    later_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
        if (!std::exchange(self->line_waits_, false) || ec || self->finished_)
            return;
        self->tell(self->shown.at);
    });
}

void progress::end(operation::phase phase) {
    finished_ = true;
    later_.cancel();
    tell(phase);
    ended_.cancel();
}

task<> progress::wait() {
    while (!finished_)
        co_await ended_.async_wait(as_result);
}

} // namespace berth
