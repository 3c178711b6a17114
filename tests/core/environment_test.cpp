#include "core/environment.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

namespace {

bool holds(const environment& variables, const std::string& variable) {
    return std::find(variables.begin(), variables.end(), variable) != variables.end();
}

} // namespace

BOOST_AUTO_TEST_SUITE(environment_rules)

BOOST_AUTO_TEST_CASE(the_users_own_stays) {
    environment own{"HOME=/home/u",
                    "PATH=/usr/bin:/bin",
                    "LANG=C.UTF-8",
                    "PM2_HOME=/p",
                    "EMPTY=",
                    "WITH=a=b",
                    "NODE_OPTIONS=--max-old-space-size=4096",
                    "npm_config_registry=http://r/",
                    "BASH_FUNC_f%%=() { :; }",
                    "SECRET=x",
                    "NEXT_TELEMETRY_DISABLED=0"};
    BOOST_TEST((clean_environment(own) == own));
}

BOOST_AUTO_TEST_CASE(what_npm_and_pm2_put_in_goes) {
    environment own{"NODE_ENV=production",
                    "PORT=3000",
                    "CATEGORY=x",
                    "INIT_CWD=/x",
                    "npm_execpath=/npm",
                    "npm_config_yes=1",
                    "NODE=/usr/bin/node",
                    "COLOR=1",
                    "npm_lifecycle_event=dev",
                    "pm_id=3",
                    "pm_cwd=/x",
                    "name=orch-x",
                    "namespace=default",
                    "PM2_USAGE=CLI",
                    "PM2_JSON_PROCESSING=true",
                    "unique_id=1",
                    "status=online",
                    "max_restarts=0",
                    "axm_x=1",
                    "NODE_APP_INSTANCE=0",
                    "NODE_CHANNEL_FD=3",
                    "BERTH_SCAFFOLD=/x",
                    "no equals sign",
                    "=odd",
                    "HOME=/home/u"};
    BOOST_TEST((clean_environment(own) == environment{"HOME=/home/u"}));
}

BOOST_AUTO_TEST_CASE(paths_lose_what_npm_put_before_them) {
    auto cleaned = [](const char* path) { return clean_environment({std::string("PATH=") + path}).at(0); };
    BOOST_TEST(
        cleaned("/a/node_modules/.bin:/node_modules/.bin/:/lib/npm/@npmcli/run-script/lib/node-gyp-bin:/usr/bin") ==
        "PATH=/usr/bin");
    BOOST_TEST(cleaned("/usr/bin::/bin:") == "PATH=/usr/bin::/bin:"); // an empty entry means the current directory
    BOOST_TEST(cleaned("") == "PATH=");
}

BOOST_AUTO_TEST_CASE(variables_are_replaced_or_added) {
    environment variables{"A=1", "AB=2"};
    set_variable(variables, "A", "3");
    set_variable(variables, "C", "4");
    BOOST_TEST((variables == environment{"A=3", "AB=2", "C=4"}));
    BOOST_TEST(has_variable(variables, "AB"));
    BOOST_TEST(!has_variable(variables, "B"));
    BOOST_TEST(holds(current_environment(), "PATH=" + std::string(std::getenv("PATH"))));
}

BOOST_AUTO_TEST_SUITE_END()
