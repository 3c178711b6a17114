#include "support/reactor.hpp"

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

bool accepts(std::uint16_t port) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    boost::system::error_code failed;
    asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), port);
    socket.connect(where, failed);
    return !failed;
}

} // namespace berth::test
