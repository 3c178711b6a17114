#include "core/child_process.hpp"

#include <utility>

#include <signal.h>

namespace berth {

std::string signal_name(int number) {
    static constexpr std::pair<int, const char*> names[] = {
        {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},   {SIGTRAP, "SIGTRAP"},
        {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},   {SIGKILL, "SIGKILL"}, {SIGUSR1, "SIGUSR1"},
        {SIGSEGV, "SIGSEGV"}, {SIGUSR2, "SIGUSR2"}, {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"},
        {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},
    };
    for (auto& [value, name] : names)
        if (value == number)
            return name;
    return "signal " + std::to_string(number);
}

std::string describe(const exit_status& status) {
    if (status.signal)
        return signal_name(*status.signal);
    return status.code ? "exit code " + std::to_string(*status.code) : "an unknown exit status";
}

} // namespace berth
