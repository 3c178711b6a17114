#include "cli/diagnosis.hpp"

#include "core/unique_fd.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

using namespace berth::cli;

BOOST_AUTO_TEST_SUITE(diagnoses)

BOOST_AUTO_TEST_CASE(of_the_machine) {
    BOOST_TEST(judge_node("v20.11.0").ok);
    BOOST_TEST(judge_node("v18.19.0").detail == "it is v18.19.0, which Next does not run on");
    BOOST_TEST(!judge_node("").ok);
    BOOST_TEST(!judge_npm(false).ok);
    BOOST_TEST(judge_open_files(8192).ok);
    BOOST_TEST(!judge_open_files(1024).ok);
    surroundings seen;
    seen.pm2_home = "/home/ada/.pm2";
    BOOST_TEST(judge_pm2_home(seen).ok);
    seen.pm2_home = "/" + std::string(120, 'x');
    BOOST_TEST(!judge_pm2_home(seen).ok);
    BOOST_TEST(judge_disk(seen).ok); // not there yet
    seen.disk_free_mb = 100;
    BOOST_TEST(!judge_disk(seen).ok);
    BOOST_TEST(judge_disk(seen).detail == "0.1 GB free where the apps are");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_says_how_to_mend_it) {
    for (auto& one : {judge_node(""), judge_node("v16.0.0"), judge_npm(false), judge_open_files(256)})
        BOOST_TEST(!one.mend.empty(), one.what);
    BOOST_TEST(judge_node("v22.0.0").mend.empty());
}

BOOST_AUTO_TEST_CASE(of_the_server) {
    nlohmann::json health = {{"version", BERTH_VERSION},
                             {"pm2", {{"connected", true}, {"version", "7.0.4"}, {"error", nullptr}}},
                             {"limits", {{"maxRunning", 20}, {"portRange", {3100, 3199}}}},
                             {"orphans", nlohmann::json::array()},
                             {"problems", nlohmann::json::array()}};
    auto all_well = [&] {
        auto found = judge_server(outcome<std::string>(health.dump()), "http://localhost:3099");
        return std::all_of(found.begin(), found.end(), [](auto& one) { return one.ok; });
    };
    BOOST_TEST(all_well());
    for (auto& [where, value] : std::vector<std::pair<const char*, nlohmann::json>>{
             {"/version", "9.9.9"},
             {"/pm2/connected", false},
             {"/problems/0", {{"detail", "The manifest does not parse."}}},
             {"/orphans/0", {{"name", "orch-x"}}}}) {
        auto good = health;
        health[nlohmann::json::json_pointer(where)] = value;
        BOOST_TEST(!all_well(), where);
        health = good;
    }
    BOOST_TEST(judge_server(failed("no berth server"), "u").front().mend == "start it with: berth up");
}

BOOST_AUTO_TEST_CASE(of_the_ports) {
    listed_app shop;
    shop.id = "k3v9q0x1ab";
    shop.name = "shop";
    shop.port = 3101;
    shop.status = "online";
    auto judged = [&](port_limits limits, std::set<int> held) {
        std::string told;
        for (auto& one : judge_ports(limits, {shop}, held))
            told += fmt::format("{}{}: {}\n", one.ok ? "" : "bad ", one.what, one.detail);
        return told;
    };
    BOOST_TEST(judged({3100, 3119, 20}, {3101}) == "ports: 3100 to 3119 for at most 20 running apps\n");
    BOOST_TEST(judged({3100, 3118, 20}, {3101}) == "bad ports: 3100 to 3118 for at most 20 running apps\n");
    BOOST_TEST(judged({3100, 3199, 20}, {3101, 3105, 3107}) ==
               "ports: 3100 to 3199 for at most 20 running apps; other programs hold 3105, 3107\n");
    BOOST_TEST(judged({3100, 3119, 20}, {3101, 3105}) ==
               "bad ports: 3100 to 3119 for at most 20 running apps; other programs hold 3105\n");
    shop.status = "stopped";
    BOOST_TEST(judged({3100, 3199, 20}, {3101}) == "bad port: 3101, the port of shop, is held by another program\n"
                                                   "ports: 3100 to 3199 for at most 20 running apps\n");
}

BOOST_AUTO_TEST_CASE(a_port_is_held_while_somebody_listens) {
    berth::unique_fd listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
    BOOST_REQUIRE(::listen(listener.get(), 1) == 0);
    socklen_t size = sizeof any;
    BOOST_REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&any), &size) == 0);
    int port = ntohs(any.sin_port);
    BOOST_TEST(held_ports(port, port) == std::set<int>{port}, boost::test_tools::per_element());
    listener = berth::unique_fd();
    BOOST_TEST(held_ports(port, port).empty());
}

BOOST_AUTO_TEST_SUITE_END()
