// The way to the server's /mcp: connections, the session, and both made anew when they are lost. Lives on the command's
// reactor.
//
// A server that was restarted knows no session any more and says so (404) before it does anything; then what the client
// said at its start is said again, subscriptions included, and the request is sent once more. The client notices
// nothing. What was under way when a server died is not repeated: it may have been done.
#pragma once

#include "cli/mcp/exchange.hpp"
#include "cli/session.hpp"
#include "core/turns.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>

namespace berth::cli::mcp {

struct reply {
    std::unique_ptr<exchange> rest; // the answer's messages
    head said;
};

/// Of a request whose answer will not come.
failure lost();

class link {
public:
    /// Where no server answers, one is started for `root`. `on_renewed` is told of each session that was begun anew.
    link(session&, std::filesystem::path root, std::function<void()> on_renewed);

    /// The client's own `initialize`: a session of its own, once begun() says so.
    task<outcome<reply>> initialize(std::string message);
    void begun(std::string session, std::string revision);
    void initialized(std::string message) { initialized_ = std::move(message); }

    /// Within the session. Fails with words for the client.
    task<outcome<reply>> post(std::string message);

    /// The session's stream; `after`: what goes on behind this event. Starts no server.
    task<outcome<reply>> listen(std::string after);

    /// Begins the session anew, unless another has done so since it was the one of this number.
    task<outcome<>> renew(std::uint64_t number);
    std::uint64_t number() const { return number_; }

    /// Ends the session, within a second.
    task<> end();

    std::set<std::string> subscriptions; // URIs, to be said again in a new session

private:
    task<outcome<std::unique_ptr<exchange>>> connect();
    task<outcome<>> started();
    task<outcome<reply>> sent(std::string message, bool in_session);
    task<outcome<>> begin_anew();
    request with_session(request) const;

    session& s_;
    std::filesystem::path root_;
    std::function<void()> on_renewed_;
    std::string initialize_, initialized_; // as the client said them
    std::string session_, revision_;
    std::uint64_t number_ = 0; // of the session: counts up
    bool was_there_ = false;   // a server has answered
    bool never_ = false;       // for turns: nobody gives up
    turns starting_, renewing_;
};

} // namespace berth::cli::mcp
