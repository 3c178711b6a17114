#include "pm2/bridge_process.hpp"

#include "core/line_splitter.hpp"
#include "pm2/bridge_state.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <array>
#include <utility>

#include <signal.h>

namespace berth {

using namespace std::chrono_literals;

bridge_process::bridge_process(std::unique_ptr<child_process> child, std::function<void(protocol::message&)> on_message)
    : child_(std::move(child)), on_message_(std::move(on_message)), ready_deadline_(child_->input().get_executor()),
      exit_deadline_(child_->input().get_executor()), drain_deadline_(child_->input().get_executor()),
      outbox_filled_(child_->input().get_executor()) {}

task<std::string> bridge_process::run() {
    using namespace asio::experimental::awaitable_operators;
    co_await (read_channel() && read_output() && watch_exit() && watch_ready() && write());
    co_return reason_ ? *reason_ : why_bridge_ended(status_);
}

task<> bridge_process::read_channel() {
    line_splitter lines(protocol::line_limit, line_splitter::overlong::drop);
    std::array<char, 64 * 1024> buffer;
    for (;;) {
        auto space = asio::buffer(buffer);
        auto [failed, size] = co_await child_->channel().async_read_some(space, as_result);
        if (failed)
            break;
        auto before = lines.overlong_lines();
        lines.feed({buffer.data(), size}, [this](std::string_view line) { take(line); });
        if (lines.overlong_lines() != before)
            spdlog::warn("the bridge to pm2 sent a line of more than {} bytes, which was dropped",
                         protocol::line_limit);
    }
    reader_ended();
    if (!exited_) { // it has nothing more to say: it should end
        exit_deadline_.expires_after(1s);
        co_await exit_deadline_.async_wait(as_result);
        if (!exited_)
            child_->signal_group(SIGKILL);
    }
}

void bridge_process::take(std::string_view line) {
    auto message = decoder_.decode(line);
    if (!message) {
        spdlog::warn("the bridge to pm2 sent a line that was dropped: {}", decoder_.why());
        return;
    }
    if (auto* failed = std::get_if<protocol::failed>(&*message)) {
        if (!reason_)
            reason_ = failed->message;
        return;
    }
    if (std::holds_alternative<protocol::ready>(*message)) {
        ready_ = true;
        ready_deadline_.cancel();
    }
    on_message_(*message);
}

task<> bridge_process::read_output() {
    line_splitter lines(2000, line_splitter::overlong::cut);
    auto log = [](std::string_view line) { spdlog::debug("bridge: {}", line); };
    std::array<char, 4096> buffer;
    for (;;) {
        auto space = asio::buffer(buffer);
        auto [failed, size] = co_await child_->output().async_read_some(space, as_result);
        if (failed)
            break;
        lines.feed({buffer.data(), size}, log);
    }
    lines.end(log);
    reader_ended();
}

void bridge_process::reader_ended() {
    if (--readers_ == 0)
        drain_deadline_.cancel();
}

task<> bridge_process::watch_exit() {
    co_await child_->ended();
    exited_ = true;
    status_ = child_->reap();
    exit_deadline_.cancel();
    ready_deadline_.cancel();
    // Its last words may still be in the pipes. They end with it, unless something it started holds them open.
    if (readers_ > 0) {
        drain_deadline_.expires_after(200ms);
        co_await drain_deadline_.async_wait(as_result);
    }
    for (auto* pipe : {&child_->channel(), &child_->output(), &child_->input()}) {
        boost::system::error_code ignored;
        pipe->close(ignored);
    }
    outbox_filled_.cancel();
}

task<> bridge_process::watch_ready() {
    if (!ready_ && !exited_) {
        ready_deadline_.expires_after(20s);
        co_await ready_deadline_.async_wait(as_result);
    }
    if (!ready_ && !exited_)
        kill("pm2's daemon did not answer within 20 s. Berth tries again; pm2.log in pm2's folder may hold the cause.");
}

void bridge_process::send(std::string line) {
    outbox_ += line;
    outbox_filled_.cancel();
}

task<> bridge_process::write() {
    while (!exited_) {
        if (outbox_.empty()) {
            outbox_filled_.expires_at(asio::steady_timer::time_point::max()); // until send(), or the end
            co_await outbox_filled_.async_wait(as_result);
            continue;
        }
        std::string batch = std::exchange(outbox_, {});
        auto bytes = asio::buffer(batch);
        auto [failed, size] = co_await asio::async_write(child_->input(), bytes, as_result);
        if (failed)
            co_return; // it is ending; the requests fail with it
    }
}

void bridge_process::close() {
    boost::system::error_code ignored;
    child_->input().close(ignored);
}

void bridge_process::kill(std::string reason) {
    if (!reason_)
        reason_ = std::move(reason);
    child_->signal_group(SIGKILL);
}

} // namespace berth
