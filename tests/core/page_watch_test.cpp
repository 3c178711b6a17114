// The page watch in the orchestrator: from evidence to what clients are shown.
#include "core/fixture.hpp"

using namespace berth;
using namespace berth::test;

namespace {

class fake_checker final : public page_checker {
public:
    page_answer compiled, tabs;
    int compiles = 0, asked_tabs = 0;
    bool hold = false, closed = false;

    fake_checker() { compiled.what = tabs.what = page_answer::outcome::told; }
    task<page_answer> ask(page_target, page_question question) override {
        ++(question == page_question::compile ? compiles : asked_tabs);
        co_await until([this] { return !hold || closed; });
        co_return question == page_question::compile ? compiled : tabs;
    }
    bool shows_request(std::string_view output) const override {
        auto started = output.rfind("Next.js");
        return output.find(" GET /", started == output.npos ? 0 : started) != output.npos;
    }
    void close() override { closed = true; }
};

class log_text final : public log_files {
public:
    std::map<std::string, std::string> out; // stdout by id

    task<result<log_excerpt>> excerpt(std::string, log_stream, log_query) override { co_return log_excerpt(); }
    task<result<log_piece>> read(std::string id, log_stream s, std::uint64_t from, std::size_t max) override {
        co_await settle(2);
        log_piece p;
        auto text = s == log_stream::out ? out[id] : std::string();
        p.size = text.size();
        p.from = from;
        if (from < p.size)
            p.bytes = text.substr(from, max);
        co_return p;
    }
    task<result<log_piece>> look(std::string id, log_stream s) override {
        co_await settle(2);
        log_piece p;
        p.size = s == log_stream::out ? out[id].size() : 0;
        co_return p;
    }
};

struct watched : fixture {
    fake_checker checker;
    log_text texts;

    watched() {
        pages = &checker;
        logs = &texts;
    }
    void write(const std::string& id, const std::string& text) {
        texts.out[id] += text;
        pm2.listener->on_wrote("orch-" + id);
    }
    task<> reaches(std::string id, page::condition wanted) {
        co_await until([&] {
            auto& page = shown(id).page;
            return page && page->state == wanted;
        });
    }
    void break_it() {
        checker.compiled.errors = 1;
        checker.compiled.first = page_issue{"src/app/page.tsx", 70, 18, "Expression expected", {}};
    }
};

watched& watched_in(fixture& f) { return static_cast<watched&>(f); }

task<std::string> online(fixture& f) {
    auto id = co_await f.make("demo");
    co_await until([&] { return f.shown(id).page.has_value(); });
    co_return id;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(page_watching, watched)

BOOST_AUTO_TEST_CASE(asked_after_a_page_was_opened_and_when_it_wrote) {
    with([](fixture& f) -> task<> {
        auto& w = watched_in(f);
        auto id = co_await online(f);
        BOOST_TEST((f.shown(id).page == page_that_nobody_opened()));
        w.write(id, "> demo\n Ready in 1 s\n");
        co_await f.berth->fresh();
        co_await settle(50);
        BOOST_TEST(w.checker.compiles == 0);
        BOOST_TEST(!f.shown(id).last_opened_at);

        w.break_it();
        w.write(id, " GET / 500 in 12ms\n");
        co_await w.reaches(id, page::condition::broken);
        BOOST_TEST(f.shown(id).last_opened_at.has_value());
        BOOST_TEST(f.shown(id).page->first->place() == "src/app/page.tsx:70");
        BOOST_TEST(w.checker.asked_tabs == 0); // what does not compile, no tab can tell more of

        w.checker.compiled = {};
        w.checker.compiled.what = page_answer::outcome::told;
        w.write(id, "Compiled\n");
        co_await w.reaches(id, page::condition::working);
        BOOST_TEST(w.checker.asked_tabs == 1);

        w.checker.tabs.errors = 1;
        w.write(id, "something\n");
        co_await w.reaches(id, page::condition::broken);
    });
}

BOOST_AUTO_TEST_CASE(what_an_earlier_run_logged_is_no_evidence) {
    with([](fixture& f) -> task<> {
        auto& w = watched_in(f);
        auto id = co_await online(f);
        w.write(id, " GET / 200 in 12ms\n");
        co_await w.reaches(id, page::condition::working);
        auto before = w.checker.compiles;
        f.pm2.on_start = [&w, id](auto&) -> std::optional<error> {
            w.texts.out[id] += "Next.js\n";
            return std::nullopt;
        };
        auto again = co_await f.berth->restart(id);
        BOOST_TEST_REQUIRE(again.has_value());
        co_await until([&] { return f.shown(id).status == status::online && f.shown(id).page.has_value(); });
        BOOST_TEST((f.shown(id).page == page_that_nobody_opened()));
        w.write(id, "> demo\n");
        co_await settle(50);
        BOOST_TEST(w.checker.compiles == before);
    });
}

BOOST_AUTO_TEST_CASE(a_connection_that_stays_is_evidence) {
    with([](fixture& f) -> task<> {
        auto& w = watched_in(f);
        auto id = co_await online(f);
        f.machine.connected[f.shown(id).port] = 1;
        co_await w.reaches(id, page::condition::working);
    });
}

BOOST_AUTO_TEST_CASE(a_person_asks_at_any_time) {
    with([](fixture& f) -> task<> {
        auto& w = watched_in(f);
        auto id = co_await online(f);
        auto checked = co_await f.berth->check(id);
        BOOST_TEST_REQUIRE(checked.has_value());
        BOOST_TEST((checked.value()->app.page->state == page::condition::working));
        BOOST_TEST(w.checker.compiles == 1);

        w.checker.compiled.what = page_answer::outcome::failed;
        w.checker.compiled.why = "It did not answer within 10 s.";
        checked = co_await f.berth->check(id);
        BOOST_TEST(*checked.value()->app.page->reason == "It did not answer within 10 s.");

        w.checker.compiled.what = page_answer::outcome::no_endpoint;
        checked = co_await f.berth->check(id);
        BOOST_TEST(!checked.value()->app.page);

        auto stopped = co_await f.berth->stop(id);
        BOOST_TEST_REQUIRE(stopped.has_value());
        BOOST_TEST(!stopped.value()->app.page);
        checked = co_await f.berth->check(id);
        BOOST_TEST_REQUIRE(checked.has_error());
        BOOST_TEST((checked.error().code == errc::not_running));
        std::string nobody = "zzzzzzzzzz";
        checked = co_await f.berth->check(nobody);
        BOOST_TEST((checked.error().code == errc::app_not_found));
    });
}

BOOST_AUTO_TEST_CASE(an_answer_after_the_end_of_its_run_is_void) {
    with([](fixture& f) -> task<> {
        auto& w = watched_in(f);
        auto id = co_await online(f);
        w.break_it();
        w.checker.hold = true;
        w.write(id, " GET / 500 in 12ms\n");
        co_await until([&] { return w.checker.compiles == 1; });
        auto stopped = co_await f.berth->stop(id);
        BOOST_TEST_REQUIRE(stopped.has_value());
        w.checker.hold = false;
        co_await settle(50);
        BOOST_TEST(!f.shown(id).page);
    });
}

BOOST_AUTO_TEST_CASE(a_question_under_way_holds_up_no_end) {
    with([](fixture& f) -> task<> {
        auto& w = watched_in(f);
        auto id = co_await online(f);
        w.checker.hold = true;
        w.write(id, " GET / 200 in 12ms\n");
        co_await until([&] { return w.checker.compiles == 1; });
    });
    BOOST_TEST(checker.closed);
}

BOOST_AUTO_TEST_CASE(why_a_crash) {
    with([](fixture& f) -> task<> {
        auto id = co_await online(f);
        auto healthy = co_await f.berth->why(id);
        BOOST_TEST(healthy.value().last_words.empty());
        f.storage.outputs[id] = "Error: boom\n";
        f.pm2.crash(*f.shown(id).pm_id, 3);
        co_await until([&] { return f.shown(id).status == status::errored; });
        auto told = co_await f.berth->why(id);
        BOOST_TEST_REQUIRE(told.has_value());
        BOOST_TEST(*told.value().exit_code == 3);
        BOOST_TEST(told.value().last_words.front() == "Error: boom");
        std::string nobody = "zzzzzzzzzz";
        auto missing = co_await f.berth->why(nobody);
        BOOST_TEST((missing.error().code == errc::app_not_found));
    });
}

BOOST_AUTO_TEST_SUITE_END()
