#include "cli/login_session.hpp"

#include "cli/detached.hpp"
#include "cli/login_item.hpp"
#include "cli/server_start.hpp"
#include "cli/text.hpp"
#include "core/unique_fd.hpp"

#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>

namespace berth::cli {
namespace {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

constexpr const char* unit_name = "berth.service";
constexpr std::chrono::seconds tool_deadline{20};
constexpr std::chrono::milliseconds tool_pause{10};

std::string variable_of(const char* name) {
    auto* set = std::getenv(name);
    return set ? set : "";
}

bool uses_launchd() {
#ifdef __APPLE__
    return true;
#else
    return variable_of("BERTH_LOGIN_SYSTEM") == "launchd"; // for tests: what would be written on a Mac
#endif
}

struct places {
    fs::path file; // the unit, or the agent
    fs::path link; // empty: none is needed
    fs::path log;  // of macOS
};

outcome<places> find_places() {
    fs::path home = look_at_environment().home;
    if (!home.is_absolute())
        return failed("your home folder is not known; set HOME");
    if (uses_launchd())
        return places{home / "Library/LaunchAgents" / (std::string(launchd_label) + ".plist"),
                      {},
                      home / "Library/Logs/berth.log"};
    fs::path configured = variable_of("XDG_CONFIG_HOME");
    auto units = (configured.is_absolute() ? configured : home / ".config") / "systemd/user";
    return places{units / unit_name, units / "default.target.wants" / unit_name, {}};
}

outcome<> check_ours(const fs::path& file) {
    std::error_code failure;
    if (!fs::exists(fs::symlink_status(file, failure)))
        return outcome<>();
    std::ifstream there(file);
    std::string text((std::istreambuf_iterator<char>(there)), {});
    if (is_our_login_item(text))
        return outcome<>();
    return failed(fmt::format("{} is there, and not written by berth: it stays as it is; move it away first",
                              visible(file.native())));
}

failure cannot_write(const fs::path& file, const std::string& why) {
    return failed(fmt::format("{} cannot be written: {}", visible(file.native()), why));
}

/// The old file or the new one, never half of it.
outcome<> write_whole(const fs::path& file, const std::string& text) {
    std::error_code failure;
    fs::create_directories(file.parent_path(), failure);
    if (failure)
        return cannot_write(file, failure.message());
    auto next = file;
    next += fmt::format(".{}", ::getpid());
    std::ofstream out(next, std::ios::trunc);
    out << text << std::flush;
    if (!out)
        failure = std::error_code(errno, std::generic_category());
    else
        fs::rename(next, file, failure);
    if (!failure)
        return outcome<>();
    std::error_code ignored;
    fs::remove(next, ignored);
    return cannot_write(file, failure.message());
}

outcome<> link_anew(const fs::path& link) {
    std::error_code failure, ignored;
    fs::create_directories(link.parent_path(), failure);
    fs::remove(link, ignored);
    if (!failure)
        fs::create_symlink(fs::path("..") / unit_name, link, failure);
    return failure ? outcome<>(cannot_write(link, failure.message())) : outcome<>();
}

/// Whether the system's own tool did it, in time. What it says nobody hears.
task<bool> done_by(session& s, std::vector<std::string> command) {
    detached_options tool;
    tool.command = std::move(command);
    auto pid = start_detached(tool);
    if (pid.has_error())
        co_return false;
    int status = 0;
    for (auto end = steady::now() + tool_deadline; ::waitpid(*pid, &status, WNOHANG) == 0;) {
        if (steady::now() >= end) {
            ::kill(*pid, SIGKILL);
            ::waitpid(*pid, &status, 0);
            co_return false;
        }
        co_await pause(s, tool_pause);
    }
    co_return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

task<bool> tell_systemd(session& s) {
    std::vector<std::string> reload{"systemctl", "--user", "daemon-reload"};
    co_return co_await done_by(s, std::move(reload));
}

login_item item_for(std::vector<std::string> command, const fs::path& root) {
    login_item item{std::move(command), {{"PATH", variable_of("PATH")}, {"BERTH_ROOT", root.native()}}};
    if (auto home = variable_of("PM2_HOME"); !home.empty()) // else it would be another pm2's apps
        item.variables.emplace_back("PM2_HOME", home);
    return item;
}

task<> linger(session& s) {
    std::vector<std::string> enable{"loginctl", "enable-linger"};
    if (co_await done_by(s, std::move(enable)))
        s.out.note("it starts with the machine, and goes on when you log out (loginctl enable-linger)");
    else
        s.out.note("it ends when you log out, unless you are allowed to linger: sudo loginctl enable-linger " +
                   fmt::format("{}", ::getuid()));
}

} // namespace

task<outcome<login_state>> join_login(session& s, std::vector<std::string> command, fs::path root) {
    auto where = find_places();
    if (where.has_error())
        co_return where.error();
    auto item = item_for(std::move(command), root);
    auto ready = check_login_item(item);
    if (ready.has_value())
        ready = check_ours(where->file);
    if (ready.has_value())
        ready =
            write_whole(where->file, uses_launchd() ? launchd_agent(item, where->log.native()) : systemd_unit(item));
    if (ready.has_value() && !where->link.empty())
        ready = link_anew(where->link);
    if (ready.has_error())
        co_return ready.error();
    s.out.note(fmt::format("Berth starts when you log in: {}", where->file.native()));
    login_state state;
    if (uses_launchd())
        co_return state;
    state.starts_it = co_await tell_systemd(s);
    if (state.starts_it)
        co_await linger(s);
    else
        s.out.note("your systemd does not run here: the unit takes effect when it does");
    co_return state;
}

task<outcome<>> leave_login(session& s) {
    auto where = find_places();
    if (where.has_error())
        co_return where.error();
    auto ours = check_ours(where->file);
    if (ours.has_error())
        co_return ours.error();
    std::error_code failure;
    bool there = false;
    if (!where->link.empty())
        there = fs::remove(where->link, failure);
    if (!failure)
        there = fs::remove(where->file, failure) || there;
    if (failure) {
        auto why = failed(fmt::format("{} cannot be removed: {}", visible(where->file.native()), failure.message()));
        co_return why;
    }
    if (there && !uses_launchd())
        co_await tell_systemd(s);
    s.out.print(there ? "Berth does not start at login any more; what runs now runs on\n"
                      : "Berth does not start at login\n");
    co_return outcome<>();
}

task<outcome<>> start_at_login(session& s) {
    std::vector<std::string> start{"systemctl", "--user", "start", unit_name};
    if (co_await done_by(s, std::move(start))) {
        auto up = co_await await_server(s);
        if (up.has_value())
            co_return up;
    }
    auto why = failed(fmt::format("systemd could not start it; see: journalctl --user -u {} -n 20", unit_name));
    co_return why;
}

} // namespace berth::cli
