// mcp install: tells the programs that agents live in of `berth mcp`.
#include "cli/commands.hpp"
#include "cli/mcp/client_config.hpp"
#include "cli/own_program.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace berth::cli {
namespace {

namespace fs = std::filesystem;

mcp::start_command start_of(const session& s, const mcp_install_command& wish) {
    mcp::start_command start{own_program().string(), {"mcp"}};
    if (s.server.url() != server_address().url())
        start.arguments.insert(start.arguments.end(), {"--url", s.server.url()});
    if (!wish.root.empty())
        start.arguments.insert(start.arguments.end(), {"--root", fs::absolute(wish.root).lexically_normal().string()});
    return start;
}

outcome<std::string> read_file(const fs::path& file) {
    std::error_code failure;
    if (!fs::exists(file, failure) && !failure)
        return std::string();
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    if (failure || !in)
        return failed(fmt::format("{} cannot be read", visible(file.string())));
    return text.str();
}

/// Whole or not at all; through a link, to where it points.
outcome<> write_file(const fs::path& file, const std::string& text) {
    std::error_code failure;
    fs::create_directories(file.parent_path(), failure);
    auto real = fs::weakly_canonical(file, failure);
    auto beside = real;
    beside += fmt::format(".{}.berth", ::getpid());
    {
        std::ofstream out(beside, std::ios::binary);
        out << text << std::flush;
        if (!out)
            failure = std::make_error_code(std::errc::io_error);
    }
    if (auto was = fs::status(real); !failure && fs::exists(was))
        fs::permissions(beside, was.permissions(), failure);
    if (!failure)
        fs::rename(beside, real, failure);
    if (!failure)
        return outcome<>();
    std::error_code ignored;
    fs::remove(beside, ignored);
    return failed(fmt::format("{} cannot be written: {}", visible(file.string()), failure.message()));
}

/// What is to stand in the file, for a person to put there.
void show(session& s, const mcp::client& which, const mcp::start_command& start) {
    auto text = mcp::with_berth(which, "", start);
    s.out.print(fmt::format("{}, in {}:\n\n{}\n{}\n\n", which.title, visible(which.file.string()),
                            text.has_value() ? *text : std::string(), visible(which.hint)));
}

outcome<int> install(session& s, const mcp::client& which, const mcp::start_command& start) {
    auto before = read_file(which.file);
    if (before.has_error())
        return before.error();
    auto after = mcp::with_berth(which, *before, start);
    if (after.has_error()) {
        show(s, which, start);
        return failed(
            fmt::format("{}: {}; the text to put there is above", visible(which.file.string()), after.error().text));
    }
    if (*after == *before) {
        s.out.print(fmt::format("{} has it already\n", visible(which.file.string())));
        return exit_code::done;
    }
    auto written = write_file(which.file, *after);
    if (written.has_error())
        return written.error();
    s.out.print(fmt::format("wrote {}: {} will start berth from it\n{}\n", visible(which.file.string()), which.title,
                            visible(which.hint)));
    return exit_code::done;
}

} // namespace

task<outcome<int>> run_mcp_install(session& s, mcp_install_command wish) {
    auto* codex = std::getenv("CODEX_HOME");
    auto start = start_of(s, wish);
    mcp::folders where{look_at_environment().home, fs::current_path(), codex ? codex : ""};
    outcome<int> done = exit_code::done;
    for (auto& which : mcp::known_clients(where, start)) {
        if (!wish.client.empty() && wish.client != which.name)
            continue;
        if (wish.client.empty() || wish.dry_run)
            show(s, which, start);
        else
            done = install(s, which, start);
    }
    co_return done;
}

} // namespace berth::cli
