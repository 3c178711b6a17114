// What the rules make of a kernel's tables, whichever system's: told by a fake of them.
#include "machine/observer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <map>

using namespace berth;
using kernel::bound_to;

namespace {

class told final : public kernel::tables {
public:
    std::vector<kernel::process> processes;
    std::map<int, std::vector<std::uint64_t>> sockets;
    std::map<int, std::string> environments, directories;
    std::map<int, kernel::pages> memory;
    std::vector<kernel::listener> listening;
    std::vector<kernel::connection> connected;
    bool tells_ended = true;

    std::uint64_t ticks_per_second() const override { return 1'000'000'000; }
    std::uint64_t page_size() const override { return 16384; }
    std::vector<kernel::process> all_processes() override { return processes; }
    std::optional<kernel::process> one_process(int pid) override {
        for (auto& each : processes)
            if (each.pid == pid)
                return each;
        return std::nullopt;
    }
    std::optional<kernel::pages> memory_of(int pid) override { return memory[pid]; }
    std::string working_directory(int pid) override { return directories[pid]; }
    std::string environment_of(int pid) override { return environments[pid]; }
    bool is_ours(int) override { return true; }
    std::vector<std::uint64_t> sockets_of(int pid, bool&) override { return sockets[pid]; }
    std::vector<kernel::listener> listeners() override { return listening; }
    std::vector<kernel::connection> connections(std::uint16_t, std::uint16_t) override { return connected; }
    std::optional<std::vector<kernel::connection>> ended(std::uint16_t, std::uint16_t) override {
        if (!tells_ended)
            return std::nullopt;
        return std::vector<kernel::connection>{};
    }
    std::optional<kernel::cpu_time> processors() override { return std::nullopt; }
    kernel::memory machine_memory() override { return {}; }
};

/// An app, 500, whose child 501 listens on a port that does accept; 900 is of nobody.
struct told_world {
    asio::io_context io;
    asio::ip::tcp::acceptor server{io, {asio::ip::address_v4::loopback(), 0}};
    std::uint16_t port = server.local_endpoint().port();
    std::shared_ptr<told> tables = std::make_shared<told>();
    std::shared_ptr<own_connections> own = std::make_shared<own_connections>();
    observer eyes{tables, own};
    app_ref app{"aaaaaaaaaa", "/r/apps/aaaaaaaaaa", port, 500};

    told_world() {
        tables->processes = {make(500, 1, 500, "node"), make(501, 500, 500, "next-server"), make(900, 1, 900, "ruby")};
        tables->listening = {{port, 7, false, bound_to::loopback}};
        tables->sockets[501] = {7};
        for (int pid : {500, 501})
            mark(pid, "500");
    }

    static kernel::process make(int pid, int parent, int session, std::string name) {
        kernel::process p;
        p.pid = pid;
        p.parent = parent;
        p.session = session;
        p.started = static_cast<std::uint64_t>(pid);
        p.name = std::move(name);
        return p;
    }
    void mark(int pid, const std::string& session) {
        auto text = "name=orch-aaaaaaaaaa BERTH_SESSION=" + session + ' ';
        std::replace(text.begin(), text.end(), ' ', '\0');
        tables->environments[pid] = text;
        tables->directories[pid] = "/r/apps/aaaaaaaaaa";
    }
    app_sight look() { return eyes.look({app}).at(0); }
    std::vector<int> leftovers() {
        std::vector<int> pids;
        for (auto& each : eyes.leftovers(app, observer::clock::now()))
            pids.push_back(each.pid);
        return pids;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(what_the_kernel_tells, told_world)

BOOST_AUTO_TEST_CASE(a_listener_of_the_apps_tree_accepts) {
    auto sight = look();
    BOOST_TEST(sight.alive);
    BOOST_TEST(sight.accepting);
    BOOST_TEST(!sight.stranger);
    BOOST_TEST(!sight.exposed);
}

BOOST_AUTO_TEST_CASE(a_listener_of_somebody_else_is_a_stranger) {
    tables->sockets[501] = {};
    tables->sockets[900] = {7};
    auto sight = look();
    BOOST_TEST(!sight.accepting);
    BOOST_TEST(sight.stranger->pid == 900);
    BOOST_TEST(sight.stranger->name == "ruby");
    BOOST_TEST(!sight.outlived);
}

BOOST_AUTO_TEST_CASE(the_memory_of_a_tree_is_in_the_systems_own_pages) {
    tables->memory[500] = {64, 0};
    tables->memory[501] = {640, 0};
    tables->memory[900] = {6400, 0};
    BOOST_TEST(look().memory_mb == 704 * 16 / 1024);
}

BOOST_AUTO_TEST_CASE(one_on_all_addresses_is_exposed) {
    tables->listening[0].where = bound_to::any;
    BOOST_TEST(look().exposed);
}

BOOST_AUTO_TEST_CASE(what_outlives_the_root_is_found_and_nobody_else) {
    app.root_pid = 0;
    std::erase_if(tables->processes, [](auto& p) { return p.pid == 500; });
    BOOST_TEST((leftovers() == std::vector{501}));
    BOOST_TEST(look().lives);
}

BOOST_AUTO_TEST_CASE(a_dev_server_that_left_its_session_is_found_by_the_port_it_holds) {
    app.root_pid = 0;
    tables->processes = {make(501, 1, 501, "next-server"), make(502, 1, 502, "editor")};
    mark(502, "500");
    BOOST_TEST((leftovers() == std::vector{501}));
}

BOOST_AUTO_TEST_CASE(after_an_exec_the_environment_is_read_again) {
    app.root_pid = 0;
    tables->processes = {make(500, 1, 500, "sh")};
    tables->processes[0].stack = 1;
    tables->environments[500] = "";
    BOOST_TEST(leftovers().empty());
    mark(500, "500");
    BOOST_TEST(leftovers().empty());
    tables->processes[0].stack = 2;
    BOOST_TEST((leftovers() == std::vector{500}));
}

BOOST_AUTO_TEST_CASE(berths_own_connections_are_no_visits) {
    tables->connected = {{port, 50001}, {port, 50002}};
    own->add(50002);
    BOOST_TEST(look().connections == 1);
    BOOST_TEST(eyes.visits({port}).value().at(port).connected == 1);
}

BOOST_AUTO_TEST_CASE(who_came_lately_is_not_guessed_where_the_kernel_does_not_tell) {
    tables->tells_ended = false;
    BOOST_TEST(!eyes.visits({port}));
}

BOOST_AUTO_TEST_SUITE_END()
