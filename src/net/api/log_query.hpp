// What GET /api/apps/{id}/logs takes, and its answer's text. Pure.
#pragma once

#include "core/logs.hpp"
#include "net/http/target.hpp"

#include <string>

namespace berth::net {

struct logs_query {
    log_query out, err;
};

/// `tail`, `grep`, `regex`, `after` and `since` of a target (check_query() is the caller's). errc::invalid_request names the parameter.
result<logs_query> parse_logs_query(const target&);

/// The answer: both streams as valid UTF-8. 1 MiB of control characters makes 6 MiB of it, which takes milliseconds:
/// not for the reactor.
std::string logs_json(const log_excerpt& out, const log_excerpt& err);

} // namespace berth::net
