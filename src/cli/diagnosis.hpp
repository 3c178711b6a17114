// What `berth doctor` looks at, and what it makes of it. The rules are pure; look_around() alone asks the machine.
#pragma once

#include "cli/failure.hpp"
#include "cli/listed_app.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

struct finding {
    std::string what; // node, npm, pm2, server, ports, disk, files
    bool ok = true;
    std::string detail; // one sentence
    std::string mend;   // what to do; empty where it is ok
};

/// Of this machine, as this process sees it. Blocks for as long as `node --version` takes.
struct surroundings {
    std::string node;                          // what `node --version` said; empty: there is none
    bool npm = false;                          // and npx, on the path
    std::string pm2_home;                      // $PM2_HOME, else ~/.pm2
    bool pm2_home_is_foreign = false;          // it belongs to another user, or cannot be written
    std::optional<std::uint64_t> disk_free_mb; // where the apps are; none: the folder is not there yet
    std::uint64_t open_files = 0;              // the most that this process could have
};
surroundings look_around(const std::string& home, const std::string& root);

/// Those of the ports on which somebody listens on the loopback. Blocks for a few µs each.
std::set<int> held_ports(int first, int last);

finding judge_node(std::string_view version);
finding judge_npm(bool found);
finding judge_pm2_home(const surroundings&);
finding judge_disk(const surroundings&);
finding judge_open_files(std::uint64_t most);
/// `health`: the body of GET /api/health, or why there is none. Server, pm2 and standing problems.
std::vector<finding> judge_server(const outcome<std::string>& health, std::string_view url);

struct port_limits {
    int first = 0, last = 0;
    int max_running = 0;
};
/// Of the body of GET /api/health.
std::optional<port_limits> limits_of(const outcome<std::string>& health);
/// What may run, whether there are ports for it, and which are held by strangers. `held`: by anybody.
std::vector<finding> judge_ports(const port_limits&, const std::vector<listed_app>&, const std::set<int>& held);

} // namespace berth::cli
