// History and activity through a real socket; the harness holds each answer against openapi.json.
#include "net/harness.hpp"

#include "net/api/remembered_calls.hpp"

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(remembered_over_http)

namespace {

constexpr std::int64_t noon = 1'769'860'800'000;

void fill(activity_log& log, int count) {
    for (int i = 0; i < count; ++i) {
        activity_entry e;
        e.at = noon + i;
        if (i % 2 == 0) {
            e.app = app_a;
            e.name = "brave-otter";
        }
        e.kind = i % 2 == 0 ? happening::online : happening::pm2_back;
        e.text = "text " + std::to_string(i);
        log.add(std::move(e));
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(an_apps_history_in_columns) {
    world w;
    sample one;
    one.at = noon;
    one.cpu_percent = 3.2;
    one.memory_mb = 628;
    one.status = status::online;
    sample two;
    two.at = noon + 5'000;
    w.orch.samples = {one, two};
    w.run([&]() -> task<> {
        raw_client c(w);
        auto r = co_await c.ask("GET", "/api/apps/" + app_a + "/history");
        BOOST_TEST(r.result_int() == 200);
        BOOST_TEST(r.body() == R"({"at":[1769860800000,1769860805000],"cpuPercent":[3.2,null],"memoryMB":[628,null],)"
                               R"("status":["online","stopped"]})");
        auto gone = co_await c.ask("GET", "/api/apps/zzzzzzzzzz/history");
        BOOST_TEST(code_of(gone) == "404 app_not_found");
        auto wrong = co_await c.ask("GET", "/api/apps/" + app_a + "/history?hours=2");
        BOOST_TEST(code_of(wrong) == "400 invalid_request");
        auto put = co_await c.ask("POST", "/api/apps/" + app_a + "/history");
        BOOST_TEST(code_of(put) == "405 method_not_allowed");
    });
}

BOOST_AUTO_TEST_CASE(activity_page_by_page) {
    world w;
    fill(w.orch.happened, 10);
    w.run([&]() -> task<> {
        raw_client c(w);
        auto first = json_of(co_await c.ask("GET", "/api/activity?limit=4"));
        BOOST_TEST(first["entries"].size() == 4u);
        BOOST_TEST(first["entries"][0]["text"] == "text 9");
        BOOST_TEST(first["entries"][0]["app"].is_null());
        BOOST_TEST(first["entries"][1]["name"] == "brave-otter");
        auto next = json_of(co_await c.ask("GET", "/api/activity?limit=500&before=" + first["before"].dump()));
        BOOST_TEST(next["entries"].size() == 6u);
        BOOST_TEST(next["entries"][0]["text"] == "text 5");
        BOOST_TEST(next["before"].is_null());
        auto mine = json_of(co_await c.ask("GET", "/api/activity?app=" + app_a));
        BOOST_TEST(mine["entries"].size() == 5u);
        auto nobody = json_of(co_await c.ask("GET", "/api/activity?app=zzzzzzzzzz"));
        BOOST_TEST(nobody["entries"].empty());
        BOOST_TEST(nobody["before"].is_null());
        co_await c.ask("GET", "/api/activity?app=" + w.orch.apps()->find(app_a)->app.name);
        BOOST_TEST(w.orch.last_activity_query.app.value() == app_a); // a name is as good
        for (auto* wrong : {"limit=0", "limit=501", "limit=-1", "limit=x", "before=0", "before=1.5",
                            "before=9007199254740992", "limit=1&limit=2", "after=1"}) {
            auto r = co_await c.ask("GET", std::string("/api/activity?") + wrong);
            BOOST_TEST(code_of(r) == "400 invalid_request", wrong);
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
