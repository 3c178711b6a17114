#include "pm2/support.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <fstream>
#include <sstream>
#include <thread>

#include <signal.h>
#include <stdlib.h>

namespace berth::test {

temp_folder::temp_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "berth-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()));
    path_ = std::filesystem::canonical(pattern);
}

temp_folder::~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::uint16_t free_port() {
    asio::io_context io;
    asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    return acceptor.local_endpoint().port();
}

bool alive(int pid) {
    auto stat = read_file("/proc/" + std::to_string(pid) + "/stat");
    auto end = stat.rfind(')');
    return end != std::string::npos && stat.size() > end + 2 && stat[end + 2] != 'Z' && stat[end + 2] != 'X';
}

std::vector<int> pids_with(const std::string& variable) {
    std::vector<int> found;
    for (auto& entry : std::filesystem::directory_iterator("/proc")) {
        auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos)
            continue;
        auto text = '\0' + read_file(entry.path() / "environ");
        if (text.find('\0' + variable + '\0') != std::string::npos && alive(std::stoi(name)))
            found.push_back(std::stoi(name));
    }
    return found;
}

void end_all_with(const std::string& variable) {
    auto deadline = std::chrono::steady_clock::now() + 10s;
    for (auto pids = pids_with(variable); !pids.empty(); pids = pids_with(variable)) {
        for (int pid : pids)
            ::kill(pid, SIGKILL);
        if (std::chrono::steady_clock::now() > deadline)
            return;
        std::this_thread::sleep_for(5ms);
    }
}

task<> until(std::string what, std::function<bool()> condition, std::chrono::seconds limit) {
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < deadline, "never happened: " << what);
        timer.expires_after(10ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

const pm2_event* recorder::find(const std::string& event, pm2_status status) const {
    for (auto& e : events)
        if (e.event == event && e.status == status)
            return &e;
    return nullptr;
}

const std::string real_pm2::server = R"(
require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, () => console.log('listening'));
)";

real_pm2::real_pm2(environment extra) : variables(current_environment()) {
    set_variable(variables, "PM2_HOME", (folder / "pm2").string());
    for (auto& each : extra)
        set_variable(variables, each.substr(0, each.find('=')), each.substr(each.find('=') + 1));
}

real_pm2::~real_pm2() {
    if (pm2 && !hung())
        run(pm2->shut_down());
    end_all_with(home_variable());
}

bridge_options real_pm2::options() const {
    return {{"node", BERTH_SOURCE_DIR "/src/pm2/bridge/bridge.mjs"}, variables};
}

process_manager& real_pm2::connect(bridge_options how) {
    pm2 = create_bridge(io.get_executor(), std::move(how));
    pm2->listen(heard);
    pm2->run();
    run(until("pm2 is connected", [&] { return heard.connected > 0; }));
    return *pm2;
}

start_options real_pm2::make_app(const std::string& id, const std::string& server_js) {
    auto directory = folder / id;
    write_file(directory / "package.json", R"({"name": "app", "private": true, "scripts": {"dev": "node server.js"}})");
    write_file(directory / "server.js", server_js);
    start_options app;
    app.name = "orch-" + id;
    app.directory = directory.string();
    app.port = free_port();
    app.output = (folder / "logs" / (app.name + "-out.log")).string();
    app.error = (folder / "logs" / (app.name + "-error.log")).string();
    return app;
}

int real_pm2::daemon_pid() const { return pm2->health().daemon_pid.value_or(0); }

const pm2_process* find(const pm2_table& table, const std::string& name) {
    for (auto& each : table.processes)
        if (each.name == name)
            return &each;
    return nullptr;
}

bool accepts(std::uint16_t port) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    boost::system::error_code failed;
    asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), port);
    socket.connect(where, failed);
    return !failed;
}

} // namespace berth::test
