#include "core/manifest.hpp"

#include "core/app_json.hpp"
#include "core/names.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

namespace {

const std::string one_app = R"({
  "version": "1.0.0", "portRange": [3100, 3199], "mine": {"kept": true},
  "apps": {"abcdefghij": {"id": "abcdefghij", "name": "client-preview", "category": "demos",
    "directory": "./created-apps/abcdefghij", "port": 3101, "createdAt": "2026-01-31T14:30:00.000Z",
    "pmId": 7, "pid": 48210, "status": "online", "memoryMB": 247, "cpuPercent": 3.2,
    "startedAt": 1738334400000, "restarts": 0, "note": "theirs"}}
})";

std::string why(std::string text) { return parse_manifest(text).error().detail; }

std::string with(std::string from, std::string to) {
    auto text = one_app;
    auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

BOOST_AUTO_TEST_SUITE(manifests)

BOOST_AUTO_TEST_CASE(the_documents_own_example_is_read) {
    auto m = parse_manifest(one_app).value();
    auto& a = m.apps.at("abcdefghij").app;
    BOOST_TEST(a.name == "client-preview");
    BOOST_TEST((a.status == status::online));
    BOOST_TEST((a.wanted == intent::run)); // implied
    BOOST_TEST(m.apps.at("abcdefghij").other.at("note") == "theirs");
    BOOST_TEST(m.other.at("mine").at("kept") == true);
}

BOOST_AUTO_TEST_CASE(there_and_back) {
    auto m = parse_manifest(one_app).value();
    auto again = parse_manifest(format_manifest(m)).value();
    BOOST_TEST((m == again));
}

BOOST_AUTO_TEST_CASE(an_adopted_project_is_where_it_says) {
    auto adopted = with("\"directory\": \"./created-apps/abcdefghij\"",
                        R"("owned": false, "directory": "/projects/shop/../shop/apps/web/", "script": "start:dev",
    "lan": true, "keepAwake": true, "notes": "two\nlines", "packageManager": "pnpm",
    "startedWith": {"lan": false, "category": "old"})");
    auto m = parse_manifest(adopted).value();
    auto& a = m.apps.at("abcdefghij").app;
    BOOST_TEST(!a.owned());
    BOOST_TEST(a.directory() == "/projects/shop/apps/web");
    BOOST_TEST((a.folder("/berth") == "/projects/shop/apps/web"));
    BOOST_TEST(a.script == "start:dev");
    BOOST_TEST(a.notes.value_or("") == "two\nlines");
    BOOST_TEST((a.pending() == std::vector<std::string_view>{"category", "lan"}));
    BOOST_TEST((parse_manifest(format_manifest(m)).value() == m));
    BOOST_TEST(!to_json(a).contains("startedWith"));
}

BOOST_AUTO_TEST_CASE(a_manifest_from_before_reads_with_what_was_so_then) {
    auto m = parse_manifest(one_app).value();
    auto& a = m.apps.at("abcdefghij").app;
    BOOST_TEST(a.owned());
    BOOST_TEST(a.script == "dev");
    BOOST_TEST(!a.lan);
    BOOST_TEST(a.pending().empty());
    BOOST_TEST((a.folder("/berth") == "/berth/created-apps/abcdefghij"));
}

BOOST_AUTO_TEST_CASE(a_folder_of_somebody_must_be_said_to_be_his) {
    auto directory = std::string("\"directory\": \"./created-apps/abcdefghij\"");
    for (auto value :
         {"\"directory\": \"/projects/shop\"", // by a slip of the hand: it would be removed with the app
          "\"owned\": true, \"directory\": \"/projects/shop\"", "\"owned\": false",
          "\"owned\": false, \"directory\": \"./created-apps/abcdefghij\"", "\"owned\": false, \"directory\": \"/\"",
          "\"owned\": false, \"directory\": \"shop\"", "\"owned\": 1"})
        BOOST_TEST(why(with(directory, value)).find("apps.abcdefghij.") == 0u, value);
}

BOOST_AUTO_TEST_CASE(settings_are_static_fields) {
    auto m = parse_manifest(one_app).value();
    for (auto change :
         {+[](app& a) { a.notes = "x"; }, +[](app& a) { a.lan = true; }, +[](app& a) { a.adopted = "/x"; },
          +[](app& a) { a.script = "x"; }, +[](app& a) { a.keep_awake = true; }, +[](app& a) { a.name = "x"; }}) {
        auto other = m;
        change(other.apps.at("abcdefghij").app);
        BOOST_TEST(!same_static_fields(m, other));
    }
}

BOOST_AUTO_TEST_CASE(the_mark_of_a_delete_is_stored_and_not_shown) {
    auto m = parse_manifest(one_app).value();
    auto& a = m.apps.at("abcdefghij").app;
    BOOST_TEST(format_manifest(m).find("deleting") == std::string::npos);
    for (auto what : {removal::entry, removal::all}) {
        a.deleting = what;
        BOOST_TEST((parse_manifest(format_manifest(m)).value() == m));
        BOOST_TEST(!to_json(a).contains("deleting"));
    }
    BOOST_TEST(why(with("\"note\"", "\"deleting\": \"soon\", \"note\"")).find("apps.abcdefghij.deleting") == 0u);
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_told_from_a_broken_one) {
    BOOST_TEST(newer_version(with("\"1.0.0\"", "\"2.3.0\"")).value() == "2.3.0");
    BOOST_TEST(newer_version("{\"version\": \"10\"}").value() == "10");
    for (auto text : {"", "[]", "{}", "{\"version\": 2}", "{\"version\": \"1.9\"}", "{\"version\": \"0.1\"}",
                      "{\"version\": \"2x\"}", "{\"version\": \"two\"}", "{\"version\": \"2.0.0\""})
        BOOST_TEST(!newer_version(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(figures_are_told_from_what_matters) {
    auto m = parse_manifest(one_app).value();
    auto other = m;
    auto& a = other.apps.at("abcdefghij").app;
    a.memory_mb = 1;
    a.cpu_percent = 2;
    a.wrapper_memory_mb = 3;
    BOOST_TEST(only_figures_differ(m, other));
    a.pid = 4;
    BOOST_TEST(!only_figures_differ(m, other));
    other = m;
    other.other["mine"] = 1;
    BOOST_TEST(!only_figures_differ(m, other));
    other = m;
    other.apps.clear();
    BOOST_TEST(!only_figures_differ(m, other));
}

BOOST_AUTO_TEST_CASE(names_that_unicode_alone_calls_the_same_may_stay) {
    auto m = parse_manifest(one_app).value();
    auto second = m.apps.at("abcdefghij");
    m.apps.at("abcdefghij").app.name = "Über";
    second.app.id = "klmnopqrst";
    second.app.port = 3102;
    second.app.name = "über";
    m.apps["klmnopqrst"] = second;
    BOOST_TEST(parse_manifest(format_manifest(m)).has_value());
    m.apps.at("klmnopqrst").app.name = "ÜBER"; // by ASCII too
    m.apps.at("abcdefghij").app.name = "Über";
    BOOST_TEST(parse_manifest(format_manifest(m)).has_error());
}

BOOST_AUTO_TEST_CASE(broken_json_says_where) {
    BOOST_TEST(why("{\n  \"version\": \"1.0.0\",\n  oops\n}").find("line 3, column 3") == 0u);
    BOOST_TEST(why("").find("line 1, column 1") == 0u);
    BOOST_TEST(why(one_app + "x").find("line 7") == 0u);
}

BOOST_AUTO_TEST_CASE(wrong_values_say_where) {
    BOOST_TEST(why(with("3101", "\"3101\"")).find("apps.abcdefghij.port") == 0u);
    BOOST_TEST(why(with("3101", "70000")).find("apps.abcdefghij.port") == 0u);
    BOOST_TEST(why(with("[3100, 3199]", "[3199, 3100]")).find("portRange") == 0u);
    BOOST_TEST(why(with("\"online\"", "\"flying\"")).find("apps.abcdefghij.status") == 0u);
    BOOST_TEST(why(with("./created-apps/abcdefghij", "/etc")).find("apps.abcdefghij.directory") == 0u);
    BOOST_TEST(why(with("\"1.0.0\"", "\"2.0.0\"")).find("version") == 0u);
    BOOST_TEST(why(with("\"name\": \"client-preview\"", "\"name\": \"\"")).find("apps.abcdefghij.name") == 0u);
    BOOST_TEST(why("[]").find("must be an object") != std::string::npos);
    BOOST_TEST(why(R"({"apps": {"../etc": {}}})").find("not an app id") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(numbers_beyond_all_measure) {
    // 2^64 - 1 is -1 to a careless reader; 1e308 percent, rounded to one decimal, is infinite and printed as null.
    BOOST_TEST(why(with("\"pid\": 48210", "\"exitCode\": 18446744073709551615")).find("apps.abcdefghij.exitCode") ==
               0u);
    BOOST_TEST(why(with("3101", "18446744073709551615")).find("apps.abcdefghij.port") == 0u);
    BOOST_TEST(why(with("1738334400000", "9223372036854775808")).find("apps.abcdefghij.startedAt") == 0u);
    BOOST_TEST(why(with("247", "1e300")).find("apps.abcdefghij.memoryMB") == 0u);
    BOOST_TEST(why(with("247", "-1")).find("apps.abcdefghij.memoryMB") == 0u);
    BOOST_TEST(why(with("3.2", "1e308")).find("apps.abcdefghij.cpuPercent") == 0u);
    BOOST_TEST(parse_manifest(with("247", "2147483647")).has_value());
    BOOST_TEST(parse_manifest(with("1738334400000", "9223372036854775807")).has_value());
}

BOOST_AUTO_TEST_CASE(what_would_be_lost_without_a_word_is_refused) {
    BOOST_TEST(why(with("\"mine\"", "\"apps\": {}, \"mine\"")) == "apps: is given more than once.");
    BOOST_TEST(why(with("\"note\"", "\"port\": 3102, \"note\"")) == "port: is given more than once.");
}

BOOST_AUTO_TEST_CASE(nesting_has_a_bound) {
    auto nested = [](int depth) { return with("true", std::string(depth, '[') + std::string(depth, ']')); };
    BOOST_TEST(parse_manifest(nested(62)).has_value()); // and two around it
    BOOST_TEST(why(nested(63)).find("nested too deeply") != std::string::npos);
    BOOST_TEST(why(nested(1'000'000)).find("nested too deeply") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_one_short_sentence) {
    for (auto text :
         {"{\"version\": \"" + std::string(100'000, 'x'), with("abcdefghij\": {", std::string(100'000, 'x') + "\": {"),
          std::string("\xff\x9b\x01"), std::string("{\"\x9b\x01")}) {
        auto detail = why(text);
        BOOST_TEST(detail.size() < 500u);
        BOOST_TEST(detail == printable(detail, 500));
    }
}

BOOST_AUTO_TEST_CASE(two_apps_share_nothing) {
    auto two = with("\"note\": \"theirs\"}",
                    R"("note": 1}, "bbbbbbbbbb": {"id":"bbbbbbbbbb","name":"other","port":3101,"createdAt":"x"})");
    BOOST_TEST(why(two).find("belongs to another app") != std::string::npos);
    two = with("\"note\": \"theirs\"}",
               R"("note": 1}, "bbbbbbbbbb": {"id":"bbbbbbbbbb","name":"CLIENT-preview","port":3102,"createdAt":"x"})");
    BOOST_TEST(why(two).find("is called") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(static_fields) {
    auto m = parse_manifest(one_app).value();
    auto other = m;
    other.apps.at("abcdefghij").app.pid = 1;
    other.apps.at("abcdefghij").app.wanted = intent::stop;
    BOOST_TEST(same_static_fields(m, other));
    other.apps.at("abcdefghij").app.name = "x";
    BOOST_TEST(!same_static_fields(m, other));
    BOOST_TEST(!same_static_fields(m, manifest{}));
}

BOOST_AUTO_TEST_SUITE_END()
