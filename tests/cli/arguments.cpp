#include "cli/arguments.hpp"

#include "cli/completion.hpp"
#include "samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::cli;

namespace {

outcome<invocation> parse(std::vector<const char*> words, environment env = {"", "", "/home/ada"}) {
    words.insert(words.begin(), "berth");
    return parse_arguments(static_cast<int>(words.size()), words.data(), env);
}

template <class T>
T parsed(std::vector<const char*> words, environment env = {"", "", "/home/ada"}) {
    auto wish = parse(std::move(words), std::move(env));
    BOOST_REQUIRE_MESSAGE(wish.has_value(), wish.error().text);
    BOOST_REQUIRE(std::holds_alternative<T>(wish->what));
    return std::get<T>(wish->what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(serve) {
    auto flags = parsed<serve_flags>({"serve"});
    BOOST_TEST(flags.root == "/home/ada/berth");
    BOOST_TEST(flags.port == 3099);
    BOOST_TEST(flags.max_running == 20);
    BOOST_TEST(!flags.scaffold);
    BOOST_TEST(!flags.open);
    BOOST_TEST(flags.log_level == "info");
    BOOST_TEST(parsed<serve_flags>({"serve"}, {"/srv/apps", "", "/home/ada"}).root == "/srv/apps");
    flags = parsed<serve_flags>({"serve", "--root", "x", "--port=4000", "--max-running", "100", "--scaffold",
                                 "node make.mjs", "--open", "--log-level", "debug"});
    BOOST_TEST(flags.root == "x");
    BOOST_TEST(flags.port == 4000);
    BOOST_TEST(flags.max_running == 100);
    BOOST_TEST(*flags.scaffold == "node make.mjs");
    BOOST_TEST(flags.open);
    BOOST_TEST(flags.log_level == "debug");
    for (auto word : {"warn", "warning"})
        BOOST_TEST(parsed<serve_flags>({"serve", "--log-level", word}).log_level == word);
}

BOOST_AUTO_TEST_CASE(create) {
    auto wish = parsed<create_command>({"create"});
    BOOST_TEST(!wish.name);
    BOOST_TEST(wish.timeout.count() == 60);
    wish = parsed<create_command>({"create", "  My shop ", "-c", "demos", "--wait", "--timeout", "5"});
    BOOST_TEST(*wish.name == "My shop");
    BOOST_TEST(*wish.category == "demos");
    BOOST_TEST(wish.wait);
    BOOST_TEST(!wish.open);
    BOOST_TEST(wish.timeout.count() == 5);
    BOOST_TEST(parsed<create_command>({"create", "--open"}).wait);
    BOOST_TEST(!parsed<create_command>({"create", " "}).name);
}

BOOST_AUTO_TEST_CASE(apps_may_be_called_like_anything) {
    for (auto* name : {"ls", "show", "[a]", "{}", "[a,b]", "a b", "漢字", "a=b", "%s"}) {
        auto wish = parsed<show_command>({"show", name});
        BOOST_TEST(wish.apps == std::vector<std::string>{name}, boost::test_tools::per_element());
        BOOST_TEST(*parsed<create_command>({"create", name}).name == name);
    }
    BOOST_TEST(parsed<show_command>({"show", "--", "--all"}).apps.front() == "--all");
}

BOOST_AUTO_TEST_CASE(actions) {
    auto stop = parsed<action_command>({"stop", "a", "b"});
    BOOST_TEST((stop.action == bulk_action::stop));
    BOOST_TEST(stop.apps.size() == 2u);
    BOOST_TEST(parsed<action_command>({"restart", "--all"}).all);
    auto remove = parsed<action_command>({"rm", "-y", "--keep-files", "--category", "demos"});
    BOOST_TEST((remove.action == bulk_action::remove));
    BOOST_TEST((remove.yes && remove.keep_files));
    BOOST_TEST(*remove.category == "demos");
}

BOOST_AUTO_TEST_CASE(logs) {
    auto wish = parsed<logs_command>({"logs", "a"});
    BOOST_TEST((wish.out && wish.error && !wish.follow));
    BOOST_TEST(wish.lines == 200u);
    wish = parsed<logs_command>({"logs", "-f", "-n", "0", "--stderr", "a", "--reconnect", "0"});
    BOOST_TEST((!wish.out && wish.error && wish.follow));
    BOOST_TEST(wish.lines == 0u);
    BOOST_TEST(wish.patience.count() == 0);
}

BOOST_AUTO_TEST_CASE(where_the_server_is) {
    BOOST_TEST(parse({"ls"})->url == "");
    BOOST_TEST(parse({"ls"}, {"", "http://localhost:4000", ""})->url == "http://localhost:4000");
    BOOST_TEST(parse({"ls", "--url", "localhost:5000"}, {"", "http://localhost:4000", ""})->url == "localhost:5000");
    auto before = parse({"--url", "localhost:5000", "--json", "ls"});
    BOOST_TEST(before->url == "localhost:5000");
    BOOST_TEST(before->json);
    BOOST_TEST(parse({"ls", "--json"})->json);
}

BOOST_AUTO_TEST_CASE(wrong_usage) {
    const std::vector<std::vector<const char*>> table = {
        {},
        {"nonsense"},
        {"ls", "extra"},
        {"ls", "--nonsense"},
        {"ls", "--status", "happy"},
        {"show"},
        {"stop"},
        {"stop", "a", "--all"},
        {"rm", "--category", "x", "--all"},
        {"logs"},
        {"logs", "a", "b"},
        {"logs", "a", "-n", "-1"},
        {"logs", "a", "-n", "10001"},
        {"logs", "a", "-n", "x"},
        {"logs", "a", "--stdout", "--stderr"},
        {"open"},
        {"create", "a", "b"},
        {"create", "a\x1b[2J"},
        {"create", "a", "--timeout", "0"},
        {"completion"},
        {"completion", "tcsh"},
        {"serve", "--port", "0"},
        {"serve", "--port", "65536"},
        {"serve", "--max-running", "101"},
        {"serve", "--log-level", "loud"},
        {"serve", "extra"},
    };
    for (auto& words : table) {
        auto wish = parse(words);
        BOOST_TEST_CONTEXT((words.empty() ? "nothing" : words.front()) << " " << words.size()) {
            BOOST_TEST(wish.has_error());
            if (wish.has_error()) {
                BOOST_TEST(wish.error().code == exit_code::usage);
                BOOST_TEST(wish.error().text.find('\n') == std::string::npos);
            }
        }
    }
    BOOST_TEST(parse({"nonsense"}).error().text == "there is no command \"nonsense\"; see: berth --help");
    BOOST_TEST(parse({}).error().text == "no command was given; see: berth --help");
    BOOST_TEST(parse({"show"}).error().text == "app is required; see: berth show --help");
}

BOOST_AUTO_TEST_CASE(help_and_version) {
    BOOST_TEST(parsed<text_command>({"--version"}).text == "berth " BERTH_VERSION "\n");
    BOOST_TEST(parsed<text_command>({"--help"}).text.find("create") != std::string::npos);
    BOOST_TEST(parsed<text_command>({"create", "--help"}).text.find("--timeout") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(completing)

namespace {
std::vector<std::string> values(const std::vector<std::string>& words) {
    std::vector<listed_app> apps = {sample_app("abc1234567", "Shop"), sample_app("xyz1234567", "two words"),
                                    sample_app("evil123456", "bad\x1b[2J")};
    apps[0].category = "demos";
    std::vector<std::string> all;
    for (auto& c : complete(words, needs_apps(words) ? apps : std::vector<listed_app>()))
        all.push_back(c.value);
    return all;
}
} // namespace

BOOST_AUTO_TEST_CASE(table) {
    using list = std::vector<std::string>;
    struct {
        list words, values;
    } const rows[] = {
        {{"re"}, {"restart"}},
        {{"--json", "op"}, {"open"}},
        {{"nonsense"}, {}},
        {{"show", ""}, {"Shop", "two words"}},
        {{"show", "s"}, {"Shop"}},
        {{"stop", "Shop", "x"}, {"xyz1234567"}},
        {{"stop", "Shop", ""}, {"two words"}},
        {{"logs", "-f", "t"}, {"two words"}},
        {{"logs", "-n", ""}, {}},
        {{"logs", "-n", "5", "e"}, {"evil123456"}},
        {{"logs", "Shop", ""}, {}},
        {{"create", ""}, {}},
        {{"create", "--category", ""}, {"demos"}},
        {{"rm", "--keep"}, {"--keep-files"}},
        {{"ls", "-s", "o"}, {"online"}},
        {{"completion", ""}, {"bash", "zsh", "fish"}},
        {{"serve", "--log-level", "w"}, {"warn"}},
        {{"serve", "--ma"}, {"--max-running"}},
    };
    for (auto& row : rows)
        BOOST_TEST(values(row.words) == row.values, boost::test_tools::per_element());
    BOOST_TEST(values({""}).size() == 11u);
    BOOST_TEST(values({}).size() == 11u);
    BOOST_TEST(!needs_apps({"sh"}));
    BOOST_TEST(needs_apps({"show", ""}));
}

BOOST_AUTO_TEST_CASE(scripts_ask_berth) {
    for (auto* shell : {"bash", "zsh", "fish"})
        BOOST_TEST(completion_script(shell).find("__complete") != std::string_view::npos);
    BOOST_TEST(completion_script("tcsh").empty());
    BOOST_TEST(to_lines({{"a b", "help"}, {"c", ""}}) == "a b\thelp\nc\t\n");
}

BOOST_AUTO_TEST_SUITE_END()
