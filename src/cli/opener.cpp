#include "cli/opener.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace berth::cli {
namespace {

constexpr int patience_ms = 2000;

/// -1 when there is no such program. In a session of its own, so that Ctrl-C here does not end the browser.
pid_t spawn(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (auto& word : command)
        arguments.push_back(const_cast<char*>(word.c_str())); // posix_spawnp changes none of them
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = -1;
    if (posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

bool took_it(pid_t pid) {
    int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0)
        return true;
    pollfd ended{handle, POLLIN, 0};
    auto count = ::poll(&ended, 1, patience_ms);
    ::close(handle);
    int status = 0;
    if (count <= 0 || ::waitpid(pid, &status, WNOHANG) != pid)
        return true;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

std::vector<std::string> browser_command(std::string_view browser, const std::string& address) {
    std::vector<std::string> command;
    browser = browser.substr(0, browser.find(':'));
    bool placed = false;
    for (std::size_t at = 0; at < browser.size();) {
        auto end = std::min(browser.find(' ', at), browser.size());
        if (end > at) {
            std::string word(browser.substr(at, end - at));
            if (auto mark = word.find("%s"); mark != word.npos) {
                word.replace(mark, 2, address);
                placed = true;
            }
            command.push_back(std::move(word));
        }
        at = end + 1;
    }
    if (!command.empty() && !placed)
        command.push_back(address);
    return command;
}

bool open_address(const std::string& address) {
    auto* browser = std::getenv("BROWSER");
    std::vector<std::vector<std::string>> openers = {browser_command(browser ? browser : "", address)};
#ifdef __APPLE__
    openers.push_back({"open", address});
#else
    openers.push_back({"xdg-open", address});
#endif
    for (auto& opener : openers) {
        if (opener.empty())
            continue;
        if (auto pid = spawn(opener); pid > 0 && took_it(pid))
            return true;
    }
    return false;
}

} // namespace berth::cli
