// Every call of the API through a real socket; the harness holds each answer against openapi.json.
#include "net/harness.hpp"

#include "net/api/openapi.hpp"

#include <fstream>
#include <iterator>

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(api)

BOOST_AUTO_TEST_CASE(lists_and_filters) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto all = co_await c.ask("GET", "/api/apps");
        BOOST_TEST(all.result_int() == 200);
        BOOST_TEST(all.body() == w.orch.apps()->json);
        BOOST_TEST(all[http::field::cache_control] == "no-store");
        BOOST_TEST(w.orch.syncs_asked == 1);
        auto demos = co_await c.ask("GET", "/api/apps?category=demos");
        BOOST_TEST(json_of(demos).size() == 1u);
        BOOST_TEST(json_of(demos)[0]["id"] == app_a);
        auto none = co_await c.ask("GET", "/api/apps?category=");
        BOOST_TEST(json_of(none)[0]["id"] == app_b);
        auto nobody = co_await c.ask("GET", "/api/apps?category=x");
        BOOST_TEST(nobody.body() == "[]");
        auto unknown = co_await c.ask("GET", "/api/apps?categorie=demos");
        BOOST_TEST(code_of(unknown) == "400 invalid_request");
        auto one = co_await c.ask("GET", "/api/apps/" + app_b);
        BOOST_TEST(json_of(one)["name"] == "calm-bay");
        auto gone = co_await c.ask("GET", "/api/apps/zzzzzzzzzz");
        BOOST_TEST(code_of(gone) == "404 app_not_found");
    });
}

BOOST_AUTO_TEST_CASE(an_app_by_its_name) {
    world w;
    w.orch.set({make_app(app_a, "brave-otter", 3100), make_app(app_b, "My shop/Übersee", 3101),
                make_app("cccccccccc", app_a, 3102), make_app("dddddddddd", "eeeeeeeeee", 3103)});
    w.run([&]() -> task<> {
        raw_client c(w);
        struct {
            std::string asked, id;
        } rows[] = {
            {app_a, app_a}, // a name that is an id wins as an id
            {"cccccccccc", "cccccccccc"},
            {"Brave-Otter", app_a},
            {"brave%2dotter", app_a},
            {"my%20shop%2F%C3%9Cbersee", app_b},
            {"eeeeeeeeee", "dddddddddd"}, // an id's form, and nobody's
        };
        for (auto& row : rows) {
            auto r = co_await c.ask("GET", "/api/apps/" + row.asked);
            BOOST_TEST(json_of(r).value("id", "") == row.id, row.asked);
            w.orch.calls.clear();
            auto stopped = co_await c.ask("POST", "/api/apps/" + row.asked + "/stop");
            auto restarted = co_await c.ask("POST", "/api/apps/" + row.asked + "/restart");
            auto removed = co_await c.ask("DELETE", "/api/apps/" + row.asked + "?cleanup=false");
            BOOST_TEST(removed.result_int() == 200);
            std::vector<std::string> expected = {"stop " + row.id, "restart " + row.id, "remove " + row.id};
            BOOST_TEST(w.orch.calls == expected, boost::test_tools::per_element());
            auto logs = co_await c.ask("GET", "/api/apps/" + row.asked + "/logs");
            BOOST_TEST(logs.result_int() == 200);
            auto log = co_await c.ask("GET", "/api/apps/" + row.asked + "/logs/stderr");
            BOOST_TEST(std::string(log["Content-Disposition"]).find(row.id) != std::string::npos);
        }
        auto several = co_await c.ask_json("POST", "/api/apps/actions",
                                           R"({"action":"stop","ids":["BRAVE-OTTER","cccccccccc","x"]})");
        auto results = json_of(several)["results"];
        BOOST_TEST(results[0]["id"] == app_a);
        BOOST_TEST(results[1]["ok"] == true);
        BOOST_TEST(results[2]["id"] == "x");
        BOOST_TEST(results[2]["error"]["code"] == "app_not_found");
        auto gone = co_await c.ask("GET", "/api/apps/brave");
        BOOST_TEST(code_of(gone) == "404 app_not_found");
    });
}

BOOST_AUTO_TEST_CASE(templates) {
    world w;
    w.orch.shelf.resize(2);
    w.orch.shelf[0] = {"next", "create-next-app", true, {}, {}};
    w.orch.shelf[1] = {"shop", "/projects/shop", false, template_facts{}, app_a};
    w.run([&]() -> task<> {
        raw_client c(w);
        auto all = co_await c.ask("GET", "/api/templates");
        BOOST_TEST(json_of(all).size() == 2u);
        BOOST_TEST(json_of(all)[0]["builtIn"] == true);
        BOOST_TEST(json_of(all)[0]["madeAt"].is_null());
        BOOST_TEST(json_of(all)[1]["operation"] == app_a);
        auto made = co_await c.ask_json("POST", "/api/templates", R"({"name":"x","source":"github:a/b"})");
        BOOST_TEST(made.result_int() == 201);
        BOOST_TEST(json_of(made)["node"] == "v20.9.0");
        auto refreshed = co_await c.ask("POST", "/api/templates/x/refresh");
        BOOST_TEST(refreshed.result_int() == 200);
        auto removed = co_await c.ask("DELETE", "/api/templates/x");
        BOOST_TEST(json_of(removed)["name"] == "x");
        std::vector<std::string> expected = {"add template x github:a/b", "refresh template x", "remove template x"};
        BOOST_TEST(w.orch.calls == expected, boost::test_tools::per_element());
        auto bad = co_await c.ask_json("POST", "/api/templates", R"({"name":"x"})");
        BOOST_TEST(code_of(bad) == "400 invalid_request");
        w.orch.failure = error{errc::template_not_found, "There is no template called x."};
        auto gone = co_await c.ask("DELETE", "/api/templates/x");
        BOOST_TEST(code_of(gone) == "404 template_not_found");
    });
}

BOOST_AUTO_TEST_CASE(creates_from_something) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto made = co_await c.ask_json("POST", "/api/apps", R"({"name":"a","template":"shop"})");
        BOOST_TEST(made.result_int() == 201);
        auto fork = co_await c.ask_json("POST", "/api/apps", R"({"name":"b","from":"Brave-Otter"})");
        BOOST_TEST(fork.result_int() == 201);
        auto fresh = co_await c.ask_json("POST", "/api/apps", R"({"name":"c","fresh":true})");
        BOOST_TEST(fresh.result_int() == 201);
        std::vector<std::string> expected = {"create a|-|shop", "created",          "create b|-|app:" + app_a,
                                             "created",         "create c|-|fresh", "created"};
        BOOST_TEST(w.orch.calls == expected, boost::test_tools::per_element());
        auto nobody = co_await c.ask_json("POST", "/api/apps", R"({"from":"no such app"})");
        BOOST_TEST(code_of(nobody) == "404 app_not_found");
        auto both = co_await c.ask_json("POST", "/api/apps", R"({"from":"a","template":"b"})");
        BOOST_TEST(code_of(both) == "400 invalid_request");
    });
}

BOOST_AUTO_TEST_CASE(the_list_says_when_nothing_has_changed) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto first = co_await c.ask("GET", "/api/apps");
        std::string etag(first[http::field::etag]);
        BOOST_TEST(etag.starts_with('"')); // strong
        auto same = co_await c.ask("GET", "/api/apps", "If-None-Match: " + etag + "\r\n");
        BOOST_TEST(same.result_int() == 304);
        BOOST_TEST(same[http::field::etag] == etag);
        BOOST_TEST(same.body() == "");
        BOOST_TEST(w.orch.syncs_asked == 2); // it has looked
        w.orch.put(make_app(app_b, "calm-bay", 3109));
        auto changed = co_await c.ask("GET", "/api/apps", "If-None-Match: " + etag + "\r\n");
        BOOST_TEST(changed.result_int() == 200);
        BOOST_TEST(changed[http::field::etag] != etag);
    });
}

BOOST_AUTO_TEST_CASE(reads_wait_for_the_sync) {
    world w;
    w.orch.freshness.close();
    w.run([&]() -> task<> {
        raw_client c(w);
        co_await c.send("GET /api/apps HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
        co_await w.until([&] { return w.orch.freshness.waiting() == 1; });
        w.orch.set({});
        w.orch.freshness.open();
        auto r = co_await c.receive();
        BOOST_TEST(r.body() == "[]"); // as of after the sync
    });
}

BOOST_AUTO_TEST_CASE(creates) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto made = co_await c.ask_json("POST", "/api/apps", R"({"name":"shop","category":"demos"})");
        BOOST_TEST(made.result_int() == 201);
        BOOST_TEST(made[http::field::location] == "/api/apps/new0000001");
        BOOST_TEST(json_of(made)["name"] == "shop");
        auto plain = co_await c.ask("POST", "/api/apps");
        BOOST_TEST(plain.result_int() == 201);
        BOOST_TEST(w.orch.calls[0] == "create shop|demos");
        BOOST_TEST(w.orch.calls[2] == "create -|-");
        for (auto code :
             {errc::name_taken, errc::limit_reached, errc::no_port_available, errc::cancelled, errc::scaffold_failed,
              errc::storage_failed, errc::manifest_invalid, errc::pm2_unavailable, errc::shutting_down}) {
            w.orch.failure = error{code, "In words."};
            auto failed = co_await c.ask("POST", "/api/apps");
            BOOST_TEST(code_of(failed) == std::to_string(http_status(code)) + " " + std::string(to_string(code)));
            BOOST_TEST(failed[http::field::content_type] == "application/problem+json");
            BOOST_TEST(json_of(failed)["detail"] == "In words.");
        }
        auto wrong = co_await c.ask_json("POST", "/api/apps", R"({"name":5})");
        BOOST_TEST(code_of(wrong) == "400 invalid_request");
        auto query = co_await c.ask("POST", "/api/apps?name=x");
        BOOST_TEST(code_of(query) == "400 invalid_request");
    });
}

BOOST_AUTO_TEST_CASE(a_create_goes_on_without_its_client) {
    world w;
    w.orch.creating.close();
    w.run([&]() -> task<> {
        {
            raw_client c(w);
            co_await c.send("POST /api/apps HTTP/1.1\r\nHost: " + w.host() + "\r\n\r\n");
            co_await w.until([&] { return w.orch.creating.waiting() == 1; });
        }
        w.orch.creating.open();
        co_await w.until([&] { return w.orch.calls.back() == "created"; });
    });
}

BOOST_AUTO_TEST_CASE(edits) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto edited = co_await c.ask_json("PATCH", "/api/apps/" + app_a, R"({"name":"two","notes":null,"lan":true})");
        BOOST_TEST(edited.result_int() == 200);
        BOOST_TEST(json_of(edited)["id"] == app_a);
        BOOST_TEST(w.orch.last_edit.name.value_or("") == "two");
        BOOST_TEST(!w.orch.last_edit.notes.value().has_value());
        BOOST_TEST(w.orch.last_edit.lan.value());
        w.orch.failure = error{errc::name_taken, "In words."};
        auto taken = co_await c.ask_json("PATCH", "/api/apps/" + app_a, R"({"name":"three"})");
        BOOST_TEST(code_of(taken) == "409 name_taken");
        auto wrong = co_await c.ask_json("PATCH", "/api/apps/" + app_a, R"({"port":1})");
        BOOST_TEST(code_of(wrong) == "400 invalid_request");
        auto none = co_await c.ask_json("PATCH", "/api/apps/nobody", R"({"name":"x"})");
        BOOST_TEST(code_of(none) == "404 app_not_found");
    });
}

BOOST_AUTO_TEST_CASE(stops_restarts_and_deletes) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto stopped = co_await c.ask("POST", "/api/apps/" + app_a + "/stop");
        BOOST_TEST(json_of(stopped)["id"] == app_a);
        auto restarted = co_await c.ask_json("POST", "/api/apps/" + app_a + "/restart", "{}");
        BOOST_TEST(restarted.result_int() == 200);
        w.orch.failure = error{errc::not_running, "Nothing to stop."};
        auto idle = co_await c.ask("POST", "/api/apps/" + app_a + "/stop");
        BOOST_TEST(code_of(idle) == "409 not_running");
        w.orch.failure = error{errc::limit_reached, "Twenty run."};
        auto limit = co_await c.ask("POST", "/api/apps/" + app_a + "/restart");
        BOOST_TEST(code_of(limit) == "409 limit_reached");
        auto deleted = co_await c.ask("DELETE", "/api/apps/" + app_a);
        BOOST_TEST(deleted.body() == R"({"id":"aaaaaaaaaa","warning":null})");
        w.orch.warning = "The folder stayed.";
        auto kept = co_await c.ask("DELETE", "/api/apps/" + app_a + "?cleanup=false");
        BOOST_TEST(json_of(kept)["warning"] == "The folder stayed.");
        auto bad = co_await c.ask("DELETE", "/api/apps/" + app_a + "?cleanup=maybe");
        BOOST_TEST(code_of(bad) == "400 invalid_request");
        auto body = co_await c.ask_json("POST", "/api/apps/" + app_a + "/stop", R"({"force":true})");
        BOOST_TEST(code_of(body) == "400 invalid_request");
        auto gone = co_await c.ask("POST", "/api/apps/zzzzzzzzzz/stop");
        BOOST_TEST(code_of(gone) == "404 app_not_found");
    });
    std::vector<std::string> expected = {
        "stop " + app_a,   "restart " + app_a, "stop " + app_a, "restart " + app_a, "remove " + app_a + " cleanup",
        "remove " + app_a, "stop zzzzzzzzzz"};
    BOOST_TEST(w.orch.calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(puts_to_sleep_and_wakes) {
    world w;
    auto sleeper = make_app(app_b, "calm-bay", 3101);
    sleeper.asleep = nap{1769869800000, nap::cause::idle};
    sleeper.status = status::stopped;
    w.orch.set({make_app(app_a, "brave-otter", 3100), sleeper});
    w.run([&]() -> task<> {
        raw_client c(w);
        auto slept = co_await c.ask("POST", "/api/apps/" + app_a + "/sleep");
        BOOST_TEST(json_of(slept)["asleep"] == false);
        auto by_name = co_await c.ask_json("POST", "/api/apps/calm-bay/sleep", "{}");
        BOOST_TEST(json_of(by_name)["asleep"] == true);
        auto woken = co_await c.ask("POST", "/api/apps/calm-bay/wake");
        BOOST_TEST(json_of(woken)["id"] == app_b);
        w.orch.failure = error{errc::not_running, "Nothing of it runs."};
        auto idle = co_await c.ask("POST", "/api/apps/" + app_a + "/sleep");
        BOOST_TEST(code_of(idle) == "409 not_running");
        for (auto [code, told] :
             {std::pair{errc::not_asleep, "409 not_asleep"}, {errc::limit_reached, "409 limit_reached"}}) {
            w.orch.failure = error{code, "In words."};
            auto refused = co_await c.ask("POST", "/api/apps/" + app_a + "/wake");
            BOOST_TEST(code_of(refused) == told);
        }
        auto body = co_await c.ask_json("POST", "/api/apps/" + app_a + "/wake", R"({"now":true})");
        BOOST_TEST(code_of(body) == "400 invalid_request");
        auto gone = co_await c.ask("POST", "/api/apps/zzzzzzzzzz/wake");
        BOOST_TEST(code_of(gone) == "404 app_not_found");
    });
    std::vector<std::string> expected = {"sleep " + app_a, "sleep " + app_b, "wake " + app_b,   "sleep " + app_a,
                                         "wake " + app_a,  "wake " + app_a,  "wake zzzzzzzzzz"};
    BOOST_TEST(w.orch.calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(health_and_metrics_tell_of_sleep) {
    world w;
    auto sleeper = make_app(app_b, "calm-bay", 3101);
    sleeper.asleep = nap{1769869800000, nap::cause::memory};
    sleeper.status = status::stopped;
    w.orch.set({make_app(app_a, "brave-otter", 3100), sleeper});
    w.orch.bedtimes.after = std::chrono::seconds(90);
    w.orch.bedtimes.memory_floor = 25;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto health = co_await c.ask("GET", "/api/health");
        BOOST_TEST(json_of(health)["sleep"].dump() == R"({"afterSeconds":90,"asleep":1,"memoryFloorPercent":25})");
        w.orch.bedtimes.after.reset();
        health = co_await c.ask("GET", "/api/health");
        BOOST_TEST(json_of(health)["sleep"]["afterSeconds"].is_null());
        auto metrics = co_await c.ask("GET", "/metrics");
        BOOST_TEST(metrics.body().find("\nberth_apps_asleep 1\n") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(checks_a_page_and_says_why) {
    world w;
    auto broken = make_app(app_a, "brave-otter", 3100);
    broken.page.emplace();
    broken.page->state = page::condition::broken;
    broken.page->errors = 1;
    broken.page->first = page_issue{"src/app/page.tsx", 70, 18, "Expression expected", "> 70 | <p>"};
    broken.page->checked_at = 1769869800000;
    auto crashed = make_app(app_b, "calm-bay", 3101);
    crashed.status = status::errored;
    crashed.status_reason = "It exited with code 3.";
    crashed.exit_code = 3;
    w.orch.set({broken, crashed});
    w.orch.last_output = "Error: boom\n";
    w.run([&]() -> task<> {
        raw_client c(w);
        auto checked = co_await c.ask("POST", "/api/apps/brave-otter/check");
        BOOST_TEST(checked.result_int() == 200);
        BOOST_TEST(json_of(checked)["page"]["first"]["line"] == 70);
        auto why = co_await c.ask("GET", "/api/apps/brave-otter/why");
        BOOST_TEST(json_of(why)["page"]["state"] == "broken");
        BOOST_TEST(json_of(why)["exit"].is_null());
        why = co_await c.ask("GET", "/api/apps/calm-bay/why");
        BOOST_TEST(json_of(why)["sentence"] == "It exited with code 3.");
        BOOST_TEST(json_of(why)["exit"]["code"] == 3);
        BOOST_TEST(json_of(why)["lastWords"][0] == "Error: boom");
        w.orch.failure = error{errc::not_running, "It is not online."};
        auto idle = co_await c.ask("POST", "/api/apps/calm-bay/check");
        BOOST_TEST(code_of(idle) == "409 not_running");
        for (auto call : {"POST /api/apps/zzzzzzzzzz/check", "GET /api/apps/zzzzzzzzzz/why"}) {
            std::string_view words = call;
            auto space = words.find(' ');
            std::string method(words.substr(0, space)), target(words.substr(space + 1));
            auto gone = co_await c.ask(method, target);
            BOOST_TEST(code_of(gone) == "404 app_not_found");
        }
        auto query = co_await c.ask("GET", "/api/apps/brave-otter/why?x=1");
        BOOST_TEST(code_of(query) == "400 invalid_request");
        auto metrics = co_await c.ask("GET", "/metrics");
        auto& text = metrics.body();
        BOOST_TEST(text.find("berth_app_page_broken{id=\"" + app_a + "\",name=\"brave-otter\"} 1\n") != text.npos);
        BOOST_TEST(text.find("berth_app_page_broken{id=\"" + app_b + "\",name=\"calm-bay\"} 0\n") != text.npos);
    });
    std::vector<std::string> expected = {"check " + app_a, "why " + app_a,     "why " + app_b,
                                         "check " + app_b, "check zzzzzzzzzz", "why zzzzzzzzzz"};
    BOOST_TEST(w.orch.calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ids_that_no_app_can_have_reach_nobody) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        for (std::string id : {"..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "AAAAAAAAAA", "aaaaaaaaa", "aaaaaaaaaaa",
                               "aaaaaaaaa%0a", "%24%28reboot%29", "aaaaaaaaa%C3%A9"}) {
            auto deleted = co_await c.ask("DELETE", "/api/apps/" + id);
            BOOST_TEST(code_of(deleted) == "404 app_not_found");
            auto log = co_await c.ask("GET", "/api/apps/" + id + "/logs/stdout");
            BOOST_TEST(code_of(log) == "404 app_not_found");
        }
        auto nul = co_await c.ask("DELETE", "/api/apps/aaaaaaaaa%00");
        BOOST_TEST(code_of(nul) == "400 invalid_request");
    });
    BOOST_TEST(w.orch.calls.empty());
    BOOST_TEST(w.logs.reads == 0);
}

BOOST_AUTO_TEST_CASE(bulk) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto mixed = co_await c.ask_json("POST", "/api/apps/actions",
                                         R"({"action":"delete","ids":["aaaaaaaaaa","../../etc","bbbbbbbbbb"]})");
        auto results = json_of(mixed)["results"];
        BOOST_TEST(results.size() == 3u);
        BOOST_TEST(results[0]["ok"] == true);
        BOOST_TEST(results[0]["error"].is_null());
        BOOST_TEST(results[1]["error"]["code"] == "app_not_found");
        auto kept = co_await c.ask_json("POST", "/api/apps/actions",
                                        R"({"action":"delete","ids":["aaaaaaaaaa"],"cleanup":false})");
        BOOST_TEST(kept.result_int() == 200);
        auto asleep = co_await c.ask_json("POST", "/api/apps/actions", R"({"action":"sleep","all":true})");
        BOOST_TEST(asleep.result_int() == 200);
        auto awake = co_await c.ask_json("POST", "/api/apps/actions", R"({"action":"wake","category":null})");
        BOOST_TEST(awake.result_int() == 200);
        auto what = [](bulk_action a) { return "bulk " + std::to_string(static_cast<int>(a)); };
        std::vector<std::string> asked = {
            what(bulk_action::remove) + " 0", what(bulk_action::remove_but_keep_folder) + " 0",
            what(bulk_action::sleep) + " 2", what(bulk_action::wake) + " 1"};
        BOOST_TEST(w.orch.calls == asked, boost::test_tools::per_element());
        auto all = co_await c.ask_json("POST", "/api/apps/actions", R"({"action":"stop","all":true})");
        BOOST_TEST(all.body() == R"({"results":[]})");
        auto wrong = co_await c.ask_json("POST", "/api/apps/actions", R"({"action":"stop"})");
        BOOST_TEST(code_of(wrong) == "400 invalid_request");
        auto missing = co_await c.ask("POST", "/api/apps/actions");
        BOOST_TEST(code_of(missing) == "400 invalid_request");
    });
}

BOOST_AUTO_TEST_CASE(operations_and_cancel) {
    world w;
    operation o;
    o.id = "cccccccccc";
    o.name = "shop";
    o.port = 3150;
    o.at = operation::phase::scaffolding;
    o.line = "added 358 packages";
    o.started_at = "2026-01-31T14:30:00.000Z";
    o.request = "mine";
    w.orch.under_way = {o};
    w.run([&]() -> task<> {
        raw_client c(w);
        auto list = co_await c.ask("GET", "/api/operations");
        BOOST_TEST(json_of(list)[0]["request"] == "mine");
        BOOST_TEST(json_of(list)[0]["phase"] == "scaffolding");
        auto cancelled = co_await c.ask("DELETE", "/api/operations/cccccccccc");
        BOOST_TEST(json_of(cancelled)["phase"] == "cancelled");
        auto gone = co_await c.ask("DELETE", "/api/operations/dddddddddd");
        BOOST_TEST(code_of(gone) == "404 operation_not_found");
    });
}

BOOST_AUTO_TEST_CASE(manifest_health_metrics_and_the_document_itself) {
    world w;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto manifest = co_await c.ask("GET", "/api/manifest");
        BOOST_TEST(manifest.body() == w.orch.manifest_text());
        BOOST_TEST(w.orch.syncs_asked == 1);
        auto health = co_await c.ask("GET", "/api/health");
        BOOST_TEST(json_of(health)["status"] == "ok");
        w.orch.standing = {{"manifest_invalid", "Line 4."}};
        auto degraded = co_await c.ask("GET", "/api/health");
        BOOST_TEST(json_of(degraded)["status"] == "degraded");
        BOOST_TEST(json_of(degraded)["problems"][0]["detail"] == "Line 4.");
        BOOST_TEST(w.orch.syncs_asked == 1); // neither waits for a sync
        auto metrics = co_await c.ask("GET", "/metrics");
        BOOST_TEST(w.orch.syncs_asked == 2); // figures of what is, not of what was
        BOOST_TEST(metrics.body().find("berth_apps{status=\"online\"} 2\n") != std::string::npos);
        BOOST_TEST(metrics.body().find("berth_http_requests_total{route=\"health\",status=\"2xx\"} 2\n") !=
                   std::string::npos);
        auto document = co_await c.ask("GET", "/api/openapi.json");
        std::ifstream file(BERTH_SOURCE_DIR "/src/net/api/openapi.json");
        BOOST_TEST((document.body() == std::string(std::istreambuf_iterator<char>(file), {})));
    });
}

BOOST_AUTO_TEST_CASE(a_bug_is_a_500_and_the_connection_lives) {
    world w;
    w.orch.throws = true;
    w.run([&]() -> task<> {
        raw_client c(w);
        auto r = co_await c.ask("POST", "/api/apps/" + app_a + "/stop");
        BOOST_TEST(code_of(r) == "500 internal_error");
        BOOST_TEST(r.body().find("a bug of the test") == std::string::npos);
        w.orch.throws = false;
        auto again = co_await c.ask("POST", "/api/apps/" + app_a + "/stop");
        BOOST_TEST(again.result_int() == 200);
    });
}

// What the document says of itself: every error code it lists is one of ours, and every one of ours is listed.
BOOST_AUTO_TEST_CASE(the_document_lists_the_error_codes) {
    std::set<std::string> ours;
    for (int i = 0; i <= static_cast<int>(errc::range_not_satisfiable); ++i)
        ours.insert(std::string(to_string(static_cast<errc>(i))));
    std::set<std::string> listed;
    for (auto& code : api_document::get().document()["components"]["schemas"]["ProblemCode"]["enum"])
        listed.insert(code.get<std::string>());
    BOOST_TEST(ours == listed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_document_s_examples_fit_it) {
    for (auto& [name, schema] : api_document::get().document()["components"]["schemas"].items())
        for (auto& example : schema.value("examples", nlohmann::json::array()))
            BOOST_TEST(api_document::get().check_schema(name, example) == "");
}

BOOST_AUTO_TEST_SUITE_END()
