#include "cli/server_health.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

task<outcome<std::string>> health_within(session& s, std::chrono::seconds deadline) {
    http_request request;
    request.method = "GET";
    request.target = "/api/health";
    request.deadline = deadline;
    co_return co_await ask(s, std::move(request));
}

} // namespace

task<outcome<server_facts>> ask_server(session& s, std::chrono::seconds deadline) {
    auto health = co_await health_within(s, deadline);
    co_return read_health(s.server, health);
}

outcome<server_facts> read_health(const server_address& server, const outcome<std::string>& health) {
    if (health.has_error())
        return health.error();
    auto told = nlohmann::json::parse(*health, nullptr, false);
    bool berth = told.is_object() && told.contains("pm2") && told.contains("version") && told["version"].is_string();
    if (!berth)
        return not_berth(server);
    bool says_root = told.contains("root") && told["root"].is_string();
    return server_facts{told["version"].get<std::string>(), says_root ? told["root"].get<std::string>() : ""};
}

task<failure> who_answers(session& s) {
    auto health = co_await health_within(s, std::chrono::seconds(2));
    co_return stranger(s.server, health);
}

failure stranger(const server_address& server, const outcome<std::string>& health) {
    auto told = read_health(server, health);
    if (told.has_error())
        return not_berth(server);
    if (told->version == BERTH_VERSION)
        return failed(fmt::format("Berth {} at {} answered what this berth, of the same version, does not understand; "
                                  "start it again with: berth down, and berth up",
                                  visible(told->version), server.url()));
    return failed(fmt::format("the server at {} is Berth {}, and this is berth {}: they do not understand each other; "
                              "start the server again with this one, or call that one",
                              server.url(), visible(told->version), BERTH_VERSION));
}

} // namespace berth::cli
