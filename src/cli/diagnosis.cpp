#include "cli/diagnosis.hpp"

#include "core/unique_fd.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace berth::cli {
namespace {

using json = nlohmann::json;

constexpr int least_node = 20;                 // what create-next-app and Next 16 want
constexpr std::uint64_t little_disk_mb = 2048; // four apps of 500 MB
constexpr std::uint64_t enough_files = 8192;   // what the server raises its own limit to

bool is_on_path(const std::string& program) {
    auto* set = std::getenv("PATH");
    std::string_view path = set ? set : "";
    for (std::size_t at = 0; at <= path.size();) {
        auto end = std::min(path.find(':', at), path.size());
        auto file = std::string(path.substr(at, end - at)) + "/" + program;
        if (end > at && ::access(file.c_str(), X_OK) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

std::string said_by_node() {
    std::string said;
    if (auto* pipe = ::popen("node --version 2>/dev/null", "r")) { // words of ours alone
        char room[64];
        while (std::fgets(room, sizeof room, pipe))
            said += room;
        ::pclose(pipe);
    }
    return said.substr(0, said.find('\n'));
}

} // namespace

surroundings look_around(const std::string& home, const std::string& root) {
    surroundings seen;
    seen.node = said_by_node();
    seen.npm = is_on_path("npm") && is_on_path("npx");
    auto* pm2 = std::getenv("PM2_HOME");
    seen.pm2_home = pm2 && *pm2 ? pm2 : home + "/.pm2";
    struct stat about {};
    if (::stat(seen.pm2_home.c_str(), &about) == 0)
        seen.pm2_home_is_foreign =
            ::access(seen.pm2_home.c_str(), W_OK | X_OK) != 0 || (about.st_uid != ::getuid() && ::getuid() != 0);
    struct statvfs disk {};
    if (::statvfs(root.c_str(), &disk) == 0)
        seen.disk_free_mb = disk.f_bavail * disk.f_frsize / (1024 * 1024);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
        seen.open_files = files.rlim_max;
    return seen;
}

std::set<int> held_ports(int first, int last) {
    // What listens is in the way of a bind; with SO_REUSEADDR a connection that has ended is not.
    auto is_free = [](int family, const sockaddr* address, socklen_t size) {
        unique_fd probe(::socket(family, SOCK_STREAM, 0));
        int on = 1;
        if (!probe || ::setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
            return true;
        return ::bind(probe.get(), address, size) == 0 || errno != EADDRINUSE;
    };
    std::set<int> held;
    for (int port = first; port <= last; ++port) {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_port = htons(static_cast<std::uint16_t>(port));
        four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = four.sin_port;
        six.sin6_addr = in6addr_loopback;
        if (!is_free(AF_INET, reinterpret_cast<const sockaddr*>(&four), sizeof four) ||
            !is_free(AF_INET6, reinterpret_cast<const sockaddr*>(&six), sizeof six))
            held.insert(port);
    }
    return held;
}

finding judge_node(std::string_view version) {
    if (version.empty())
        return {"node", false, "there is no node on the path", "install Node.js 20 or newer"};
    int major = 0;
    auto digits = version.substr(version.starts_with('v') ? 1 : 0);
    std::from_chars(digits.data(), digits.data() + digits.size(), major);
    if (major < least_node)
        return {"node", false, fmt::format("it is {}, which Next does not run on", version),
                fmt::format("install Node.js {} or newer, and start Berth again", least_node)};
    return {"node", true, std::string(version), ""};
}

finding judge_npm(bool found) {
    if (!found)
        return {"npm", false, "npm or npx is not on the path: no app can be made or run", "install npm"};
    return {"npm", true, "npm and npx are on the path", ""};
}

finding judge_pm2_home(const surroundings& seen) {
    auto socket = seen.pm2_home + "/interactor.sock"; // the longest that pm2 binds
    if (socket.size() >= sizeof(sockaddr_un{}.sun_path))
        return {"pm2 home", false, fmt::format("{} is longer than the path of a socket may be", seen.pm2_home),
                "set PM2_HOME to a shorter folder, and start Berth again"};
    if (seen.pm2_home_is_foreign)
        return {"pm2 home", false, fmt::format("{} belongs to another user, or cannot be written", seen.pm2_home),
                "set PM2_HOME to a folder of your own, or give this one back with chown"};
    return {"pm2 home", true, seen.pm2_home, ""};
}

finding judge_disk(const surroundings& seen) {
    if (!seen.disk_free_mb)
        return {"disk", true, "the apps' folder is not there yet", ""};
    auto free = *seen.disk_free_mb;
    auto detail = fmt::format("{:.1f} GB free where the apps are", static_cast<double>(free) / 1024);
    if (free < little_disk_mb)
        return {"disk", false, detail, "an app takes about 0.5 GB: delete some with berth rm, or free the disk"};
    return {"disk", true, detail, ""};
}

finding judge_open_files(std::uint64_t most) {
    if (most < enough_files)
        return {"files", false, fmt::format("a program may have {} files open", most),
                fmt::format("let it have {} (ulimit -Hn, or LimitNOFILE= under systemd)", enough_files)};
    return {"files", true,
            most == RLIM_INFINITY ? "a program may have any number of files open"
                                  : fmt::format("a program may have {} files open", most),
            ""};
}

std::vector<finding> judge_server(const outcome<std::string>& health, std::string_view url) {
    if (health.has_error())
        return {{"server", false, health.error().text, "start it with: berth up"}};
    std::vector<finding> all;
    auto told = json::parse(*health);
    auto version = told.at("version").get<std::string>();
    if (version == BERTH_VERSION)
        all.push_back({"server", true, fmt::format("Berth {} at {}", version, url), ""});
    else
        all.push_back({"server", false, fmt::format("it is Berth {}, and this is berth {}", version, BERTH_VERSION),
                       "start it again with: berth down, and berth up"});
    auto& pm2 = told.at("pm2");
    if (pm2.at("connected") == true)
        all.push_back({"pm2", true,
                       pm2.at("version").is_string() ? "pm2 " + pm2["version"].get<std::string>() : "connected", ""});
    else
        all.push_back({"pm2", false,
                       pm2.at("error").is_string() ? pm2["error"].get<std::string>() : "it is not connected",
                       "see the server's log; pm2 ping starts its daemon anew"});
    for (auto& orphan : told.at("orphans"))
        all.push_back({"orphan", false,
                       fmt::format("pm2 runs {}, which belongs to no app", orphan.at("name").get<std::string>()),
                       "if it is not another Berth's, end it with pm2"});
    for (auto& problem : told.at("problems"))
        all.push_back({"problem", false, problem.at("detail").get<std::string>(), ""});
    return all;
}

std::optional<port_limits> limits_of(const outcome<std::string>& health) {
    if (health.has_error())
        return std::nullopt;
    auto limits = json::parse(*health).at("limits");
    auto& range = limits.at("portRange");
    return port_limits{range.at(0).get<int>(), range.at(1).get<int>(), limits.at("maxRunning").get<int>()};
}

std::vector<finding> judge_ports(const port_limits& limits, const std::vector<listed_app>& apps,
                                 const std::set<int>& held) {
    std::vector<finding> all;
    auto strangers = held;
    int given = 0; // to apps, of the range
    for (auto& app : apps) {
        given += app.port >= limits.first && app.port <= limits.last;
        bool by_a_stranger = strangers.erase(app.port) > 0 && app.status == "stopped";
        if (by_a_stranger)
            all.push_back({"port", false, fmt::format("{}, the port of {}, is held by another program", app.port, app.name),
                           fmt::format("end that program (ss -ltnp 'sport = {}' names it), then: berth start {}", app.port,
                                       app.id)});
    }
    auto left = limits.last - limits.first + 1 - given - static_cast<int>(strangers.size());
    auto detail = fmt::format("{} to {} for at most {} running apps", limits.first, limits.last, limits.max_running);
    if (!strangers.empty())
        detail += fmt::format("; other programs hold {}", fmt::join(strangers, ", "));
    if (given + left < limits.max_running)
        all.push_back({"ports", false, detail, "widen portRange in manifest.json"});
    else
        all.push_back({"ports", true, detail, ""});
    return all;
}

} // namespace berth::cli
