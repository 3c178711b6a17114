// mcp: the server's Model Context Protocol over stdin and stdout, for clients that start a program.
#include "cli/commands.hpp"
#include "cli/mcp/relay.hpp"

#include <unistd.h>

namespace berth::cli {

task<outcome<int>> run_mcp(session& s, mcp_command wish) {
    constexpr std::size_t longest_line = 4 * 1024 * 1024; // bytes; of a longer one not even its id is known
    mcp::line_source lines(s.executor, STDIN_FILENO, longest_line);
    std::error_code failure;
    auto root = std::filesystem::absolute(wish.root, failure);
    if (failure) {
        auto why = failed("the working directory cannot be read: " + failure.message());
        co_return why;
    }
    auto relay = std::make_shared<mcp::relay>(s, root.lexically_normal());
    co_await relay->run(lines);
    co_return exit_code::done;
}

} // namespace berth::cli
