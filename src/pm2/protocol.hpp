// The words between the server and the bridge: one JSON value a line (bridge/bridge.mjs has the other half).
//
// Pure: bytes in, values out. Decoding trusts nothing, for the bridge runs a library that is not ours.
#pragma once

#include "core/process_manager.hpp"

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace berth::protocol {

/// Bytes in one line, either way: 20 apps make 5 KB, a table of 1,000 would be 300 KB.
inline constexpr std::size_t line_limit = 8 * 1024 * 1024;

/// The bridge is connected to pm2's daemon and listens on its bus.
struct ready {
    std::optional<int> daemon_pid;
    std::optional<std::string> version; // of the daemon
};

/// The bridge gives up; it ends right after this.
struct failed {
    std::string message;
};

struct wrote {
    std::string name;
};

/// The answer to a request. Which fields are there depends on what was asked.
struct answer {
    std::uint64_t id = 0;
    std::optional<std::string> error;                  // pm2's words
    std::string code;                                  // with error: the bridge's name for it, may be empty
    std::optional<std::vector<pm2_process>> processes; // list
    std::optional<pm2_run> run;                        // start
};

using message = std::variant<ready, failed, wrote, pm2_event, answer>;

/// Keeps the parser's memory from line to line.
class decoder {
public:
    /// None: the line is not one of ours; why() says what is wrong with it.
    std::optional<message> decode(std::string_view line);
    const std::string& why() const { return why_; }

private:
    simdjson::dom::parser parser_{line_limit};
    std::string why_;
};

// Each with its newline.
std::string encode_list(std::uint64_t id);
std::string encode_start(std::uint64_t id, const start_options&);
/// op: stop or delete.
std::string encode_one(std::uint64_t id, std::string_view op, const pm2_address&);

/// pm2's own word, for example "waiting restart".
pm2_status parse_pm2_status(std::string_view) noexcept;

} // namespace berth::protocol
