#include "machine/observer.hpp"

#include "machine/loopback.hpp"
#include "machine/ownership.hpp"

#include <algorithm>
#include <unordered_set>

#include <unistd.h>

namespace berth {
namespace {

using namespace std::chrono_literals;

constexpr auto view_age = 900ms;    // core promises figures that are at most 1 s old
constexpr auto visits_age = 1900ms; // and visits, at most 2 s

bool nobody_holds(int) { return false; }

/// Ourselves excepted: where Berth itself was started by an app.
std::vector<found_process> found(const std::vector<const kernel::process*>& processes) {
    std::vector<found_process> all;
    for (auto* p : processes)
        if (p->pid != ::getpid())
            all.push_back({p->pid, p->started, p->name, {}});
    return all;
}

} // namespace

observer::observer(std::shared_ptr<kernel::tables> kernel, std::shared_ptr<const own_connections> own)
    : kernel_(std::move(kernel)), own_(std::move(own)), cpu_(kernel_->ticks_per_second()) {}

void observer::prepare() { see_since(clock::now() - view_age); }

std::vector<app_sight> observer::look(const std::vector<app_ref>& apps) {
    prepare();
    begun_ = clock::now();
    auto listeners = kernel_->listeners();
    std::unordered_multimap<std::uint16_t, kernel::listener> by_port;
    for (auto& each : listeners)
        by_port.emplace(each.port, each);
    trees_.look(listeners, apps, *this, begun_);
    if (begun_ - measured_ >= view_age) {
        usage_.clear();
        measured_ = begun_;
    }

    std::vector<app_sight> sights;
    for (auto& app : apps) {
        std::vector<kernel::listener> here;
        for (auto [at, end] = by_port.equal_range(app.port); at != end; ++at)
            here.push_back(at->second);
        auto verdict = ports_.look(app.port, app.root_pid, here, *this, begun_);
        app_sight sight;
        sight.accepting = verdict.accepting;
        sight.stranger = verdict.stranger;
        judge(app, sight);
        measure(app.root_pid, sight);
        sights.push_back(std::move(sight));
    }
    count_connections(apps, sights);
    return sights;
}

void observer::count_connections(const std::vector<app_ref>& apps, std::vector<app_sight>& sights) {
    std::set<std::uint16_t> ports;
    for (std::size_t i = 0; i < apps.size(); ++i)
        if (sights[i].accepting)
            ports.insert(apps[i].port);
    auto counted = connections(ports);
    for (std::size_t i = 0; i < apps.size(); ++i)
        if (auto found = counted.find(apps[i].port); sights[i].accepting && found != counted.end())
            sights[i].connections = found->second;
}

/// Walking every connection of the machine costs the kernel up to a millisecond, so it is done once in 2 s,
/// however often is looked.
std::map<std::uint16_t, int> observer::connections(const std::set<std::uint16_t>& ports) {
    if (ports.empty())
        return {};
    auto now = clock::now();
    bool known = std::includes(connected_of_.begin(), connected_of_.end(), ports.begin(), ports.end());
    if (!known || now - connected_at_ >= visits_age) {
        auto own = own_->ports();
        auto all = kernel_->connections(*ports.begin(), *ports.rbegin());
        own.merge(own_->ports()); // those that began and those that ended meanwhile
        connected_.clear();
        for (auto& each : all)
            if (ports.contains(each.local) && !own.contains(each.remote))
                ++connected_[each.local];
        connected_of_ = ports;
        connected_at_ = now;
    }
    std::map<std::uint16_t, int> counted;
    for (auto port : ports)
        if (auto found = connected_.find(port); found != connected_.end())
            counted.insert(*found);
    return counted;
}

std::optional<std::map<std::uint16_t, visit>> observer::visits(const std::set<std::uint16_t>& ports) {
    std::map<std::uint16_t, visit> found;
    if (ports.empty())
        return found;
    auto own = own_->lately();
    auto now = kernel_->connections(*ports.begin(), *ports.rbegin());
    auto before = kernel_->ended(*ports.begin(), *ports.rbegin());
    if (!before)
        return std::nullopt;
    own.merge(own_->lately()); // those that began meanwhile
    auto is_visit = [&](const kernel::connection& c) { return ports.contains(c.local) && !own.contains(c.remote); };
    for (auto& each : now)
        if (is_visit(each))
            ++found[each.local].connected;
    for (auto& each : *before)
        if (is_visit(each))
            found[each.local].lately = true;
    return found;
}

/// What the processes and the sockets that are known say of it.
void observer::judge(const app_ref& app, app_sight& sight) {
    bool root_lives = app.root_pid > 0 && kernel_->one_process(app.root_pid).has_value();
    sight.alive = app.root_pid <= 0 || root_lives;
    sight.lives = root_lives;
    if (!root_lives || sight.stranger) {
        int holder = sight.stranger ? sight.stranger->pid : 0;
        auto claims = marks_.of_app(app.id, app.directory, app.log);
        auto own = own_processes(view_, claims, [&](int pid) { return pid == holder; });
        sight.lives = sight.lives || !own.empty();
        sight.outlived = std::any_of(own.begin(), own.end(), [&](auto* p) { return p->pid == holder; });
    }
    for (auto& socket : trees_.of(app.root_pid).sockets) {
        sight.exposed = sight.exposed || socket.where != kernel::bound_to::loopback;
        if (!sight.accepting && socket.port != app.port)
            sight.other_port = std::min(socket.port, sight.other_port.value_or(socket.port));
    }
}

void observer::measure(int root_pid, app_sight& sight) {
    if (root_pid > 0 && !view_.find(root_pid) && begun_ - view_.taken() > 100ms)
        refresh(); // an app that has just been started
    auto [known, is_new] = usage_.try_emplace(root_pid);
    if (is_new)
        known->second = sum(root_pid);
    sight.cpu_percent = known->second.cpu_percent;
    sight.memory_mb = static_cast<int>(known->second.pages * kernel_->page_size() / (1024 * 1024));
}

observer::usage observer::sum(int root_pid) const {
    usage use;
    kernel::shared_once memory;
    auto* root = view_.find(root_pid);
    for (auto* member : view_.tree(root_pid)) {
        if (member->session != root->session && !trees_.of(root_pid).sessions.contains(member->session))
            continue;
        use.cpu_percent += cpu_.percent(member->pid);
        if (auto pages = kernel_->memory_of(member->pid))
            memory.add(*pages);
    }
    use.pages = memory.total();
    return use;
}

std::set<std::uint16_t> observer::listening() {
    std::set<std::uint16_t> ports;
    for (auto& each : kernel_->listeners())
        ports.insert(each.port);
    return ports;
}

std::vector<found_process> observer::leftovers(const app_ref& app, clock::time_point asked) {
    see_since(asked);
    std::unordered_set<std::uint64_t> inodes;
    for (auto& each : kernel_->listeners())
        if (each.port == app.port)
            inodes.insert(each.inode);
    auto holds_port = [&](int pid) {
        if (inodes.empty())
            return false;
        bool readable = true;
        auto sockets = kernel_->sockets_of(pid, readable);
        return std::any_of(sockets.begin(), sockets.end(), [&](auto inode) { return inodes.contains(inode); });
    };
    auto own = own_processes(view_, marks_.of_app(app.id, app.directory, app.log), holds_port);
    auto running = view_.tree(app.root_pid);
    std::erase_if(own, [&](auto* p) { return std::find(running.begin(), running.end(), p) != running.end(); });
    return found(own);
}

std::vector<found_process> observer::of_scaffold(const std::filesystem::path& directory, clock::time_point asked) {
    see_since(asked);
    return found(own_processes(view_, marks_.of_scaffold(directory), nobody_holds));
}

std::vector<observer::server> observer::servers_in(const std::filesystem::path& folder,
                                                   const std::set<std::string>& but, clock::time_point asked) {
    see_since(asked);
    std::unordered_map<std::uint64_t, std::uint16_t> ports;
    for (auto& each : kernel_->listeners())
        ports.emplace(each.inode, each.port);
    std::vector<server> found;
    for (auto& p : view_.all()) {
        auto mark = marks_.of(p.pid);
        bool of_an_app = but.contains(mark.app) && mark.session == p.session;
        bool serves = p.name == "next-server" || (!mark.script.empty() && mark.script != "npx");
        found_process who{p.pid, p.started, p.name, folder.string()};
        if (p.pid == ::getpid() || of_an_app || !serves || !still_is(who, *kernel_))
            continue;
        std::optional<std::uint16_t> port;
        bool readable = true;
        for (auto inode : kernel_->sockets_of(p.pid, readable))
            if (auto socket = ports.find(inode); socket != ports.end())
                port = std::min(socket->second, port.value_or(socket->second));
        if (port)
            found.push_back({std::move(who), *port});
    }
    return found;
}

std::optional<process_name> observer::stranger(const app_ref& app) {
    begun_ = clock::now();
    port_watch forgetful;
    std::vector<kernel::listener> here;
    for (auto& each : kernel_->listeners())
        if (each.port == app.port)
            here.push_back(each);
    return forgetful.look(app.port, app.root_pid, here, *this, begun_).stranger;
}

const process_view& observer::processes_now() {
    see_since(begun_);
    return view_;
}

std::vector<std::uint64_t> observer::sockets_of(int pid, bool& readable) { return kernel_->sockets_of(pid, readable); }

bool observer::connects(std::uint16_t port, bool v6) { return connects_to_loopback(port, v6); }

void observer::see_since(clock::time_point moment) {
    if (view_.taken() < moment)
        refresh();
}

void observer::refresh() {
    auto taken = clock::now(); // before: whatever was there then is in it
    view_ = process_view(kernel_->all_processes(), taken);
    marks_.look(view_, *kernel_);
    cpu_.add(view_);
}

} // namespace berth
