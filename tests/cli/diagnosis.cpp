#include "cli/diagnosis.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

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
             {"/limits/portRange/1", 3105},
             {"/problems/0", {{"detail", "The manifest does not parse."}}},
             {"/orphans/0", {{"name", "orch-x"}}}}) {
        auto good = health;
        health[nlohmann::json::json_pointer(where)] = value;
        BOOST_TEST(!all_well(), where);
        health = good;
    }
    BOOST_TEST(judge_server(failed("no berth server"), "u").front().mend == "start it with: berth serve");
}

BOOST_AUTO_TEST_SUITE_END()
