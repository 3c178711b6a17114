// An excerpt of a log for whoever reads text and may take it for instructions: without escape codes, bounded, and
// between lines that say whose words these are.
#pragma once

#include "core/logs.hpp"

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

/// Of as many of the lines as there is room for.
task<result<plain_excerpt>> read_plain(log_files&, std::string id, log_stream, log_query);

/// Pure: "--- stdout of brave-otter: …" around the text.
std::string marked(std::string_view stream, std::string_view name, std::string_view text);

} // namespace berth::net::mcp
