#include "cli/arguments.hpp"

#include "cli/command_names.hpp"
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
    BOOST_TEST((flags.sleep_after == std::chrono::hours(1) && flags.memory_floor == 10));
    flags = parsed<serve_flags>({"serve", "--sleep-after", "30m", "--memory-floor=25%"});
    BOOST_TEST((flags.sleep_after == std::chrono::minutes(30) && flags.memory_floor == 25));
    BOOST_TEST(!parsed<serve_flags>({"serve", "--sleep-after=never"}).sleep_after);
    for (auto words : {std::vector<const char*>{"serve", "--sleep-after", "soon"}, {"serve", "--sleep-after="},
                       {"serve", "--memory-floor", "101"}})
        BOOST_TEST(parse(words).error().code == exit_code::usage);
    for (auto word : {"warn", "warning"})
        BOOST_TEST(parsed<serve_flags>({"serve", "--log-level", word}).log_level == word);
}

BOOST_AUTO_TEST_CASE(mcp) {
    BOOST_TEST(parsed<mcp_command>({"mcp"}).root == "/home/ada/berth");
    BOOST_TEST(parsed<mcp_command>({"mcp"}, {"/srv/apps", "", "/home/ada"}).root == "/srv/apps");
    BOOST_TEST(parsed<mcp_command>({"mcp", "--root", "x"}).root == "x");
    BOOST_TEST(parse({"mcp"}, {"", "localhost:4000", ""})->url == "localhost:4000");
    BOOST_TEST(parse({"mcp", "--port", "5000"}, {"", "localhost:4000", ""})->url == "http://localhost:5000");
    BOOST_TEST(parse({"mcp", "--port", "5000", "--url", "localhost:4000"}).has_error());
    auto all = parsed<mcp_install_command>({"mcp", "install"});
    BOOST_TEST(all.client.empty());
    BOOST_TEST(all.root.empty());
    auto one = parsed<mcp_install_command>({"mcp", "install", "--client", "codex", "-n", "--root", "x"});
    BOOST_TEST(one.client == "codex");
    BOOST_TEST(one.dry_run);
    BOOST_TEST(one.root == "x");
    BOOST_TEST(parse({"mcp", "--root", "x", "install", "--port", "5000"})->url == "http://localhost:5000");
    BOOST_TEST(parse({"mcp", "install", "--client", "emacs"}).has_error());
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

BOOST_AUTO_TEST_CASE(adopt) {
    auto wish = parsed<adopt_command>({"adopt", "../shop"});
    BOOST_TEST(wish.directory == "../shop");
    BOOST_TEST(wish.script.empty());
    BOOST_TEST((!wish.take_over && !wish.lan && !wish.wait && !wish.name));
    wish = parsed<adopt_command>({"adopt", "/projects/[shop]", "--script", "start:dev", "--name", " My shop ", "-c", "work",
                                  "--notes", "x", "--take-over", "--lan", "--open"});
    BOOST_TEST(wish.directory == "/projects/[shop]");
    BOOST_TEST(wish.script == "start:dev");
    BOOST_TEST(wish.name.value() == "My shop");
    BOOST_TEST(wish.category.value() == "work");
    BOOST_TEST(wish.notes.value() == "x");
    BOOST_TEST((wish.take_over && wish.lan && wish.wait && wish.open));
    BOOST_TEST(parse({"adopt"}).error().code == exit_code::usage);
    BOOST_TEST(parse({"adopt", "a", "-c", " "}).error().code == exit_code::usage);
}

BOOST_AUTO_TEST_CASE(edit) {
    auto wish = parsed<edit_command>({"edit", "shop", "--name", "Store", "--category=", "--notes", "two\nlines"});
    BOOST_TEST(wish.app == "shop");
    BOOST_TEST(wish.name.value() == "Store");
    BOOST_TEST(wish.category.value().empty());
    BOOST_TEST(wish.notes.value() == "two\nlines");
    BOOST_TEST(!wish.lan.has_value());
    BOOST_TEST(parsed<edit_command>({"edit", "shop", "--lan"}).lan.value());
    BOOST_TEST(!parsed<edit_command>({"edit", "shop", "--no-lan"}).lan.value());
    BOOST_TEST(parsed<edit_command>({"edit", "shop", "--keep-awake"}).keep_awake.value());
    BOOST_TEST(!parsed<edit_command>({"edit", "shop", "--no-keep-awake"}).keep_awake.value());
    BOOST_TEST(parse({"edit", "shop", "--keep-awake", "--no-keep-awake"}).error().code == exit_code::usage);
    auto nothing = parse({"edit", "shop"});
    BOOST_TEST(nothing.error().code == exit_code::usage);
    BOOST_TEST(nothing.error().text.find("what is to change?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(create_from_something) {
    BOOST_TEST(*parsed<create_command>({"create", "x", "--template", "shop"}).made_from == "shop");
    BOOST_TEST(*parsed<create_command>({"create", "-t", "shop"}).made_from == "shop");
    BOOST_TEST(*parsed<create_command>({"create", "--from", "[a b]"}).fork_of == "[a b]");
    BOOST_TEST(parsed<create_command>({"create", "--fresh"}).fresh);
    for (auto words : {std::vector<const char*>{"create", "--fresh", "--from", "a"},
                       {"create", "--template", "a", "--from", "b"},
                       {"create", "--fresh", "--template", "next"}})
        BOOST_TEST(parse(words).error().code == exit_code::usage);
}

BOOST_AUTO_TEST_CASE(templates) {
    using action = template_command::action;
    BOOST_TEST((parsed<template_command>({"template", "ls"}).what == action::list));
    auto wish = parsed<template_command>({"template", "add", "shop", "github:acme/shop#main"});
    BOOST_TEST((wish.what == action::add));
    BOOST_TEST(wish.name == "shop");
    BOOST_TEST(wish.source == "github:acme/shop#main");
    BOOST_TEST((parsed<template_command>({"template", "refresh", "shop"}).what == action::refresh));
    BOOST_TEST((parsed<template_command>({"template", "rm", "shop"}).what == action::remove));
    BOOST_TEST(parse({"template", "rm", "shop", "--json"})->json);
    BOOST_TEST(parse({"template", "add", "shop"}).error().text == "source is required; see: berth template add --help");
    BOOST_TEST(parse({"template", "rm", "../x"}).error().code == exit_code::usage);
    BOOST_TEST(parse({"template"}).error().code == exit_code::usage);
    BOOST_TEST(parsed<text_command>({"template", "add", "--help"}).text.find("berth template add") !=
               std::string::npos);
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

BOOST_AUTO_TEST_CASE(words_that_people_type) {
    BOOST_TEST((parsed<action_command>({"start", "a", "--wait", "--timeout", "9"}).action == bulk_action::start));
    BOOST_TEST(parsed<action_command>({"restart", "-a", "-w", "--timeout", "9"}).timeout.count() == 9);
    for (auto* flag : {"-y", "--yes", "-f", "--force"})
        BOOST_TEST(parsed<action_command>({"delete", flag, "a"}).yes);
    for (auto* alias : {"ls", "ps", "list"})
        BOOST_TEST(parsed<list_command>({alias, "--status", "online"}).statuses.size() == 1u);
    for (auto* alias : {"show", "status", "inspect"})
        BOOST_TEST(parsed<show_command>({"--json", alias, "ps"}).apps.front() == "ps"); // only the command is an alias
    BOOST_TEST(parsed<wait_command>({"wait", "a", "b", "--timeout", "3"}).apps.size() == 2u);
    BOOST_TEST(parsed<path_command>({"path", "a"}).app == "a");
    BOOST_TEST(parsed<why_command>({"why", "a"}).app == "a");
    BOOST_TEST(parsed<check_command>({"check", "a"}).app == "a");
    BOOST_TEST(parsed<cancel_command>({"cancel", "a"}).operation == "a");
    parsed<operations_command>({"operations"});
    BOOST_TEST(!parsed<activity_command>({"activity"}).app);
    auto activity = parsed<activity_command>({"activity", "shop", "-n", "2000"});
    BOOST_TEST((activity.app == "shop" && activity.lines == 2'000));
    parsed<doctor_command>({"doctor"});
    BOOST_TEST(parsed<text_command>({"version"}).text == "berth " BERTH_VERSION "\n");
    BOOST_TEST(parsed<text_command>({"help"}).text == parsed<text_command>({"--help"}).text);
    BOOST_TEST(parsed<text_command>({"help", "ps"}).text == parsed<text_command>({"ls", "--help"}).text);
}

BOOST_AUTO_TEST_CASE(lists) {
    using list = std::vector<std::string>;
    BOOST_TEST(parsed<list_command>({"ls", "-q"}).fields == list{"id"}, boost::test_tools::per_element());
    BOOST_TEST(parsed<list_command>({"ls", "--format", "name,port"}).fields == (list{"name", "port"}),
               boost::test_tools::per_element());
    BOOST_TEST(parsed<list_command>({"ls", "--sort=-memory"}).sort == "-memory");
    BOOST_TEST(parse({"ls", "--format", "nmae"}).error().text == "there is no field \"nmae\"; did you mean name?");
    BOOST_TEST(parse({"ls", "--sort", "weather"}).error().code == exit_code::usage);
    BOOST_TEST(parse({"ls", "-q", "--json"}).error().code == exit_code::usage);
    BOOST_TEST(parse({"ls", "--watch", "--sort", "port"}).error().code == exit_code::usage);
    BOOST_TEST(parse({"stop", "--category=", "demos"}).error().text.starts_with("a category cannot be blank"));
}

BOOST_AUTO_TEST_CASE(a_blank_category_is_a_slip) {
    const std::vector<std::vector<const char*>> rows = {{"ls", "-c", ""},
                                                        {"create", "a", "--category="},
                                                        {"create", "-c", " "},
                                                        {"stop", "-c", ""},
                                                        {"restart", "--category", "\t"},
                                                        {"start", "-c", ""},
                                                        {"rm", "-y", "-c", ""},
                                                        {"logs", "-c", ""}};
    for (auto& words : rows) {
        BOOST_TEST(parse(words).has_error(), words.front());
        BOOST_TEST(parse(words).error().text.starts_with("a category cannot be blank; see: berth "), words.front());
        BOOST_TEST(parse(words).error().code == exit_code::usage);
    }
}

BOOST_AUTO_TEST_CASE(slips) {
    auto said = [](std::vector<const char*> words) { return parse(std::move(words)).error().text; };
    BOOST_TEST(said({"lst"}) == "there is no command \"lst\" (did you mean list?); see: berth --help");
    BOOST_TEST(said({"restrat", "a"}) == "there is no command \"restrat\" (did you mean restart?); see: berth --help");
    BOOST_TEST(said({"exec", "a", "ls"}) == "there is no command \"exec\"; see: berth --help");
    BOOST_TEST(said({"--url", "x", "sotp", "a"}).find("did you mean stop") != std::string::npos);
    BOOST_TEST(nearest("log", {"ls", "logs"}) == "logs");
    BOOST_TEST(nearest("xyzzy", {"ls", "logs"}) == "");
    BOOST_TEST(nearest("q", {"ls", "ps"}) == "");
}

BOOST_AUTO_TEST_CASE(logs) {
    auto wish = parsed<logs_command>({"logs", "a"});
    BOOST_TEST((wish.out && wish.error && !wish.follow));
    BOOST_TEST(wish.lines == 200u);
    wish = parsed<logs_command>({"logs", "-f", "-n", "0", "--stderr", "a", "--reconnect", "0"});
    BOOST_TEST((!wish.out && wish.error && wish.follow));
    BOOST_TEST(wish.lines == 0u);
    BOOST_TEST(wish.patience.count() == 0);
    wish = parsed<logs_command>({"logs", "a", "b", "--tail", "5", "-f", "-t", "--grep", "GET /"});
    BOOST_TEST(wish.apps.size() == 2u);
    BOOST_TEST(wish.lines == 5u);
    BOOST_TEST((wish.times && wish.follow));
    BOOST_TEST(wish.grep == "GET /");
    BOOST_TEST(*parsed<logs_command>({"logs", "-c", "demos"}).category == "demos");
    BOOST_TEST(parsed<logs_command>({"logs", "--all"}).all);
    BOOST_TEST(!wish.since);
    BOOST_TEST(parsed<logs_command>({"logs", "a", "-f", "--since", "10m"}).since.has_value());
}

BOOST_AUTO_TEST_CASE(where_the_server_is) {
    BOOST_TEST(parse({"ls"})->url == "");
    BOOST_TEST(parse({"ls"}, {"", "http://localhost:4000", ""})->url == "http://localhost:4000");
    BOOST_TEST(parse({"ls", "--url", "localhost:5000"}, {"", "http://localhost:4000", ""})->url == "localhost:5000");
    auto before = parse({"--url", "localhost:5000", "--json", "ls"});
    BOOST_TEST(before->url == "localhost:5000");
    BOOST_TEST(before->json);
    BOOST_TEST(parse({"ls", "--json"})->json);
    for (auto* given : {"[::1]:5000", "[::1]"}) {
        BOOST_TEST(parse({"ls", "--url", given})->url == given);
        BOOST_TEST(parse({"--url", given, "ls"})->url == given);
        auto glued = std::string("--url=") + given;
        BOOST_TEST(parse({"ls", glued.c_str()})->url == given);
        BOOST_TEST(parse({glued.c_str(), "ls"})->url == given);
    }
    BOOST_TEST(parse({"ls"}, {"", "x", ""})->url_from == "$BERTH_URL");
    BOOST_TEST(parse({"ls", "--url", "y"}, {"", "x", ""})->url_from == "--url");
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
        {"logs", "a", "--all"},
        {"logs", "a", "-t"},
        {"logs", "a", "--since", "yesterday"},
        {"logs", "a", "--since", "10m", "-f", "--json"},
        {"logs", "a", "--grep", "x", "--json"},
        {"wait"},
        {"path"},
        {"why"},
        {"check", "a", "b"},
        {"cancel"},
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
    BOOST_TEST(parse({"ls", "--categry", "x"}).error().text.find("(did you mean --category?)") != std::string::npos);
    BOOST_TEST(parse({"logs", "a", "--folow"}).error().text.find("(did you mean --follow?)") != std::string::npos);
    BOOST_TEST(parse({"ls", "--jsn"}).error().text.find("(did you mean --json?)") != std::string::npos);
    BOOST_TEST(parse({"ls", "--nonsense"}).error().text.find("did you mean") == std::string::npos);
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
    std::vector<std::string> templates;
    if (needed(words).templates)
        templates = {"next", "shop"};
    for (auto& c : complete(words, needed(words).apps ? apps : std::vector<listed_app>(), templates))
        all.push_back(c.value);
    return all;
}
} // namespace

BOOST_AUTO_TEST_CASE(table) {
    using list = std::vector<std::string>;
    struct {
        list words, values;
    } const rows[] = {
        {{"rest"}, {"restart"}},
        {{"ps", "--status", "la"}, {"launching"}},
        {{"delete", "Sh"}, {"Shop"}},
        {{"ls", "--category=d"}, {"--category=demos"}},
        {{"ls", "--category="}, {"--category=demos"}},
        {{"ls", "--status=o"}, {"--status=online"}},
        {{"ls", "--sort", "po"}, {"port"}},
        {{"serve", "--root", ""}, {"@directories"}},
        {{"serve", "--root=x"}, {"@directories"}},
        {{"logs", "Shop", "t"}, {"two words"}},
        {{"--url", "localhost:1", "show", "s"}, {"Shop"}},
        {{"--json", "op"}, {"open", "operations"}},
        {{"nonsense"}, {}},
        {{"show", ""}, {"Shop", "two words"}},
        {{"activity", "s"}, {"Shop"}},
        {{"activity", "Shop", ""}, {}},
        {{"show", "s"}, {"Shop"}},
        {{"why", "s"}, {"Shop"}},
        {{"check", "Shop", ""}, {}},
        {{"stop", "Shop", "x"}, {"xyz1234567"}},
        {{"stop", "Shop", ""}, {"two words"}},
        {{"logs", "-f", "t"}, {"two words"}},
        {{"logs", "-n", ""}, {}},
        {{"logs", "-n", "5", "e"}, {"evil123456"}},
        {{"open", "Shop", ""}, {}},
        {{"create", ""}, {}},
        {{"create", "--category", ""}, {"demos"}},
        {{"create", "--from", "S"}, {"Shop"}},
        {{"create", "--template", ""}, {"next", "shop"}},
        {{"create", "-t", "s"}, {"shop"}},
        {{"template", ""}, {"ls", "add", "refresh", "rm"}},
        {{"template", "r"}, {"refresh", "rm"}},
        {{"template", "rm", ""}, {"next", "shop"}},
        {{"template", "add", ""}, {}},
        {{"template", "add", "x", ""}, {"@directories"}},
        {{"template", "ls", ""}, {}},
        {{"rm", "--keep"}, {"--keep-files"}},
        {{"ls", "-s", "o"}, {"online"}},
        {{"ls", "-s", "a"}, {"asleep"}},
        {{"sleep", "s"}, {"Shop"}},
        {{"wake", "Shop", "t"}, {"two words"}},
        {{"edit", "s"}, {"Shop"}},
        {{"serve", "--sl"}, {"--sleep-after"}},
        {{"completion", ""}, {"bash", "zsh", "fish"}},
        {{"serve", "--log-level", "w"}, {"warning"}},
        {{"serve", "--ma"}, {"--max-running"}},
    };
    for (auto& row : rows)
        BOOST_TEST(values(row.words) == row.values, boost::test_tools::per_element());
    BOOST_TEST(values({""}).size() == outline().size());
    BOOST_TEST(values({}).size() == outline().size());
    BOOST_TEST(!needed({"sh"}).apps);
    BOOST_TEST(needed({"show", ""}).apps);
}

BOOST_AUTO_TEST_CASE(a_typed_url_is_asked) {
    environment env{"", "localhost:4000", ""};
    auto url = [&](std::vector<const char*> words) {
        words.insert(words.begin(), "__complete");
        return parse(words, env)->url;
    };
    BOOST_TEST(url({"show", ""}) == "localhost:4000");
    BOOST_TEST(url({"--url", "localhost:5000", "show", ""}) == "localhost:5000");
    BOOST_TEST(url({"show", "--url=localhost:5000", ""}) == "localhost:5000");
    BOOST_TEST(url({"show", "--url", "local"}) == "localhost:4000"); // it is being typed
    BOOST_TEST(parse({"__complete_bash", ":=", "berth --url localhost:5000 show "}, env)->url == "localhost:5000");
}

BOOST_AUTO_TEST_CASE(scripts_ask_berth) {
    for (auto* shell : {"bash", "zsh", "fish"})
        BOOST_TEST(completion_script(shell).find("__complete") != std::string_view::npos);
    BOOST_TEST(completion_script("tcsh").empty());
    BOOST_TEST(to_lines({{"a b", "help"}, {"c", ""}}) == "a b\thelp\nc\t\n");
}

BOOST_AUTO_TEST_SUITE_END()
