#include "cli/server_start.hpp"

#include "cli/detached.hpp"
#include "cli/own_program.hpp"
#include "cli/root_holder.hpp"
#include "cli/server_health.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace berth::cli {
namespace {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

constexpr std::chrono::seconds start_deadline{30};
constexpr std::chrono::milliseconds between_looks{20};

/// What the server says to whoever started it.
class starting_words {
public:
    bool open() {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            return false;
        read_ = unique_fd(ends[0]);
        write_ = unique_fd(ends[1]);
        ::fcntl(read_.get(), F_SETFD, FD_CLOEXEC);
        ::fcntl(read_.get(), F_SETFL, O_NONBLOCK);
        ::fcntl(write_.get(), F_SETFD, FD_CLOEXEC);
        return true;
    }
    int for_server() const { return write_.get(); }
    void server_has_it() { write_ = unique_fd(); }

    void take() {
        constexpr std::size_t most = 64 * 1024;
        std::array<char, 4096> block{};
        for (ssize_t n; (n = ::read(read_.get(), block.data(), block.size())) > 0;)
            text_.append(block.data(), static_cast<std::size_t>(n));
        if (text_.size() > most)
            text_.erase(0, text_.size() - most);
    }

    std::string last_line() const {
        auto end = text_.find_last_not_of("\r\n");
        if (end == text_.npos)
            return {};
        auto before = text_.find_last_of("\r\n", end);
        auto begin = before == text_.npos ? 0 : before + 1;
        auto line = text_.substr(begin, end + 1 - begin);
        constexpr std::string_view own_name = "berth: ";
        return line.starts_with(own_name) ? line.substr(own_name.size()) : line;
    }

private:
    unique_fd read_, write_;
    std::string text_;
};

std::string how_it_ended(int status) {
    return WIFSIGNALED(status) ? fmt::format("it was ended by signal {}", WTERMSIG(status))
                               : fmt::format("it ended with code {}", WEXITSTATUS(status));
}

failure not_started(const fs::path& root, const std::string& why) {
    auto log = root / ".berth/server.log";
    std::error_code ignored;
    auto more = fs::exists(log, ignored) ? fmt::format(" (more in {})", visible(log.native())) : std::string();
    return failed(fmt::format("a server for {} could not be started: {}{}", visible(root.native()), visible(why), more));
}

/// Another one has the root, and is about to answer where this one was to.
bool another_comes(const session& s, const fs::path& root) {
    auto holder = root_holder::of(root);
    if (holder.has_error() || !*holder)
        return false;
    auto where = parse_address((*holder)->url(), "the lock");
    return (*holder)->url().empty() || (where.has_value() && where->port == s.server.port);
}

} // namespace

outcome<fs::path> absolute_root(const fs::path& given) {
    std::error_code failure;
    auto root = fs::absolute(given, failure).lexically_normal();
    if (failure)
        return failed("the working directory cannot be read: " + failure.message());
    return root.has_filename() ? root : root.parent_path();
}

std::vector<std::string> server_command(const session& s, const fs::path& root, const std::vector<std::string>& flags) {
    std::vector<std::string> command{own_program().native(), "serve", "--server-log", "--root=" + root.native(),
                                     fmt::format("--port={}", s.server.port)};
    command.insert(command.end(), flags.begin(), flags.end());
    return command;
}

task<outcome<>> start_server(session& s, fs::path root, std::vector<std::string> flags) {
    starting_words words;
    if (!words.open()) {
        auto why = not_started(root, std::strerror(errno));
        co_return why;
    }
    detached_options server;
    server.command = server_command(s, root, flags);
    server.output = words.for_server();
    server.working_directory = "/"; // the root may not be there yet, and no folder is held on to
    auto pid = start_detached(server);
    if (pid.has_error())
        co_return pid.error();
    words.server_has_it();
    std::string end_of_it; // once it has ended
    for (auto end = steady::now() + start_deadline; steady::now() < end;) {
        auto answer = co_await ask_server(s);
        words.take();
        if (answer.has_value())
            co_return outcome<>();
        int status = 0;
        if (end_of_it.empty() && ::waitpid(*pid, &status, WNOHANG) == *pid) {
            words.take();
            end_of_it = words.last_line().empty() ? how_it_ended(status) : words.last_line();
        } else if (!end_of_it.empty() && !another_comes(s, root)) {
            break;
        }
        co_await pause(s, between_looks);
    }
    auto why = not_started(root, end_of_it.empty() ? "it does not answer" : end_of_it);
    co_return why;
}

task<outcome<>> await_server(session& s) {
    for (auto end = steady::now() + start_deadline; steady::now() < end;) {
        auto answer = co_await ask_server(s);
        if (answer.has_value())
            co_return outcome<>();
        co_await pause(s, between_looks);
    }
    auto why = failed(fmt::format("no server came up at {}", s.server.url()));
    co_return why;
}

} // namespace berth::cli
