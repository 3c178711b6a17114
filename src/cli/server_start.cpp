#include "cli/server_start.hpp"

#include "cli/detached.hpp"
#include "cli/own_program.hpp"

#include <fmt/format.h>

#include <sys/wait.h>

#include <fstream>

namespace berth::cli {
namespace {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

constexpr std::chrono::seconds start_deadline{30};
/// Another one may have the root, and be about to answer.
constexpr std::chrono::seconds after_its_end{5};
constexpr std::chrono::milliseconds between_looks{20};
constexpr std::uintmax_t log_limit = 4 * 1024 * 1024; // bytes; beyond, the next start begins it anew

task<bool> answers(session& s) {
    http_request request;
    request.method = "GET";
    request.target = "/api/health";
    request.deadline = std::chrono::seconds(5);
    auto health = co_await ask(s, std::move(request));
    co_return health.has_value();
}

std::string last_line(const fs::path& file) {
    std::ifstream log(file);
    std::string last;
    for (std::string line; std::getline(log, line);)
        if (!line.empty())
            last = std::move(line);
    constexpr std::string_view own_name = "berth: ";
    return last.starts_with(own_name) ? last.substr(own_name.size()) : last;
}

outcome<fs::path> ready_log(const fs::path& root) {
    std::error_code failure;
    auto ours = root / ".berth";
    if (!fs::exists(ours, failure)) {
        fs::create_directories(root, failure);
        fs::create_directory(ours, failure);
        fs::permissions(ours, fs::perms::owner_all, failure);
    }
    if (failure)
        return failed(fmt::format("{} cannot be used as Berth's folder: {}", root.native(), failure.message()));
    auto log = ours / "serve.log";
    if (auto size = fs::file_size(log, failure); !failure && size > log_limit)
        fs::resize_file(log, 0, failure);
    return log;
}

} // namespace

task<outcome<>> start_server(session& s, fs::path root) {
    auto log = ready_log(root);
    if (log.has_error())
        co_return log.error();
    detached_options server;
    server.command = {own_program(), "serve", "--root", root.string(), "--port", std::to_string(s.server.port)};
    server.output = *log;
    server.working_directory = root;
    auto pid = start_detached(server);
    if (pid.has_error())
        co_return pid.error();
    bool ended = false;
    auto end = steady::now() + start_deadline;
    while (steady::now() < end) {
        if (co_await answers(s))
            co_return outcome<>();
        int status = 0;
        if (!ended && ::waitpid(*pid, &status, WNOHANG) == *pid) {
            ended = true;
            end = std::min(end, steady::now() + after_its_end);
        }
        co_await pause(s, between_looks);
    }
    auto said = ended ? last_line(*log) : std::string("it does not answer");
    co_return failed(
        fmt::format("a server for {} could not be started: {} (more in {})", root.native(), said, log->native()));
}

} // namespace berth::cli
