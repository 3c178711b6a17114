// Who answers where a server is looked for: the one question that every command may ask first.
#pragma once

#include "cli/session.hpp"

#include <chrono>
#include <string>

namespace berth::cli {

struct server_facts {
    std::string version;
    std::string root; // absolute
};

/// Fails with exit_code::no_server when nobody listens, the same and `foreign` when it is not Berth, and as
/// http_client::send does.
task<outcome<server_facts>> ask_server(session&, std::chrono::seconds deadline = std::chrono::seconds(5));
/// Pure. `health` is what was said to GET /api/health, or a failure.
outcome<server_facts> read_health(const server_address&, const outcome<std::string>& health);

/// What to say where an answer was not understood: that it is not Berth, or which version of it.
task<failure> who_answers(session&);
/// Pure.
failure stranger(const server_address&, const outcome<std::string>& health);

} // namespace berth::cli
