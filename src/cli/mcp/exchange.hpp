// One request of the protocol's Streamable HTTP and what comes back, message by message: a JSON document, or a stream
// of server-sent events for as long as the server keeps it open. One connection each, on the command's reactor.
#pragma once

#include "cli/address.hpp"
#include "cli/failure.hpp"
#include "core/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace berth::cli::mcp {

struct request {
    std::string method = "POST"; // POST, GET (the session's stream) or DELETE (its end)
    std::string body = {};       // of POST: one message
    std::string session = {};    // empty: none yet
    std::string revision = {};   // empty: not agreed yet
    std::string after = {};      // of GET: the id of the last event that was read; empty: from now on
};

struct head {
    int status = 0;
    std::string session; // of the answer to initialize
    bool stream = false; // events follow; else one document, or nothing
};

class exchange {
public:
    virtual ~exchange() = default;

    /// Within 2 s an address. Fails with exit_code::no_server, and then nothing was sent.
    virtual task<outcome<>> connect() = 0;
    /// Sends, and reads the head of the answer. Fails when the connection ends before, or a minute passes: whether the
    /// request was carried out is then unknown.
    virtual task<outcome<head>> send(request) = 0;
    /// The next message, or the document as it is; none at the answer's end. Fails when the connection ends before it,
    /// when the server is silent for a minute (it sends a comment every 15 s), and when a message is over 16 MiB.
    virtual task<outcome<std::optional<std::string>>> next() = 0;

    /// Of the events so far. Empty: the stream cannot be continued.
    virtual std::string last_event() const = 0;
    /// What the server wants between the end of a stream and its continuation.
    virtual std::optional<std::chrono::milliseconds> retry() const = 0;
};

std::unique_ptr<exchange> create_exchange(asio::any_io_executor, server_address);

} // namespace berth::cli::mcp
