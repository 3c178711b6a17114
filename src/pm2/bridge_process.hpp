// One life of the bridge: its process, the lines that go in and come out, and its end.
//
// Lives on the reactor; bridge.cpp makes one after another. Nothing here waits without a deadline: the bridge has 20 s
// to connect (pm2's daemon may have to be started on a busy machine), and 1 s to end once it has closed its side.
#pragma once

#include "core/child_process.hpp"
#include "pm2/protocol.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace berth {

class bridge_process {
public:
    /// on_message is called for each valid line, from inside run().
    bridge_process(std::unique_ptr<child_process>, std::function<void(protocol::message&)> on_message);

    /// Until the process has ended and was collected. Returns why, for people.
    task<std::string> run();

    /// A line for its stdin. Bounded by the caller, who waits for an answer to each.
    void send(std::string line);

    /// Asks it to end: closes its stdin.
    void close();
    /// Ends it, for this reason.
    void kill(std::string reason);

    int pid() const { return child_->pid(); }

private:
    task<> read_channel();
    task<> read_output();
    task<> watch_exit();
    task<> watch_ready();
    task<> write();
    void take(std::string_view line);
    void reader_ended();

    std::unique_ptr<child_process> child_;
    std::function<void(protocol::message&)> on_message_;
    protocol::decoder decoder_;
    std::string outbox_;
    bool ready_ = false;
    bool exited_ = false;
    int readers_ = 2;
    asio::steady_timer ready_deadline_, exit_deadline_, drain_deadline_, outbox_filled_;
    std::optional<std::string> reason_;
    exit_status status_;
};

} // namespace berth
