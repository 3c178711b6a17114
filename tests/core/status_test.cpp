#include "core/last_words.hpp"
#include "core/status.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

namespace {

app an_app(status was = status::stopped, intent wanted = intent::run) {
    app a;
    a.id = "abcdefghij";
    a.name = "demo";
    a.port = 3104;
    a.status = was;
    a.wanted = wanted;
    a.started_at = 1000;
    return a;
}

pm2_process row(pm2_status s, int pid = 0, std::optional<int> code = {}) {
    pm2_process p;
    p.pm_id = 7;
    p.name = "orch-abcdefghij";
    p.directory = "/root/created-apps/abcdefghij";
    p.status = s;
    p.pid = pid;
    p.port = 3104;
    p.started_at = 1000;
    p.exit_code = code;
    p.memory = 62u << 20;
    return p;
}

sighting seen(pm2_process p, bool accepting = false) {
    sighting s;
    s.process = p;
    s.sight.accepting = accepting;
    s.sight.memory_mb = 628;
    s.sight.cpu_percent = 3.25;
    s.now = 2000;
    return s;
}

manifest with_one_app() {
    manifest m;
    manifest_entry entry;
    entry.app = an_app();
    m.apps["abcdefghij"] = entry;
    return m;
}

} // namespace

BOOST_AUTO_TEST_SUITE(status_rules)

BOOST_AUTO_TEST_CASE(a_page_is_known_of_an_app_that_is_online_and_of_no_other) {
    auto online = an_app(status::online);
    online.page = page_that_nobody_opened();
    BOOST_TEST(judge(online, seen(row(pm2_status::online, 4711), true)).page.has_value());
    BOOST_TEST(!judge(online, seen(row(pm2_status::online, 4711), false)).page);
    BOOST_TEST(!judge(online, seen(row(pm2_status::stopped, 0, 1))).page);
    BOOST_TEST(!judge(online, {}).page);
    auto again = row(pm2_status::online, 4712);
    again.started_at = 1500;
    BOOST_TEST(!judge(online, seen(again, true)).page); // of another run
    BOOST_TEST(!judge_without_pm2(online, "It is gone.").page);
}

BOOST_AUTO_TEST_CASE(no_record) {
    auto never = an_app();
    never.started_at.reset();
    BOOST_TEST((judge(never, {}).status == status::stopped));
    auto gone = judge(an_app(status::online), {});
    BOOST_TEST((gone.status == status::unknown));
    BOOST_TEST(gone.status_reason.value_or("").find("no record") != std::string::npos);
    BOOST_TEST(gone.pid == 0);
    BOOST_TEST(!gone.pm_id);
}

BOOST_AUTO_TEST_CASE(online_only_when_its_port_is_its_own) {
    for (auto s :
         {pm2_status::launching, pm2_status::online, pm2_status::waiting_restart, pm2_status::one_launch_status}) {
        BOOST_TEST((judge(an_app(), seen(row(s, 42))).status == status::launching));
        auto up = judge(an_app(), seen(row(s, 42), true));
        BOOST_TEST((up.status == status::online));
        BOOST_TEST(up.memory_mb == 628);
        BOOST_TEST(up.wrapper_memory_mb == 62);
    }
}

BOOST_AUTO_TEST_CASE(a_row_whose_process_has_ended_is_no_start) {
    auto dead = seen(row(pm2_status::online, 42));
    dead.sight.alive = false;
    auto stopped = judge(an_app(status::online, intent::stop), dead);
    BOOST_TEST((stopped.status == status::stopped));
    BOOST_TEST((stopped.wanted == intent::stop));
    BOOST_TEST(stopped.pid == 0);
    auto crashed = judge(an_app(status::online), dead);
    BOOST_TEST((crashed.status == status::online)); // until it is known how it ended
}

BOOST_AUTO_TEST_CASE(exit_code_0_is_no_stop_while_a_part_lives_on) {
    auto half = seen(row(pm2_status::stopped, 0, 0));
    half.sight.stranger = process_name{812, "next-server"};
    half.sight.outlived = true;
    auto a = judge(an_app(status::online), half);
    BOOST_TEST((a.status == status::errored));
    BOOST_TEST((a.wanted == intent::run));
    half.sight.outlived = false; // another program has the port
    BOOST_TEST((judge(an_app(status::online), half).status == status::stopped));
}

BOOST_AUTO_TEST_CASE(a_crash_stays_one_for_the_next_server) {
    auto crashed = an_app(status::errored); // as the manifest has it; the news died with the server
    crashed.status_reason = "It ended with exit code 0, though nobody asked it to.";
    auto again = judge(crashed, seen(row(pm2_status::stopped, 0, 0)));
    BOOST_TEST((again.status == status::errored));
    BOOST_TEST((again.wanted == intent::run));
    BOOST_TEST((again.status_reason == crashed.status_reason));
    auto later = row(pm2_status::stopped, 0, 0);
    later.started_at = 2000; // somebody ran and stopped it meanwhile
    BOOST_TEST((judge(crashed, seen(later)).status == status::stopped));
}

BOOST_AUTO_TEST_CASE(never_started_stays_stopped_without_pm2) {
    auto never = an_app(status::unknown);
    never.started_at.reset();
    BOOST_TEST((judge_without_pm2(never, "gone").status == status::stopped));
}

BOOST_AUTO_TEST_CASE(a_stranger_on_the_port_is_named) {
    auto s = seen(row(pm2_status::online, 42));
    s.sight.stranger = process_name{812, "node"};
    auto a = judge(an_app(), s);
    BOOST_TEST((a.status == status::launching));
    BOOST_TEST(a.status_reason.value_or("") == "It cannot have its port: port 3104 is in use by node, pid 812.");
}

BOOST_AUTO_TEST_CASE(a_stranger_on_the_other_loopback_address_is_named) {
    auto s = seen(row(pm2_status::online, 42), true);
    s.sight.stranger = process_name{812, "node"};
    auto a = judge(an_app(), s);
    BOOST_TEST((a.status == status::online));
    BOOST_TEST(a.status_reason.value_or("") ==
               "It is online, but port 3104 is in use by node, pid 812 too: http://localhost:3104 may lead there.");
}

BOOST_AUTO_TEST_CASE(a_long_launch_gets_a_reason) {
    auto s = seen(row(pm2_status::online, 42));
    BOOST_TEST(!judge(an_app(), s).status_reason);
    s.now = 1000 + long_launch;
    BOOST_TEST(judge(an_app(), s).status_reason.value_or("").find("3104") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stopping_is_as_before) {
    auto a = judge(an_app(status::online), seen(row(pm2_status::stopping, 42)));
    BOOST_TEST((a.status == status::online));
}

BOOST_AUTO_TEST_CASE(its_port_closing_while_we_stop_it_is_not_launching) {
    auto s = seen(row(pm2_status::online, 42));
    s.operation = activity::stopping;
    auto a = judge(an_app(status::online, intent::stop), s);
    BOOST_TEST((a.status == status::online));
    BOOST_TEST((a.wanted == intent::stop));
}

BOOST_AUTO_TEST_CASE(ended_as_wanted) {
    for (auto s : {pm2_status::stopped, pm2_status::errored})
        BOOST_TEST((judge(an_app(status::online, intent::stop), seen(row(s, 0, 1))).status == status::stopped));
}

BOOST_AUTO_TEST_CASE(a_crash) {
    auto s = seen(row(pm2_status::stopped, 0, 1));
    s.last_exit = exit_news{exit_news::kind::crashed, {}, 1000};
    s.sight.stranger = process_name{812, "node"};
    auto a = judge(an_app(status::launching), s);
    BOOST_TEST((a.status == status::errored));
    BOOST_TEST((a.wanted == intent::run));
    BOOST_TEST(a.status_reason.value_or("") == "It exited with code 1: port 3104 is in use by node, pid 812.");
    BOOST_TEST(a.exit_code.value_or(-1) == 1);
    BOOST_TEST(a.memory_mb == 0);

    // The reason stays when the stranger has gone.
    s.sight.stranger.reset();
    BOOST_TEST(judge(a, s).status_reason.value_or("") == a.status_reason.value_or(""));
}

BOOST_AUTO_TEST_CASE(a_crash_with_exit_code_zero_is_told_by_the_bus) {
    auto s = seen(row(pm2_status::stopped, 0, 0));
    s.last_exit = exit_news{exit_news::kind::crashed, {}, 1000};
    BOOST_TEST((judge(an_app(status::online), s).status == status::errored));
    s.last_exit = exit_news{exit_news::kind::asked_for, {}, 1000};
    auto a = judge(an_app(status::online), s);
    BOOST_TEST((a.status == status::stopped));
    BOOST_TEST((a.wanted == intent::stop));
}

BOOST_AUTO_TEST_CASE(without_news_the_exit_code_decides) {
    BOOST_TEST((judge(an_app(status::online), seen(row(pm2_status::stopped, 0, 0))).wanted == intent::stop));
    BOOST_TEST((judge(an_app(status::online), seen(row(pm2_status::stopped, 0, 1))).status == status::errored));
    BOOST_TEST((judge(an_app(status::online), seen(row(pm2_status::errored, 0, 0))).status == status::errored));
}

BOOST_AUTO_TEST_CASE(a_signal_is_of_one_run) {
    auto before = an_app(status::online);
    before.exit_signal = "SIGTERM"; // of the run before
    auto ended = seen(row(pm2_status::stopped, 0, 7));
    BOOST_TEST(!judge(before, ended).exit_signal);
    ended.last_exit = exit_news{exit_news::kind::crashed, std::nullopt, 1000};
    auto now = judge(before, ended);
    BOOST_TEST(!now.exit_signal);
    BOOST_TEST(now.status_reason.value_or("") == "It exited with code 7.");
}

BOOST_AUTO_TEST_CASE(a_signal_is_named) {
    auto s = seen(row(pm2_status::stopped, 0, 0));
    s.last_exit = exit_news{exit_news::kind::crashed, "SIGKILL", 1000};
    auto a = judge(an_app(status::online), s);
    BOOST_TEST(a.exit_signal.value_or("") == "SIGKILL");
    BOOST_TEST(a.status_reason.value_or("") == "It was ended by SIGKILL.");
}

BOOST_AUTO_TEST_CASE(somebody_started_it) {
    auto a = judge(an_app(status::stopped, intent::stop), seen(row(pm2_status::online, 42), true));
    BOOST_TEST((a.wanted == intent::run));
    BOOST_TEST((a.status == status::online));
}

BOOST_AUTO_TEST_CASE(online_without_a_process_is_not_running) {
    auto s = seen(row(pm2_status::online, 0));
    auto a = judge(an_app(status::online), s);
    BOOST_TEST((a.status == status::errored));
    BOOST_TEST(a.status_reason.has_value());
    BOOST_TEST((a.wanted == intent::run));
    BOOST_TEST((judge(an_app(status::stopped, intent::stop), s).status == status::stopped));
    s.operation = activity::starting;
    BOOST_TEST((judge(an_app(status::stopped), s).status == status::stopped)); // judged when that is done
}

BOOST_AUTO_TEST_CASE(between_two_runs_of_a_restart_nothing_is_judged) {
    auto s = seen(row(pm2_status::stopped, 0, 0));
    s.operation = activity::restarting;
    auto a = judge(an_app(status::online), s);
    BOOST_TEST((a.status == status::online));
    BOOST_TEST((a.wanted == intent::run));
}

BOOST_AUTO_TEST_CASE(without_pm2_nothing_is_known) {
    auto a = judge_without_pm2(an_app(status::online), "no answer");
    BOOST_TEST((a.status == status::unknown));
    BOOST_TEST(a.status_reason.value_or("") == "no answer");
    auto never = an_app();
    never.started_at.reset();
    BOOST_TEST((judge_without_pm2(never, "no answer").status == status::stopped));
}

BOOST_AUTO_TEST_CASE(exits_on_the_bus) {
    pm2_event e;
    e.event = "exit";
    e.status = pm2_status::stopped;
    BOOST_TEST((read_exit(e)->what == exit_news::kind::crashed));
    e.status = pm2_status::stopping;
    BOOST_TEST((read_exit(e)->what == exit_news::kind::asked_for));
    e.event = "stop";
    e.status = pm2_status::stopped;
    BOOST_TEST((read_exit(e)->what == exit_news::kind::asked_for));
    e.event = "online";
    BOOST_TEST(!read_exit(e));
}

BOOST_AUTO_TEST_CASE(rows_are_matched_by_port) {
    auto m = with_one_app();
    pm2_table t;
    auto other = row(pm2_status::online, 1);
    other.name = "something";
    auto stray = row(pm2_status::online, 2);
    stray.port = 3999;
    t.processes = {other, stray};
    auto found = match(m, t, "/root");
    BOOST_TEST(found.by_id.at("abcdefghij").pid == 1);
    BOOST_TEST(found.orphans.size() == 1u);
    t.processes.push_back(row(pm2_status::online, 3));
    found = match(m, t, "/root");
    BOOST_TEST(found.by_id.at("abcdefghij").pid == 3);
    BOOST_TEST(found.orphans.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_row_that_runs_elsewhere_is_another_berths) {
    auto m = with_one_app();
    pm2_table t;
    auto other = row(pm2_status::online, 1); // of a copied root: the same name, the same port
    other.directory = "/copy/created-apps/abcdefghij";
    t.processes = {other};
    auto found = match(m, t, "/root");
    BOOST_TEST(found.by_id.empty());
    BOOST_TEST(found.orphans.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_adopted_apps_row_runs_in_its_own_folder) {
    auto m = with_one_app();
    m.apps.at("abcdefghij").app.adopted = "/projects/shop";
    pm2_table t;
    auto there = row(pm2_status::online, 1);
    there.directory = "/projects/shop";
    there.output = "/root/logs/orch-abcdefghij-out.log";
    auto copied = there; // of a copied root, which has the same adopted project
    copied.output = "/copy/logs/orch-abcdefghij-out.log";
    t.processes = {row(pm2_status::online, 2), copied, there};
    auto found = match(m, t, "/root");
    BOOST_TEST(found.by_id.at("abcdefghij").pid == 1);
    BOOST_TEST(found.orphans.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_stands_in_the_way_of_a_start_is_said_at_rest) {
    auto s = seen(row(pm2_status::stopped, 0, 0));
    s.obstacle = "There is no folder /projects/shop.";
    BOOST_TEST((judge(an_app(status::stopped, intent::stop), s).status_reason == s.obstacle));
    auto crashed = judge(an_app(status::online), seen(row(pm2_status::errored, 0, 1)));
    BOOST_TEST(judge(crashed, s).status_reason.value_or("").find("It exited with code") == 0u);
    auto runs = seen(row(pm2_status::online, 42), true);
    runs.obstacle = s.obstacle;
    BOOST_TEST(!judge(an_app(), runs).status_reason.has_value());
    sighting missing; // pm2 has no record
    missing.obstacle = s.obstacle;
    BOOST_TEST((judge(an_app(), missing).status_reason == s.obstacle));
}

BOOST_AUTO_TEST_CASE(news_of_an_exit_belongs_to_one_run) {
    auto s = seen(row(pm2_status::stopped, 0, 0)); // somebody's own stop of the run that began at 1000
    s.last_exit = exit_news{exit_news::kind::crashed, "SIGKILL", 900};
    auto a = judge(an_app(status::online), s);
    BOOST_TEST((a.status == status::stopped));
    BOOST_TEST(!a.exit_signal);
}

BOOST_AUTO_TEST_CASE(runs_that_somebody_else_begins_are_counted) {
    auto again = row(pm2_status::online, 43);
    again.started_at = 5000;
    BOOST_TEST(judge(an_app(status::online), seen(again)).restarts == 1);
    auto ours = seen(again);
    ours.operation = activity::restarting;
    BOOST_TEST(judge(an_app(status::online), ours).restarts == 0);
    BOOST_TEST(judge(an_app(status::online), seen(row(pm2_status::online, 42))).restarts == 0);
}

BOOST_AUTO_TEST_CASE(a_launch_on_another_port_says_so) {
    auto s = seen(row(pm2_status::online, 42));
    s.sight.other_port = 3000;
    BOOST_TEST(!judge(an_app(), s).status_reason); // may be a debugger's
    s.now = 1000 + long_launch;
    BOOST_TEST(judge(an_app(), s).status_reason.value_or("") == "It listens on 3000, not on 3104.");
    s.now = 2000;
    s.dev_script = "next dev -p 3000";
    BOOST_TEST(judge(an_app(), s).status_reason.value_or("") ==
               "It listens on 3000, not on 3104: its dev script says `next dev -p 3000`.");
}

BOOST_AUTO_TEST_CASE(a_crash_ends_with_the_last_words) {
    struct {
        const char *output, *words;
    } rows[] = {
        {"", ""},
        {"\n\n}\n", ""},
        {"/a/server.js:3\n    throw new Error('boom')\n    ^\n\nError: boom\n    at Object.<anonymous> "
         "(/a/server.js:3:11)\n"
         "    at node:internal/main/run_main_module:28:49\n\nNode.js v20.20.2\n",
         "Error: boom"},
        {"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module './x'\nRequire stack:\n"
         "- /a/server.js\n    at Module._resolveFilename (node:internal)\n  code: 'MODULE_NOT_FOUND',\n  requireStack: "
         "[\n",
         "Error: Cannot find module './x'"},
        {"\x1b[31m\x1b[1m⨯\x1b[22m\x1b[39m Failed to start server\nError: listen EADDRINUSE: address already in use "
         ":::3104\n",
         "Error: listen EADDRINUSE: address already in use :::3104"},
        {"sh: 1: next: not found\nnpm error code 127\n", "sh: 1: next: not found"},
        {"ready\nbye\n", "bye"},
        {"TypeError: x is not a function\nshutting down\n", "TypeError: x is not a function"},
    };
    for (auto& row : rows)
        BOOST_TEST(last_words(row.output) == row.words);
    BOOST_TEST(with_last_words("It exited with code 1.", "Error: Cannot find module './x'.").value_or("") ==
               "It exited with code 1: Error: Cannot find module './x'.");
    BOOST_TEST(!with_last_words("It exited with code 1: port 3104 is in use by node, pid 8.", "Error: x"));
    BOOST_TEST(!with_last_words("It exited with code 1.", ""));
}

BOOST_AUTO_TEST_CASE(asleep) {
    auto sleeping = an_app(status::stopped);
    sleeping.asleep = nap{1000, nap::cause::idle};
    auto sleeps_on = [](const app& a) {
        return a.asleep && a.status == status::stopped && a.wanted == intent::run && a.pid == 0 &&
               a.status_reason.value_or("").starts_with("Asleep since ");
    };
    BOOST_TEST(sleeps_on(judge(sleeping, {}))); // pm2 has no record
    BOOST_TEST(sleeps_on(judge(sleeping, seen(row(pm2_status::stopped, 0, 0)))));
    BOOST_TEST(sleeps_on(judge(sleeping, seen(row(pm2_status::errored, 0, 1)))));
    BOOST_TEST(sleeps_on(judge_without_pm2(sleeping, "It is gone.")));
    auto ended = seen(row(pm2_status::online, 4711));
    ended.sight.alive = false; // pm2 has not noticed yet
    BOOST_TEST(sleeps_on(judge(sleeping, ended)));
    auto elsewhere = seen(row(pm2_status::stopped, 0, 0));
    elsewhere.not_held = "nobody can listen there.";
    BOOST_TEST(judge(sleeping, elsewhere).status_reason.value_or("").ends_with(" But nobody can listen there."));

    // Under way: as before, until it has ended.
    auto falling = sleeping;
    falling.status = status::online;
    auto runs = seen(row(pm2_status::online, 4711), false);
    runs.operation = activity::sleeping;
    auto still = judge(falling, runs);
    BOOST_TEST((still.status == status::online));
    BOOST_TEST(still.asleep.has_value());

    // Somebody started it, or it was never ended.
    auto started = judge(sleeping, seen(row(pm2_status::online, 4711), true));
    BOOST_TEST((started.status == status::online));
    BOOST_TEST(!started.asleep);
    BOOST_TEST(!started.status_reason);
    BOOST_TEST(!judge(sleeping, seen(row(pm2_status::online, 4711))).asleep);

    // Edited by hand.
    auto stopped = sleeping;
    stopped.wanted = intent::stop;
    auto now = judge(stopped, seen(row(pm2_status::stopped, 0, 0)));
    BOOST_TEST(!now.asleep);
    BOOST_TEST((now.status == status::stopped));
    BOOST_TEST(!now.status_reason);
}

BOOST_AUTO_TEST_SUITE_END()
