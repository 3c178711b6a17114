// Passes messages between a client that has started this program, on stdin and stdout, and the server's /mcp. Requests
// side by side, everything else in order. Lives on the command's reactor, and as long as anything of it is under way.
#pragma once

#include "cli/mcp/line_source.hpp"
#include "cli/mcp/link.hpp"
#include "cli/mcp/message.hpp"

#include <map>
#include <memory>

#include <boost/asio/steady_timer.hpp>

namespace berth::cli::mcp {

class relay : public std::enable_shared_from_this<relay> {
public:
    relay(session&, std::filesystem::path root);
    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;

    /// Returns when there are no more lines, the answers on their way have come (or a second has passed), and the
    /// session is ended.
    task<> run(line_source&);

private:
    /// A request of the client's that is not answered yet.
    struct call {
        bool accepted = false;  // the server has it: a cancellation will find it
        bool cancelled = false; // nobody waits for its answer
        std::string cancel;     // held back until it is accepted
    };

    task<> take(std::string line);
    task<> ask(message, std::string line, std::shared_ptr<call>);
    task<outcome<>> answered(const message&, std::string line, call&);
    task<outcome<>> pass_on(const message&, reply, call&);
    task<outcome<reply>> continuation(exchange& broken);
    task<> tell(message, std::string line);
    task<> cancel(message, std::string line);
    task<> listen();
    void note_subscription(const message&);
    void print(std::string json);
    void renewed();

    session& s_;
    link link_;
    std::map<std::string, std::shared_ptr<call>> under_way_; // by id
    asio::steady_timer settled_;                             // cancelled when nothing is under way any more
    bool listening_ = false;
};

} // namespace berth::cli::mcp
