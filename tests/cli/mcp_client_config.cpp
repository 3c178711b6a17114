#include "cli/mcp/client_config.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace berth::cli;
using namespace berth::cli::mcp;

namespace {

const start_command start{"/opt/berth", {"mcp", "--root", "/srv/a b"}};

client named(std::string_view name) {
    for (auto& each : known_clients({"/home/ada", "/home/ada/shop", ""}, start))
        if (each.name == name)
            return each;
    BOOST_FAIL(name);
    return {};
}

std::string after(std::string_view name, std::string_view before) {
    auto text = with_berth(named(name), before, start);
    BOOST_REQUIRE_MESSAGE(text.has_value(), text.error().text);
    return *text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(mcp_client_config)

BOOST_AUTO_TEST_CASE(each_program_has_its_file) {
    BOOST_TEST(named("claude").file == "/home/ada/shop/.mcp.json");
    BOOST_TEST(named("cursor").file == "/home/ada/.cursor/mcp.json");
    BOOST_TEST(named("vscode").file == "/home/ada/shop/.vscode/mcp.json");
    BOOST_TEST(named("codex").file == "/home/ada/.codex/config.toml");
    BOOST_TEST(known_clients({"/home/ada", "/home/ada/shop", "/etc/codex"}, start).back().file ==
               "/etc/codex/config.toml");
    BOOST_TEST(named("claude").hint.ends_with("-- /opt/berth mcp --root '/srv/a b'"));
}

BOOST_AUTO_TEST_CASE(a_new_file) {
    for (auto* blank : {"", " \n"}) {
        auto told = nlohmann::json::parse(after("claude", blank));
        BOOST_TEST(told["mcpServers"]["berth"]["command"] == "/opt/berth");
        BOOST_TEST(told["mcpServers"]["berth"]["args"][2] == "/srv/a b");
        BOOST_TEST(nlohmann::json::parse(after("vscode", blank))["servers"]["berth"]["type"] == "stdio");
    }
    BOOST_TEST(after("codex", "") ==
               "[mcp_servers.berth]\ncommand = \"/opt/berth\"\nargs = [\"mcp\", \"--root\", \"/srv/a b\"]\n");
}

BOOST_AUTO_TEST_CASE(json_keeps_everything_else_and_its_order) {
    auto text = after("cursor", "{\n\t\"z\": 1,\n\t\"mcpServers\": {\n\t\t\"other\": {\"url\": \"x\"},\n\t\t\"berth\": "
                                "{\"command\": \"old\", \"env\": {\"A\": \"b\"}}\n\t},\n\t\"a\": null\n}\n");
    auto told = nlohmann::ordered_json::parse(text);
    BOOST_TEST(told.begin().key() == "z");
    BOOST_TEST(told["a"].is_null());
    BOOST_TEST(told["mcpServers"]["other"]["url"] == "x");
    BOOST_TEST(told["mcpServers"]["berth"]["command"] == "/opt/berth");
    BOOST_TEST(told["mcpServers"]["berth"]["env"]["A"] == "b");
    BOOST_TEST(text.starts_with("{\n\t\"z\": 1,\n")); // indented as it was
    BOOST_TEST(after("cursor", text) == text);        // the second time there is nothing to do
    BOOST_TEST(after("claude", "{\n    \"a\": 1\n}").starts_with("{\n    \"a\": 1,\n    \"mcpServers\""));
}

BOOST_AUTO_TEST_CASE(json_that_would_lose_something_is_left_alone) {
    for (auto* text :
         {"{ // mine\n}", "{\"a\": 1,}", "[]", "3", "{\"mcpServers\": []}", "{\"mcpServers\": {\"berth\": 3}}", "{"})
        BOOST_TEST(with_berth(named("claude"), text, start).has_error(), text);
}

BOOST_AUTO_TEST_CASE(toml_is_only_added_to) {
    const std::string before = "# mine\nmodel = \"x\"\n\n[mcp_servers.other]\ncommand = \"y\" # why";
    auto text = after("codex", before);
    BOOST_TEST(text.starts_with(before + "\n\n[mcp_servers.berth]\n"));
    BOOST_TEST(after("codex", text) == text);
    for (auto* other : {"[mcp_servers.berth]\ncommand = \"old\"\n", "mcp_servers = {}\n",
                        "mcp_servers.berth.command = \"x\"\n", "[mcp_servers]\nberth = {command = \"x\"}\n",
                        " [ mcp_servers . \"berth\" ]\n", "[mcp_servers]\n\"berth\".a = 1"})
        BOOST_TEST(with_berth(named("codex"), other, start).has_error(), other);
}

BOOST_AUTO_TEST_SUITE_END()
