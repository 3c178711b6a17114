// Whose process is it, with real ones: who is ended, and who is not.
#include "machine/world.hpp"

#include <signal.h>

using namespace berth;
using namespace berth::test;

namespace {

const std::string detached_server = R"(
const { spawn } = require('child_process');
if (process.argv[2] === 'inner') {
  require('http').createServer((q, r) => r.end()).listen(process.argv[3], '127.0.0.1');
} else {
  const how = { detached: true, stdio: 'ignore', env: process.env.CLEAR ? {} : process.env };
  spawn(process.execPath, [__filename, 'inner', process.env.PORT], how);
  setInterval(() => {}, 1000);
}
)";

} // namespace

BOOST_FIXTURE_TEST_SUITE(whose_process, app_world)

BOOST_AUTO_TEST_CASE(an_editor_in_a_session_of_its_own_is_left_alone) {
    auto root = start("setsid sleep 1000 & echo $! > editor; sleep 1000 & echo $! > part; wait");
    auto editor = pid_of("editor"), part = pid_of("part");
    leads_a_session(editor);
    BOOST_TEST(look(app).lives);
    auto remains = end(app);
    BOOST_TEST(remains.ended >= 2);
    BOOST_TEST(remains.survivors.empty());
    BOOST_TEST(!alive(root));
    BOOST_TEST(!alive(part));
    BOOST_TEST(alive(editor));
    BOOST_TEST(run(machine->leftovers(app)).empty());
    BOOST_TEST(!look(app).lives);
    BOOST_TEST(alive(editor));
}

BOOST_AUTO_TEST_CASE(a_member_that_says_nothing_any_more_is_ended) {
    auto root = start("env -i sleep 1000 & echo $! > cleared; (cd / && exec env -u name sleep 1000) & echo $! > moved; "
                      "exec sleep 1000");
    auto cleared = pid_of("cleared"), moved = pid_of("moved");
    auto left = run(machine->leftovers(app));
    BOOST_TEST(left.size() == 3u);
    end(app);
    for (int pid : {root, cleared, moved})
        BOOST_TEST(!alive(pid));
}

BOOST_AUTO_TEST_CASE(what_outlives_its_wrapper_lives_and_is_found) {
    auto root = start("sleep 1000 & echo $! > part; wait");
    auto part = pid_of("part");
    app.root_pid = root;
    BOOST_TEST(look(app).lives);
    BOOST_TEST(run(machine->leftovers(app)).empty()); // all of it is in the tree
    ::kill(root, SIGKILL);
    ends(root);
    BOOST_TEST(!look(app).alive);
    BOOST_TEST(look(app).lives);
    app.root_pid = 0;
    auto left = run(machine->leftovers(app));
    BOOST_REQUIRE(left.size() == 1u);
    BOOST_TEST((left[0] == process_name{part, "sleep"}));
    BOOST_TEST(end(app).ended == 1);
    BOOST_TEST(!alive(part));
    BOOST_TEST(!look(app).lives);
}

BOOST_AUTO_TEST_CASE(a_copied_root_has_the_same_id_and_is_another_app) {
    auto copy = make(app.id, "copy");
    auto ours = start("echo > ready; exec sleep 1000");
    auto theirs = start(copy, {"sh", "-c", "echo > ready; exec sleep 1000"});
    run(until("both run", [&] {
        return std::filesystem::exists(app.directory / "ready") && std::filesystem::exists(copy.directory / "ready");
    }));
    end(app);
    BOOST_TEST(!alive(ours));
    BOOST_TEST(alive(theirs));
    BOOST_TEST(look(copy).lives);
    BOOST_TEST(!look(app).lives);
}

BOOST_AUTO_TEST_CASE(a_copied_root_has_the_same_adopted_folder_and_another_log) {
    auto started_for = [&](const std::string& log) {
        auto all = variables(app);
        set_variable(all, "pm_out_log_path", log);
        return help({"sh", "-c", "echo > ready; exec sleep 1000"}, app.directory, all, true);
    };
    auto theirs = started_for("/copy/logs/orch-aaaaaaaaaa-out.log");
    run(until("theirs runs", [&] { return std::filesystem::exists(app.directory / "ready"); }));
    app.log = "/root/logs/orch-aaaaaaaaaa-out.log";
    BOOST_TEST(!look(app).lives);
    std::filesystem::remove(app.directory / "ready");
    auto ours = started_for(app.log);
    run(until("ours runs", [&] { return std::filesystem::exists(app.directory / "ready"); }));
    sees(app, [](const app_sight& sight) { return sight.lives; }); // it looks at all processes once a second
    end(app);
    BOOST_TEST(!alive(ours));
    BOOST_TEST(alive(theirs));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_reached_by_a_link_is_the_same) {
    std::filesystem::create_directory_symlink(place / "apps", place / "link");
    auto ours = start("echo > ready; exec sleep 1000");
    run(until("it runs", [&] { return std::filesystem::exists(app.directory / "ready"); }));
    app.directory = place / "link" / app.id;
    end(app);
    BOOST_TEST(!alive(ours));
}

BOOST_AUTO_TEST_CASE(a_dev_server_that_was_detached_is_ended) {
    auto root = start_node(detached_server);
    run(until("it listens", [&] { return accepts(app.port); }));
    app.root_pid = root;
    BOOST_TEST(look(app).accepting); // of the tree of its root
    ::kill(root, SIGKILL);
    ends(root);
    app.root_pid = 0;
    auto sight = look(app);
    BOOST_TEST(!sight.accepting);
    BOOST_TEST(sight.outlived);
    BOOST_TEST(sight.lives);
    auto remains = end(app);
    BOOST_TEST(remains.ended == 1);
    BOOST_TEST(!remains.stranger);
    BOOST_TEST(!accepts(app.port));
}

BOOST_AUTO_TEST_CASE(a_dev_server_that_was_detached_without_a_word_is_ended_with_its_parent) {
    start_node("process.env.CLEAR = '1';" + detached_server);
    run(until("it listens", [&] { return accepts(app.port); }));
    auto remains = end(app);
    BOOST_TEST(remains.ended == 2);
    BOOST_TEST(!accepts(app.port));
}

BOOST_AUTO_TEST_CASE(of_an_earlier_berth_only_the_listener_can_be_told) {
    write_file(app.directory / "server.js", real_pm2::server);
    auto server = help({"node", "server.js"}, app.directory, variables(app)); // says name=orch-, but no session
    auto editor = help({"sleep", "1000"}, app.directory, variables(app));
    run(until("it listens", [&] { return accepts(app.port); }));
    BOOST_TEST(look(app).lives);
    BOOST_TEST(end(app).ended == 1);
    BOOST_TEST(!alive(server));
    BOOST_TEST(alive(editor));
}

BOOST_AUTO_TEST_CASE(a_server_that_somebody_runs_in_the_folder_is_theirs) {
    write_file(app.directory / "server.js", real_pm2::server);
    auto by_hand = variables_for_all();
    set_variable(by_hand, "PORT", std::to_string(app.port));
    auto theirs = help({"node", "server.js"}, app.directory, by_hand, true);
    run(until("it listens", [&] { return accepts(app.port); }));
    auto sight = look(app);
    BOOST_TEST((sight.stranger == process_name{theirs, "node"}));
    BOOST_TEST(!sight.outlived);
    BOOST_TEST(!sight.lives);
    auto remains = end(app);
    BOOST_TEST(remains.ended == 0);
    BOOST_TEST((remains.stranger == process_name{theirs, "node"}));
    BOOST_TEST(alive(theirs));
}

BOOST_AUTO_TEST_CASE(a_leftover_that_ignores_sigterm_is_killed) {
    auto deaf = start("trap '' TERM; echo > ready; while :; do sleep 1000; done");
    run(until("it is deaf", [&] { return std::filesystem::exists(app.directory / "ready"); }));
    auto remains = end(app);
    BOOST_TEST(remains.survivors.empty());
    BOOST_TEST(remains.ended >= 2);
    BOOST_TEST(!alive(deaf));
}

BOOST_AUTO_TEST_CASE(what_a_scaffold_left_is_ended_and_nothing_else) {
    auto where = place / "bbbbbbbbbb";
    auto marked = variables_for_all();
    set_variable(marked, "BERTH_SCAFFOLD", where.string());
    const std::string script = "setsid sleep 1000 & echo $! > editor; env -i sleep 1000 & echo $! > part; wait";
    auto ours = help({"sh", "-c", script}, place.path(), marked, true);
    auto editor = pid_in(place / "editor"), part = pid_in(place / "part");
    leads_a_session(editor);
    auto inherited = help({"sleep", "1000"}, place.path(), marked); // says no session
    set_variable(marked, "BERTH_SCAFFOLD", where.string() + "b");
    auto others = help({"sleep", "1000"}, place.path(), marked, true);
    run(machine->end_scaffold(where));
    BOOST_TEST(!alive(ours));
    BOOST_TEST(!alive(part));
    for (int pid : {editor, inherited, others})
        BOOST_TEST(alive(pid));
}

BOOST_AUTO_TEST_SUITE_END()
