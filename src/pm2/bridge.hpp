// pm2 behind the bridge: the process manager that core is given (core/process_manager.hpp has its promises).
#pragma once

#include "core/child_process.hpp"
#include "core/process_manager.hpp"

#include <memory>
#include <string>
#include <vector>

namespace berth {

struct bridge_options {
    std::vector<std::string> command; // node <...>/bridge.mjs
    spawner spawn;
    environment variables; // as the server was given them: cleaned here, then the bridge's, pm2's and the apps'
};

/// The executor must outlive it; shut_down() must have returned, or the executor have stopped, before it is destroyed.
std::unique_ptr<process_manager> create_bridge(asio::any_io_executor, bridge_options);

} // namespace berth
