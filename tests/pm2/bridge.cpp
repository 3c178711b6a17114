#include "pm2/bridge.hpp"

#include "machine/child_process.hpp"

#include "support/real_pm2.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <nlohmann/json.hpp>

#include <fstream>

#include <unistd.h>

#include <signal.h>

using namespace berth;
using namespace berth::test;

namespace {

// Exits with code 0 when its inner server is killed, as `next dev` does.
const std::string supervised = R"(
if (process.argv[2] === 'inner') {
  require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, () => {
    require('fs').writeFileSync('inner.pid', String(process.pid));
  });
} else {
  require('child_process').spawn(process.execPath, [__filename, 'inner'], { stdio: 'inherit' })
    .on('exit', () => process.exit(0));
}
)";

pm2_table table_of(real_pm2& world) {
    auto table = world.run(world.pm2->list());
    BOOST_REQUIRE(table);
    return *table;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bridge)

BOOST_FIXTURE_TEST_CASE(starts_lists_stops_and_deletes, real_pm2) {
    auto& manager = connect();
    BOOST_TEST(manager.health().connected);
    BOOST_TEST(manager.health().version.value() == "7.0.4");
    BOOST_TEST(alive(daemon_pid()));

    auto app = make_app("aaaaaaaaaa", server);
    auto begun = run(manager.start(app));
    BOOST_REQUIRE(begun);
    run(until("the app accepts", [&] { return accepts(app.port); }));
    auto table = table_of(*this);
    BOOST_TEST(table.daemon_pid == daemon_pid());
    BOOST_REQUIRE(table.processes.size() == 1u);
    auto row = table.processes[0];
    BOOST_TEST(row.pm_id == begun->pm_id);
    BOOST_TEST(row.pid == begun->pid);
    BOOST_TEST(row.started_at == begun->started_at); // one run, whoever tells of it
    BOOST_TEST(row.directory == app.directory);
    BOOST_TEST(row.name == app.name);
    BOOST_TEST(row.port == app.port);
    BOOST_TEST(alive(row.pid));
    BOOST_TEST((row.status == pm2_status::online));
    BOOST_TEST(row.memory > 10'000'000u);
    BOOST_TEST(row.started_at > 1'700'000'000'000);
    run(until("the log is written", [&] { return read_file(app.output).find("listening\n") != std::string::npos; }));
    BOOST_TEST(read_file(app.output).find("20") != 0u); // raw lines, no dates before them

    BOOST_REQUIRE(run(manager.stop(app)));
    BOOST_TEST(!accepts(app.port));
    BOOST_TEST((table_of(*this).processes[0].status == pm2_status::stopped));
    BOOST_TEST(heard.find("exit", pm2_status::stopping)); // how a stop differs from a crash
    run(until("the stop is told", [&] { return heard.find("stop", pm2_status::stopped) != nullptr; }));

    BOOST_TEST(heard.find("exit", pm2_status::stopping)->started_at == begun->started_at);

    auto again = run(manager.start(app)); // the name is there already: made anew
    BOOST_REQUIRE(again);
    BOOST_TEST(again->started_at != begun->started_at);
    BOOST_TEST(table_of(*this).processes.size() == 1u);
    run(until("the app accepts again", [&] { return accepts(app.port); }));

    BOOST_REQUIRE(run(manager.remove(app)));
    BOOST_TEST(run(manager.remove(app)).has_value()); // gone already: a success
    BOOST_TEST(run(manager.stop(app)).has_value());
    BOOST_TEST(table_of(*this).processes.empty());
}

BOOST_FIXTURE_TEST_CASE(rows_of_another_root_are_never_touched, real_pm2) {
    auto& manager = connect();
    auto theirs = make_app("aaaaaaaaaa", server);
    BOOST_REQUIRE(run(manager.start(theirs)));
    auto ours = theirs; // of a copied root: the same name, another folder
    ours.directory = (folder / "copy" / "aaaaaaaaaa").string();
    std::filesystem::create_directories(folder / "copy");
    std::filesystem::copy(theirs.directory, ours.directory);
    BOOST_TEST(run(manager.stop(ours)).has_value());
    BOOST_TEST(run(manager.remove(ours)).has_value());
    auto refused = run(manager.start(ours));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().detail.find("another Berth") != std::string::npos);
    auto table = table_of(*this);
    BOOST_REQUIRE(table.processes.size() == 1u);
    BOOST_TEST((table.processes[0].status == pm2_status::online));
    BOOST_TEST(alive(table.processes[0].pid));

    // The root was moved: where the row was started there is nothing any more, and it makes way.
    std::filesystem::remove_all(theirs.directory);
    BOOST_REQUIRE(run(manager.start(ours)));
    table = table_of(*this);
    BOOST_REQUIRE(table.processes.size() == 1u);
    BOOST_TEST(table.processes[0].directory == ours.directory);
}

BOOST_FIXTURE_TEST_CASE(of_rows_that_pm2_resurrected_beside_a_start_one_is_left, real_pm2) {
    auto& manager = connect();
    auto app = make_app("aaaaaaaaaa", server);
    BOOST_REQUIRE(run(manager.start(app)));
    auto dump = [&](const char* command) {
        auto line = home_variable() + " node " BERTH_SOURCE_DIR "/src/pm2/bridge/node_modules/pm2/bin/pm2 " + command +
                    " >/dev/null 2>&1";
        BOOST_REQUIRE(std::system(line.c_str()) == 0);
    };
    dump("save --force");
    auto saved = folder / "pm2" / "dump.pm2";
    std::ifstream in(saved);
    auto rows = nlohmann::json::parse(in);
    rows.push_back(rows.front());
    std::ofstream(saved) << rows.dump();
    BOOST_REQUIRE(run(manager.remove(app)));
    dump("resurrect");
    BOOST_REQUIRE(table_of(*this).processes.size() == 2u);
    BOOST_TEST(run(manager.remove_doubles(app)).has_value());
    BOOST_REQUIRE(table_of(*this).processes.size() == 1u);
    BOOST_TEST(table_of(*this).processes[0].pid > 0);
    BOOST_TEST(run(manager.remove_doubles(app)).has_value());
    BOOST_TEST(table_of(*this).processes.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_crash_is_told_from_a_stop, real_pm2) {
    auto& manager = connect();
    auto app = make_app("aaaaaaaaaa", supervised);
    BOOST_REQUIRE(run(manager.start(app)));
    auto file = std::filesystem::path(app.directory) / "inner.pid";
    run(until("the inner server runs", [&] { return accepts(app.port) && !read_file(file).empty(); }));

    ::kill(std::stoi(read_file(file)), SIGKILL);
    run(until("the crash is told", [&] { return heard.find("exit", pm2_status::stopped) != nullptr; }));
    auto* crash = heard.find("exit", pm2_status::stopped);
    BOOST_TEST(crash->exit_code.value() == 0); // the code alone would say nothing
    BOOST_TEST(!crash->exit_signal);
    BOOST_TEST(!heard.find("exit", pm2_status::stopping));
    BOOST_TEST(crash->name == app.name);
    BOOST_TEST((table_of(*this).processes[0].status == pm2_status::stopped));
}

BOOST_FIXTURE_TEST_CASE(the_signal_that_ended_the_wrapper_is_told, real_pm2) {
    auto& manager = connect();
    auto app = make_app("aaaaaaaaaa", server);
    BOOST_REQUIRE(run(manager.start(app)));
    ::kill(table_of(*this).processes[0].pid, SIGKILL);
    for (auto deadline = std::chrono::steady_clock::now() + 20s;
         table_of(*this).processes[0].status != pm2_status::stopped;)
        BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
    // What the bus said before this table came before it.
    BOOST_REQUIRE(heard.find("exit", pm2_status::stopped));
    BOOST_TEST(heard.find("exit", pm2_status::stopped)->exit_signal.value() == "SIGKILL");
}

BOOST_FIXTURE_TEST_CASE(writes_are_hinted_at_and_coalesced, real_pm2) {
    auto& manager = connect();
    auto app =
        make_app("aaaaaaaaaa", "for (let i = 0; i < 20000; ++i) console.log('line ' + i);\nconsole.log('last');");
    BOOST_REQUIRE(run(manager.start(app)));
    run(until("all is written", [&] { return read_file(app.output).find("last\n") != std::string::npos; }));
    BOOST_TEST(!heard.wrote.empty());
    BOOST_TEST(heard.wrote.size() < 1000u);
    BOOST_TEST(heard.wrote[0] == app.name);
}

BOOST_FIXTURE_TEST_CASE(only_processes_of_our_namespace_are_seen_and_touched, real_pm2) {
    auto& manager = connect();
    auto app = make_app("aaaaaaaaaa", server);
    auto begun = run(manager.start(app));
    BOOST_REQUIRE(begun);
    // Somebody else's process whose name is our process's number: pm2 would take the number for its name.
    write_file(folder / "other.js", "setInterval(() => {}, 1000)");
    std::string command = "PM2_HOME=" + (folder / "pm2").string() +
                          " node " BERTH_SOURCE_DIR "/src/pm2/bridge/node_modules/pm2/bin/pm2 start " +
                          (folder / "other.js").string() + " --name " + std::to_string(begun->pm_id) +
                          " >/dev/null 2>&1";
    BOOST_REQUIRE(std::system(command.c_str()) == 0);
    auto others = pids_with("pm_exec_path=" + (folder / "other.js").string());
    BOOST_REQUIRE(others.size() == 1u);

    BOOST_TEST(table_of(*this).processes.size() == 1u);
    BOOST_REQUIRE(run(manager.stop(app)));
    BOOST_TEST((table_of(*this).processes[0].status == pm2_status::stopped));
    BOOST_TEST(alive(others[0]));
    pm2_address other{std::to_string(begun->pm_id), folder.path()};
    BOOST_REQUIRE(run(manager.remove(other))); // none of ours: nothing to remove
    BOOST_TEST(alive(others[0]));
}

BOOST_FIXTURE_TEST_CASE(a_start_that_cannot_work_is_an_error, real_pm2) {
    auto& manager = connect();
    auto app = make_app("aaaaaaaaaa", server);
    app.directory = (folder / "nowhere").string();
    auto id = run(manager.start(app));
    BOOST_REQUIRE(!id);
    BOOST_TEST((id.error().code == errc::pm2_failed));
    BOOST_TEST(id.error().detail.find("nowhere") != std::string::npos);
    BOOST_TEST(table_of(*this).processes.empty());
}

BOOST_FIXTURE_TEST_CASE(a_killed_daemon_is_noticed_and_started_again, real_pm2) {
    auto& manager = connect();
    auto before = daemon_pid();
    ::kill(before, SIGKILL);
    run(until("it is connected again", [&] { return heard.connected == 2; }));
    BOOST_TEST(heard.reasons.size() == 1u);
    BOOST_TEST(heard.reasons[0].find("daemon went away") != std::string::npos);
    BOOST_TEST(daemon_pid() != before);
    BOOST_TEST(manager.health().bridge_restarts == 1);
    BOOST_TEST(table_of(*this).processes.empty());
}

BOOST_FIXTURE_TEST_CASE(pm2_kill_is_told_from_a_crash_of_the_daemon, real_pm2) {
    connect();
    std::string command = "PM2_HOME=" + (folder / "pm2").string() +
                          " node " BERTH_SOURCE_DIR "/src/pm2/bridge/node_modules/pm2/bin/pm2 kill >/dev/null 2>&1";
    BOOST_REQUIRE(std::system(command.c_str()) == 0);
    run(until("it is connected again", [&] { return heard.connected == 2; }));
    BOOST_TEST(heard.reasons[0].find("pm2 kill") != std::string::npos, heard.reasons[0]);
}

BOOST_FIXTURE_TEST_CASE(a_killed_bridge_fails_what_waits_and_comes_back, real_pm2) {
    using namespace asio::experimental::awaitable_operators;
    auto& manager = connect();
    auto app = make_app("aaaaaaaaaa", server + "process.on('SIGINT', () => {});"); // its stop takes 1.6 s
    auto id = run(manager.start(app));
    BOOST_REQUIRE(id);
    run(until("the app accepts", [&] { return accepts(app.port); }));

    auto kill_it = [&]() -> task<> {
        co_await until("the stop is under way", [&] {
            auto t = manager.health().calls;
            return t >= 2;
        });
        ::kill(*manager.health().bridge_pid, SIGKILL);
    };
    auto both = [&]() -> task<result<>> {
        auto stopped = co_await (manager.stop(app) && kill_it());
        co_return stopped;
    };
    auto stopped = run(both());
    BOOST_REQUIRE(!stopped);
    BOOST_TEST((stopped.error().code == errc::pm2_unavailable));
    run(until("it is connected again", [&] { return heard.connected == 2; }));
    BOOST_TEST(table_of(*this).processes.size() == 1u); // the daemon has kept it
}

BOOST_FIXTURE_TEST_CASE(apps_live_on_when_the_server_ends, real_pm2) {
    auto& manager = connect();
    auto app = make_app("aaaaaaaaaa", server);
    BOOST_REQUIRE(run(manager.start(app)));
    run(until("the app accepts", [&] { return accepts(app.port); }));
    auto bridge_pid = *manager.health().bridge_pid;
    auto daemon = daemon_pid();
    run(manager.shut_down());
    BOOST_TEST(!alive(bridge_pid));
    BOOST_TEST(alive(daemon));
    BOOST_TEST(accepts(app.port));
    auto refused = run(manager.list());
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == errc::shutting_down));
}

BOOST_AUTO_TEST_CASE(apps_get_a_clean_environment_and_secrets_stay_inside) {
    real_pm2 world({"SECRET_OF_MINE=hush-hush", "NODE_ENV=production", "PORT=1", "npm_execpath=/x",
                    "npm_lifecycle_event=y", "npm_config_x=1", "name=evil", "max_restarts=0", "pm_id=7",
                    "PM2_PROGRAMMATIC=true", "DEBUG=*"});
    auto traffic = world.folder / "traffic", chatter = world.folder / "chatter";
    auto how = world.options();
    how.command = {"sh",
                   "-c",
                   "node \"$1\" 3>&1 >>\"$3\" 2>&1 | tee \"$2\" >&3",
                   "sh",
                   how.command[1],
                   traffic.string(),
                   chatter.string()};
    auto& manager = world.connect(how);
    auto app = world.make_app("aaaaaaaaaa", "require('fs').writeFileSync('env.json', JSON.stringify(process.env));" +
                                                real_pm2::server);
    app.category = "déjà vu; $(x)";
    auto id = world.run(manager.start(app));
    BOOST_REQUIRE(id);
    world.run(until("the app accepts", [&] { return accepts(app.port); }));
    auto env = nlohmann::json::parse(read_file(std::filesystem::path(app.directory) / "env.json"));
    BOOST_TEST(env.value("SECRET_OF_MINE", "") == "hush-hush"); // the user's own
    BOOST_TEST(env.value("PORT", "") == std::to_string(app.port));
    BOOST_TEST(env.value("CATEGORY", "") == *app.category);
    BOOST_TEST(env.value("NEXT_TELEMETRY_DISABLED", "") == "1");
    BOOST_TEST(env.value("PWD", "") == app.directory);
    BOOST_TEST(env.value("name", "") == app.name); // what the machine looks for
    BOOST_TEST(env.value("pm_id", "") == std::to_string(id->pm_id));
    for (auto* gone : {"NODE_ENV", "npm_config_x", "max_restarts", "PM2_PROGRAMMATIC", "PM2_JSON_PROCESSING",
                       "PM2_CONCURRENT_ACTIONS", "NODE_CHANNEL_FD"})
        BOOST_TEST(!env.contains(gone), gone);

    BOOST_REQUIRE(world.run(manager.list()));
    BOOST_REQUIRE(world.run(manager.start(app)));
    BOOST_REQUIRE(world.run(manager.remove(app)));
    world.run(manager.shut_down());
    BOOST_TEST(read_file(traffic).find("orch-aaaaaaaaaa") != std::string::npos);
    BOOST_TEST(read_file(traffic).find("hush") == std::string::npos);
    BOOST_TEST(read_file(traffic).find("SECRET") == std::string::npos);
    BOOST_TEST(read_file(chatter).find("hush") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(the_daemon_inherits_nothing_of_the_server, real_pm2) {
    temp_folder held;
    write_file(held / "file", "");
    int ours = ::open((held / "file").c_str(), O_RDONLY); // not close-on-exec, on purpose
    connect();
    for (int pid : {daemon_pid(), *pm2->health().bridge_pid})
        for (auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
            std::error_code gone;
            BOOST_TEST(std::filesystem::read_symlink(entry.path(), gone) != held / "file");
        }
    // The bridge's own descriptor 3 must end with the bridge, or its end would not be seen.
    auto channel = std::filesystem::read_symlink("/proc/" + std::to_string(*pm2->health().bridge_pid) + "/fd/3");
    for (auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(daemon_pid()) + "/fd")) {
        std::error_code gone;
        BOOST_TEST(std::filesystem::read_symlink(entry.path(), gone) != channel);
    }
    ::close(ours);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bridge_failures)

BOOST_FIXTURE_TEST_CASE(a_home_too_long_for_a_socket_is_said, reactor) {
    temp_folder folder;
    auto variables = current_environment();
    set_variable(variables, "PM2_HOME", (folder / std::string(100, 'x')).string());
    recorder heard;
    auto manager = create_bridge(io.get_executor(),
                                 {{"node", BERTH_SOURCE_DIR "/src/pm2/bridge/bridge.mjs"}, spawn_child, variables});
    manager->listen(heard);
    manager->run();
    run(until("it is said", [&] { return !heard.reasons.empty(); }));
    BOOST_TEST(heard.reasons[0].find("too long") != std::string::npos);
    BOOST_TEST(heard.reasons[0].find("PM2_HOME") != std::string::npos);
    run(manager->shut_down());
}

BOOST_FIXTURE_TEST_CASE(another_users_daemon_is_said, reactor) {
    temp_folder folder;
    auto home = folder / "pm2";
    std::filesystem::create_directories(home);
    asio::local::stream_protocol::acceptor theirs(io, (home / "rpc.sock").string());
    std::filesystem::permissions(home / "rpc.sock", std::filesystem::perms::owner_all);
    for (auto& open : {folder.path(), home})
        std::filesystem::permissions(open, std::filesystem::perms::all);
    if (::getuid() != 0)
        return; // only root can become another user
    auto variables = current_environment();
    set_variable(variables, "PM2_HOME", home.string());
    set_variable(variables, "HOME", home.string());
    recorder heard;
    auto manager = create_bridge(io.get_executor(), {{"setpriv", "--reuid=65534", "--clear-groups", "node",
                                                      BERTH_SOURCE_DIR "/src/pm2/bridge/bridge.mjs"},
                                                     spawn_child,
                                                     variables});
    manager->listen(heard);
    manager->run();
    run(until("it is said", [&] { return !heard.reasons.empty(); }));
    BOOST_TEST(heard.reasons[0].find("belongs to another user") != std::string::npos, heard.reasons[0]);
    run(manager->shut_down());
}

BOOST_FIXTURE_TEST_CASE(node_that_is_missing_is_said, reactor) {
    recorder heard;
    auto manager =
        create_bridge(io.get_executor(), {{"no-such-program-here", "bridge.mjs"}, spawn_child, current_environment()});
    manager->listen(heard);
    manager->run();
    run(until("it is said", [&] { return !heard.reasons.empty(); }));
    BOOST_TEST(heard.reasons[0].find("no-such-program-here was not found") == 0u);
    auto table = run(manager->list());
    BOOST_REQUIRE(!table);
    BOOST_TEST((table.error().code == errc::pm2_unavailable));
    BOOST_TEST(table.error().detail == heard.reasons[0]);
    run(manager->shut_down());
    BOOST_TEST(heard.reasons.size() == 1u); // said once, however often it is tried
}

BOOST_FIXTURE_TEST_CASE(packages_that_are_not_installed_are_said, reactor) {
    temp_folder folder;
    for (auto& file : std::filesystem::directory_iterator(BERTH_SOURCE_DIR "/src/pm2/bridge"))
        if (file.path().extension() == ".mjs")
            std::filesystem::copy(file.path(), folder.path());
    recorder heard;
    auto manager = create_bridge(io.get_executor(),
                                 {{"node", (folder / "bridge.mjs").string()}, spawn_child, current_environment()});
    manager->listen(heard);
    manager->run();
    run(until("it is said", [&] { return !heard.reasons.empty(); }));
    BOOST_TEST(heard.reasons[0].find("npm ci in " + folder.path().string()) != std::string::npos, heard.reasons[0]);
    run(manager->shut_down());
}

BOOST_FIXTURE_TEST_CASE(a_bridge_that_hangs_is_replaced, reactor) {
    temp_folder folder;
    // Ready at once, then deaf; does not even end when asked.
    write_file(folder / "deaf.mjs", R"(
import fs from 'node:fs';
fs.writeSync(3, 'garbage\n{"type":"ready","daemonPid":1,"version":"1"}\n');
setInterval(() => {}, 1000);
)");
    recorder heard;
    auto manager = create_bridge(io.get_executor(),
                                 {{"node", (folder / "deaf.mjs").string()}, spawn_child, current_environment()});
    manager->listen(heard);
    manager->run();
    run(until("it is connected", [&] { return heard.connected == 1; }));
    auto first = *manager->health().bridge_pid;
    auto table = run(manager->list());
    BOOST_REQUIRE(!table);
    BOOST_TEST((table.error().code == errc::pm2_unavailable));
    run(until("another is there", [&] { return heard.connected == 2; }));
    BOOST_TEST(!alive(first));
    BOOST_TEST(heard.reasons.size() == 1u);
    auto second = *manager->health().bridge_pid;
    run(manager->shut_down());
    BOOST_TEST(!alive(second));
}

BOOST_FIXTURE_TEST_CASE(requests_are_bounded, reactor) {
    temp_folder folder;
    write_file(folder / "deaf.mjs", R"(
import fs from 'node:fs';
fs.writeSync(3, '{"type":"ready","daemonPid":null,"version":null}\n');
process.stdin.on('end', () => process.exit()).resume();
)");
    recorder heard;
    auto manager = create_bridge(io.get_executor(),
                                 {{"node", (folder / "deaf.mjs").string()}, spawn_child, current_environment()});
    manager->listen(heard);
    manager->run();
    run(until("it is connected", [&] { return heard.connected == 1; }));
    int waiting = 0;
    pm2_address app{"orch-aaaaaaaaaa", "/nowhere"};
    for (int i = 0; i < 1000; ++i)
        asio::co_spawn(io, manager->stop(app), [&](std::exception_ptr, result<>) { ++waiting; });
    auto refused = run(manager->stop(app));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().detail.find("Too many") == 0u);
    run(manager->shut_down());
    run(until("those that waited have failed", [&] { return waiting == 1000; }));
}

BOOST_AUTO_TEST_SUITE_END()
