// Excerpts of logs for whoever reads text and may take it for instructions: without escape codes, bounded, and between
// lines that say whose words these are.
//
// Read and made plain on the worker pool, in room that is counted: clients that ask and never read the answers cost a
// bounded amount, however many they are (net/http/room.hpp).
#pragma once

#include "core/logs.hpp"
#include "net/http/room.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace berth::net::mcp {

/// Both streams, as they are called.
inline constexpr std::pair<log_stream, std::string_view> log_streams[] = {{log_stream::out, "stdout"},
                                                                          {log_stream::error, "stderr"}};

struct plain_excerpt {
    std::string text;       // whole lines, valid UTF-8, at most 64 KiB
    std::uint64_t next = 0; // as log_excerpt has it
};

class plain_logs {
public:
    /// All must outlive it and its tasks. `patience`: with clients that hold the room of others.
    plain_logs(log_files&, asio::any_io_executor home, asio::any_io_executor workers,
               std::chrono::milliseconds patience);

    /// For one answer, to be held until it is sent. errc::too_many_connections: there is none.
    task<result<std::shared_ptr<void>>> take_room();

    /// Of as many of the lines as fit.
    task<result<plain_excerpt>> read(std::string id, log_stream, log_query);

private:
    log_files& logs_;
    asio::any_io_executor home_;
    asio::any_io_executor workers_;
    std::chrono::milliseconds patience_;
    room room_;
};

/// Pure: the lines between "--- stdout of brave-otter: … ---" and its end, each behind a "| ", so that none of them can
/// pass for an end or for anything of ours.
std::string marked(std::string_view stream, std::string_view name, std::string_view text);

} // namespace berth::net::mcp
