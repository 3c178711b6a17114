// An answer before it is bytes: what a handler returns and a connection writes. Pure.
//
// The body is shared, never copied: GET /api/apps hands out the one text of an apps_view to every client, a file of the
// dashboard is one buffer in memory. A download has no body here, nor have events: the connection streams them.
#pragma once

#include "core/error.hpp"
#include "core/logs.hpp"
#include "net/http/event_source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth::net {

using shared_text = std::shared_ptr<const std::string>;

/// A log file, or a part of it: `size` bytes from `from` on, which the file `file` had when the request came.
struct download {
    std::string id;
    log_stream stream = log_stream::out;
    std::uint64_t file = 0;
    std::uint64_t from = 0;
    std::uint64_t size = 0;
};

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view problem_type = "application/problem+json";
inline constexpr std::string_view text_type = "text/plain; charset=utf-8";

struct reply {
    int status = 200;
    std::string_view type;                                        // Content-Type; empty: no body at all. Static text
    std::string_view cache = "no-store";                          // Cache-Control. Static text
    std::vector<std::pair<std::string_view, std::string>> fields; // further ones; the names static text
    shared_text body;                                             // null: empty
    std::optional<net::download> download;                        // instead of the body
    std::shared_ptr<event_source> events;                         // the same, with no length known
    std::shared_ptr<void> room; // what its memory is counted by, given back with it; null: it is shared or small

    std::uint64_t length() const { return download ? download->size : body ? body->size() : 0; }
};

reply json_reply(int status, std::string text);
reply json_reply(shared_text);
/// The problem document of an error.
reply problem_reply(const error&);

struct head_options {
    bool http10 = false;
    bool keep_alive = true;
    std::string_view date; // HTTP's form
};

/// The status line and every field, with the empty line behind them, appended to `out`. Each answer carries the
/// security fields of spec section 11.
void append_head(std::string& out, const reply&, const head_options&);

/// A piece of a body without a length (RFC 9112, 7.1), the empty one at its end; or the text alone.
void append_chunk(std::string& out, std::string_view text, bool chunked);

/// The security fields again, name and value, for the one answer that is not made here: the WebSocket's 101.
const std::vector<std::pair<std::string_view, std::string_view>>& security_fields();

} // namespace berth::net
