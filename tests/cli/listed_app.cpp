#include "cli/listed_app.hpp"

#include "cli/list_view.hpp"
#include "samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth::cli;

namespace {

const std::vector<listed_app> apps = {sample_app("abc1234567", "Shop"), sample_app("abd1234567", "漢字 with spaces"),
                                      sample_app("xyz1234567", "abc"),  sample_app("ls01234567", "xyz1234567"),
                                      sample_app("twin123456", "one"),  sample_app("twin654321", "other")};

struct row {
    std::string reference;
    std::string id; // empty: none
    int code = exit_code::done;
};

const row rows[] = {
    {"abc1234567", "abc1234567", exit_code::done},
    {"shop", "abc1234567", exit_code::done},
    {"SHOP", "abc1234567", exit_code::done},
    {"漢字 with SPACES", "abd1234567", exit_code::done},
    {"abd1", "abd1234567", exit_code::done},
    {"ls01", "ls01234567", exit_code::done},
    {"abc", "xyz1234567", exit_code::done},        // a name comes before a prefix
    {"xyz1234567", "xyz1234567", exit_code::done}, // an id comes before a name
    {"l", "", exit_code::usage},                   // three letters may be anybody's
    {"abd", "", exit_code::usage},
    {"twin", "", exit_code::usage},
    {"zzz", "", exit_code::failed},
    {"nothing", "", exit_code::failed},
    {"", "", exit_code::failed},
    {"Sho", "", exit_code::failed}, // names are whole
};

} // namespace

BOOST_AUTO_TEST_SUITE(naming_apps)

BOOST_AUTO_TEST_CASE(table) {
    for (auto& r : rows) {
        BOOST_TEST_CONTEXT(r.reference) {
            auto found = resolve(apps, {r.reference});
            BOOST_TEST(found.has_value() == !r.id.empty());
            if (found)
                BOOST_TEST(found->apps.front().id == r.id);
            else
                BOOST_TEST(found.error().code == r.code);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_ambiguous_prefix_names_the_candidates) {
    auto found = resolve(apps, {"twin"});
    BOOST_TEST(found.error().text ==
               "\"twin\" could be any of twin123456 (one), twin654321 (other); give more of the id");
}

BOOST_AUTO_TEST_CASE(a_prefix_says_what_it_matched) {
    auto found = resolve(apps, {"abd1", "shop", "ls01234567"});
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->guesses == std::vector<std::string>{"abd1 is the app 漢字 with spaces (abd1234567)"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_short_prefix_says_how_long_it_must_be) {
    BOOST_TEST(resolve(apps, {"ls"}).error().text ==
               "\"ls\" is no app's name, and too short for the beginning of an id, which counts from 4 characters; "
               "see: berth ls");
}

BOOST_AUTO_TEST_CASE(where_nobody_is_asked_a_prefix_is_not_enough) {
    auto found = resolve(apps, {"shop", "abd1"}, naming::whole);
    BOOST_REQUIRE(found.has_error());
    BOOST_TEST(found.error().code == exit_code::usage);
    BOOST_TEST(found.error().text ==
               "\"abd1\" is only the beginning of an id (abd1234567, 漢字 with spaces), which is not "
               "enough to go on unasked; give the whole name or id");
    for (auto* whole : {"SHOP", "abd1234567", "abc"})
        BOOST_TEST(resolve(apps, {whole}, naming::whole).has_value());
}

BOOST_AUTO_TEST_CASE(each_app_once_in_the_order_asked_for) {
    auto found = resolve(apps, {"abd1", "shop", "abc1234567"});
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->apps.size() == 2u);
    BOOST_TEST(found->apps.at(0).id == "abd1234567");
    BOOST_TEST(found->apps.at(1).id == "abc1234567");
}

BOOST_AUTO_TEST_CASE(one_wrong_reference_fails_all) {
    BOOST_TEST(resolve(apps, {"shop", "nothing"}).error().text == "there is no app \"nothing\"; see: berth ls");
}

BOOST_AUTO_TEST_CASE(the_words_of_the_api_are_kept) {
    auto text = "[" + sample_json("abc1234567", "Shop").dump() + "," + sample_json("b", "x").dump() + "]";
    auto parsed = parse_apps(text);
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(to_json_array(*parsed) == text);
}

BOOST_AUTO_TEST_CASE(what_is_not_the_api_is_a_failure) {
    for (auto* text : {"", "{", "[1]", "[{}]", "{}", "{\"id\":1}", "<html>"}) {
        BOOST_TEST(parse_apps(text).has_error(), text);
        BOOST_TEST(parse_app(text).has_error(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(live_lists)

namespace {
std::string snapshot(std::vector<nlohmann::ordered_json> all) {
    return nlohmann::ordered_json{
        {"type", "snapshot"}, {"revision", 1}, {"apps", all}, {"operations", nlohmann::json::array()}}
        .dump();
}
std::string app_message(const nlohmann::ordered_json& app) {
    return nlohmann::ordered_json{{"type", "app"}, {"revision", 2}, {"app", app}}.dump();
}
std::string removed(const std::string& id) {
    return nlohmann::ordered_json{{"type", "removed"}, {"revision", 3}, {"id", id}}.dump();
}
} // namespace

BOOST_AUTO_TEST_CASE(follows_the_messages) {
    live_list list({});
    BOOST_TEST(!list.known());
    auto change = list.on_message(snapshot({}));
    BOOST_TEST(change.any);
    BOOST_TEST(list.known());

    change = list.on_message(app_message(sample_json("a", "one", "launching")));
    BOOST_TEST(change.ids.size() == 1u);
    change = list.on_message(app_message(sample_json("a", "one", "launching")));
    BOOST_TEST(change.any); // a figure may have changed
    BOOST_TEST(change.ids.empty());
    change = list.on_message(app_message(sample_json("a", "one", "online")));
    BOOST_TEST(change.ids.size() == 1u);
    BOOST_TEST(list.find("a")->status == "online");
    change = list.on_message(removed("a"));
    BOOST_TEST(change.ids.size() == 1u);
    BOOST_TEST(list.apps().empty());
    BOOST_TEST(!list.on_message(removed("a")).any);
}

BOOST_AUTO_TEST_CASE(a_snapshot_replaces_all) {
    live_list list({});
    list.on_message(snapshot({sample_json("a", "one"), sample_json("b", "two")}));
    auto change = list.on_message(snapshot({sample_json("b", "two", "errored"), sample_json("c", "three")}));
    BOOST_TEST(change.ids == (std::vector<std::string>{"a", "b", "c"}), boost::test_tools::per_element());
    BOOST_TEST(list.apps().size() == 2u);
}

BOOST_AUTO_TEST_CASE(newest_first) {
    live_list list({});
    auto older = sample_json("a", "one"), newer = sample_json("b", "two");
    newer["createdAt"] = "2026-02-01T00:00:00.000Z";
    list.on_message(snapshot({older}));
    list.on_message(app_message(newer));
    BOOST_TEST(list.apps().front().id == "b");
}

BOOST_AUTO_TEST_CASE(what_the_filter_hides_changes_nothing_but_going_does) {
    live_list list({{}, {"online"}});
    list.on_message(snapshot({sample_json("a", "one"), sample_json("b", "two", "stopped")}));
    BOOST_TEST(list.apps().size() == 1u);
    BOOST_TEST(!list.on_message(app_message(sample_json("b", "two", "errored"))).any);
    BOOST_TEST(list.on_message(app_message(sample_json("a", "one", "errored"))).ids.size() == 1u);
    BOOST_TEST(list.apps().empty());
}

BOOST_AUTO_TEST_CASE(what_it_does_not_know_is_ignored) {
    live_list list({});
    for (auto* text : {"", "[]", "{}", R"({"type":"weather"})", R"({"type":"app","app":{}})"})
        BOOST_TEST(!list.on_message(text).any, text);
}

BOOST_AUTO_TEST_CASE(details_name_the_reason) {
    auto value = sample_json("abc1234567", "Shop", "errored");
    value["statusReason"] = "It ended with exit code 1.";
    value["exitCode"] = 1;
    auto text = app_text(to_listed_app(value), 3099, 0, false);
    BOOST_TEST(text.starts_with(
        "Shop  errored\n  reason     It ended with exit code 1.\n  address    http://localhost:3100\n"));
    BOOST_TEST(text.find("last exit  code 1") != std::string::npos);
    BOOST_TEST(text.find("uptime") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(its_address_by_name) {
    auto value = sample_json("abc1234567", "My Shop");
    value["slug"] = "my-shop";
    auto text = app_text(to_listed_app(value), 3099, 0, false);
    BOOST_TEST(text.find("  by name    http://my-shop.localhost:3099\n") != std::string::npos);
    value.erase("slug"); // an older server
    text = app_text(to_listed_app(value), 3099, 0, false);
    BOOST_TEST(text.find("by name") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_it_is_in_git_and_when_it_was_opened) {
    auto value = sample_json("abc1234567", "shop");
    auto shown = [&] { return app_text(to_listed_app(value), 3099, 125'000, false); };
    BOOST_TEST(shown().find("git") == std::string::npos);
    BOOST_TEST(shown().find("opened") == std::string::npos);
    value["lastOpenedAt"] = 5'000;
    BOOST_TEST(shown().find("  opened     2m ago\n") != std::string::npos);
    std::string hash = "3f1c2d4e5f60718293a4b5c6d7e8f90112233445";
    struct {
        nlohmann::ordered_json branch, commit;
        std::string shown;
    } const rows[] = {{"main", hash, "main at 3f1c2d4"},
                      {nullptr, hash, "3f1c2d4 (no branch)"},
                      {"main", nullptr, "main (no commit yet)"},
                      {"a\x1b[31mb", hash, "a\uFFFD[31mb at 3f1c2d4"}};
    for (auto& row : rows) {
        value["git"] = {{"branch", row.branch}, {"commit", row.commit}};
        BOOST_TEST(shown().find("  git        " + row.shown + "\n") != std::string::npos, row.shown);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_page_is_shown_beside_the_status) {
    auto value = sample_json("abc1234567", "shop");
    value["page"] = {{"state", "broken"},
                     {"errors", 3},
                     {"first",
                      {{"file", "src/app/page.tsx"},
                       {"line", 70},
                       {"column", 18},
                       {"title", "Expression expected"},
                       {"frame", nullptr}}},
                     {"checkedAt", "2026-01-31T14:30:00.000Z"},
                     {"reason", nullptr}};
    auto app = to_listed_app(value);
    BOOST_TEST(state_word(app) == "online, page broken: src/app/page.tsx:70");
    BOOST_TEST(state_style(app) == "31");
    BOOST_TEST(app_text(app, 3099, 2000, false)
                   .find("page       broken: src/app/page.tsx:70: Expression expected (and 2 more)") !=
               std::string::npos);
    live_list list({});
    list.on_message(R"({"type":"snapshot","apps":[)" + sample_json("abc1234567", "shop").dump() + "]}");
    auto change = list.on_message(R"({"type":"app","app":)" + value.dump() + "}");
    BOOST_TEST(change.ids.size() == 1u);
    value["operation"] = "stopping";
    BOOST_TEST(state_word(to_listed_app(value)) == "stopping");
    value["operation"] = nullptr;
    value["page"]["first"] = nullptr;
    BOOST_TEST(state_word(to_listed_app(value)) == "online, page broken");
    value["page"]["state"] = "unchecked";
    value["page"]["reason"] = "Nobody has opened a page of it since it started.";
    BOOST_TEST(state_word(to_listed_app(value)) == "online");
    BOOST_TEST(app_text(to_listed_app(value), 3099, 2000, false).find("page       unchecked: Nobody has") !=
               std::string::npos);
    value.erase("page"); // an older server
    BOOST_TEST(to_listed_app(value).page == "");
}

BOOST_AUTO_TEST_CASE(one_that_sleeps_is_shown_as_asleep) {
    auto value = sample_json("abc1234567", "shop", "stopped");
    value["asleep"] = true;
    value["statusReason"] = "Asleep since 14:05.";
    auto app = to_listed_app(value);
    BOOST_TEST(state_word(app) == "asleep");
    BOOST_TEST(state_style(app) != state_style(sample_app("b", "two", "stopped")));
    BOOST_TEST(app_text(app, 3099, 2000, false).starts_with("shop  asleep\n  reason     Asleep since 14:05.\n"));
    BOOST_TEST(list_table({app}, 2000).columns.back().title != "REASON"); // to sleep is no trouble
    BOOST_TEST(app.json.find("\"stopped\"") != std::string::npos);      // the API's own words stay
    BOOST_TEST((list_filter{{}, {"asleep"}}.keeps(app)));
    BOOST_TEST((!list_filter{{}, {"stopped"}}.keeps(app)));
    live_list list({});
    list.on_message(snapshot({sample_json("abc1234567", "shop", "stopped")}));
    BOOST_TEST(list.on_message(app_message(value)).ids.size() == 1u);
    value["status"] = "online"; // its processes still live
    value["operation"] = "sleeping";
    BOOST_TEST(state_word(to_listed_app(value)) == "sleeping");
    value["operation"] = nullptr;
    BOOST_TEST(state_word(to_listed_app(value)) == "online");
    value["keepAwake"] = true;
    BOOST_TEST(app_text(to_listed_app(value), 3099, 2000, false).find("keep awake") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_adopted_project_says_so) {
    auto value = sample_json("abc1234567", "shop");
    BOOST_TEST(app_text(to_listed_app(value), 3099, 2000, false).find("adopted") == std::string::npos);
    value["owned"] = false;
    value["directory"] = "/projects/shop";
    value["packageManager"] = "pnpm";
    value["lan"] = true;
    value["notes"] = "for Tuesday";
    value["pending"] = {"lan"};
    auto text = app_text(to_listed_app(value), 3099, 2000, false);
    for (auto part : {"/projects/shop  (adopted: Berth changes nothing in it)", "pnpm run dev", "on all addresses",
                      "for Tuesday", "lan (from the next start on)"})
        BOOST_TEST(text.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_SUITE_END()
