// The command line: parses the arguments and carries them out against a running server, over its REST and WebSocket
// API.
//
// It owns the process for as long as it runs: the signals, the standard streams and one reactor on the calling thread.
// `berth serve` is only parsed here. The server is handed in, because a folder of src/ knows core and itself and
// nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace berth {

/// What `berth serve` was asked for; every value is already checked.
struct serve_flags {
    std::filesystem::path root;          // --root, else $BERTH_ROOT, else ~/berth; not made yet
    std::uint16_t port = 3099;           // 1 to 65535
    int max_running = 20;                // 1 to 100
    std::optional<std::chrono::seconds> sleep_after = std::chrono::hours(1); // none: never
    int memory_floor = 10; // per cent of the machine's memory that is to stay available; 0 to 100, 0: whatever is left
    std::optional<std::string> scaffold; // --scaffold, as given: a command and its arguments, never for a shell
    bool server_log = false;             // it says what it says in <root>/.berth/server.log
    bool open = false;                   // show the dashboard in a browser once it can be reached
    std::string log_level = "info";      // trace, debug, info, warn, error or off
};

/// Runs the server until it is told to end; the value is the exit code.
using serve_function = std::function<int(const serve_flags&)>;

/// The exit code: 0 done, 1 failed, 2 usage, 3 no server, 130 interrupted.
int run_cli(int argc, char** argv, serve_function serve);

/// For --open: shows the address in the user's browser. Never blocks, and says nothing when there is no browser.
void open_in_browser(const std::string& address);

} // namespace berth
