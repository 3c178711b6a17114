#include "cli/opener.hpp"

#include "cli/detached.hpp"
#include "core/process_exit.hpp"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>

namespace berth::cli {
namespace {

constexpr int patience_ms = 2000;

bool took_it(pid_t pid) {
    auto exit = watch_exit(pid);
    if (!exit)
        return true;
    pollfd ended{exit.get(), POLLIN, 0};
    auto count = ::poll(&ended, 1, patience_ms);
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
        detached_options program;
        program.command = std::move(opener);
        if (auto pid = start_detached(program); pid.has_value() && took_it(*pid))
            return true;
    }
    return false;
}

} // namespace berth::cli
