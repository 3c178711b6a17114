#include "machine/machine.hpp"

#include "machine/child_process.hpp"
#include "support/real_pm2.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <signal.h>

using namespace berth;
using namespace berth::test;

namespace {

struct world : real_pm2 {
    std::unique_ptr<berth::machine> machine = create_machine(io.get_executor(), pool);
    std::vector<std::unique_ptr<child_process>> helpers;

    ~world() {
        helpers.clear();
        pool.join();
    }

    app_ref ref(const start_options& app, int root_pid) {
        app_ref r;
        r.id = app.name.substr(5);
        r.directory = app.directory;
        r.port = app.port;
        r.root_pid = root_pid;
        return r;
    }
    app_sight look(const app_ref& app) { return run(machine->look({app})).at(0); }

    /// Started by pm2 and accepting; returns the wrapper.
    pm2_process start(const start_options& app) {
        BOOST_REQUIRE(run(pm2->start(app)));
        run(until("the app accepts", [&] { return accepts(app.port); }));
        auto table = run(pm2->list());
        BOOST_REQUIRE(table);
        return *find(*table, app.name);
    }

    /// A process of ours, not of any app's.
    int help(std::vector<std::string> command, const std::filesystem::path& directory, environment its_variables) {
        child_options how;
        how.command = std::move(command);
        how.directory = directory;
        how.variables = std::move(its_variables);
        auto child = spawn_child(io.get_executor(), how);
        BOOST_REQUIRE_MESSAGE(child, child.error().detail);
        helpers.push_back(*std::move(child));
        return helpers.back()->pid();
    }
};

// next-server's way: the process that listens is a grandchild, and holds memory of its own.
const std::string heavy = R"(
if (process.argv[2] === 'inner') {
  process.title = 'next-server';
  const held = Buffer.alloc(80 * 1024 * 1024, 1);
  require('http').createServer((q, r) => r.end(String(held.length))).listen(process.env.PORT);
  if (process.env.BUSY) setInterval(() => { const end = Date.now() + 90; while (Date.now() < end); }, 100);
} else {
  require('child_process').spawn(process.execPath, [__filename, 'inner'], { stdio: 'inherit' }).on('exit', () => process.exit(0));
}
)";

} // namespace

BOOST_AUTO_TEST_SUITE(machines)

BOOST_FIXTURE_TEST_CASE(an_app_is_seen_with_its_whole_tree, world) {
    connect();
    auto app = make_app("aaaaaaaaaa", "const BUSY = process.env.BUSY = '1';" + heavy);
    BOOST_TEST(!look(ref(app, 0)).accepting);
    auto wrapper = start(app);
    auto sight = look(ref(app, wrapper.pid));
    BOOST_TEST(sight.accepting);
    BOOST_TEST(sight.alive);
    BOOST_TEST(!sight.stranger);
    BOOST_TEST(sight.memory_mb > static_cast<int>(wrapper.memory / (1024 * 1024)) + 80);
    auto busy = [&]() -> task<double> {
        double percent = 0;
        asio::steady_timer timer(io);
        while (percent < 5) { // nine tenths of a core, of which a busy machine gives a part; the wrapper rests
            std::vector<app_ref> apps{ref(app, wrapper.pid)};
            auto sights = co_await machine->look(std::move(apps));
            percent = sights.at(0).cpu_percent;
            timer.expires_after(50ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        co_return percent;
    };
    BOOST_TEST(run(busy()) < 400);

    BOOST_REQUIRE(run(pm2->stop(wrapper.pm_id)));
    BOOST_TEST(!look(ref(app, 0)).accepting);
    auto nothing = run(machine->end_processes(ref(app, 0)));
    BOOST_TEST(nothing.ended == 0);
    BOOST_TEST(nothing.survivors.empty());
    BOOST_TEST(!nothing.stranger);
}

BOOST_FIXTURE_TEST_CASE(what_outlives_the_wrapper_is_found_and_ended_and_nothing_else, world) {
    connect();
    auto app = make_app("aaaaaaaaaa", heavy);
    auto wrapper = start(app);
    BOOST_TEST(run(machine->leftovers(ref(app, wrapper.pid))).empty()); // all of it is in the tree

    // Others with the same folder: a shell somebody opened there, and a process of another app.
    auto visitor = help({"sleep", "1000"}, app.directory, current_environment());
    auto of_another = current_environment();
    set_variable(of_another, "name", "orch-aaaaaaaaab");
    auto neighbour = help({"sleep", "1000"}, app.directory, of_another);
    // And one that says it is of the app, but lives elsewhere.
    auto marked = current_environment();
    set_variable(marked, "name", app.name);
    auto elsewhere = help({"sleep", "1000"}, folder.path(), marked);

    ::kill(wrapper.pid, SIGKILL);
    run(until("pm2 knows", [&] { return heard.find("exit", pm2_status::stopped) != nullptr; }));
    BOOST_TEST(accepts(app.port)); // the grandchild lives on
    auto sight = look(ref(app, 0));
    BOOST_TEST(!sight.accepting);
    BOOST_REQUIRE(sight.stranger);
    BOOST_TEST(sight.stranger->name == "next-server");
    BOOST_TEST(sight.outlived);
    BOOST_TEST(!look(ref(app, wrapper.pid)).alive);

    auto left = run(machine->leftovers(ref(app, 0)));
    BOOST_TEST(left.size() >= 2u);
    for (auto& each : left)
        BOOST_TEST((each.pid != visitor && each.pid != neighbour && each.pid != elsewhere));
    auto remains = run(machine->end_processes(ref(app, 0)));
    BOOST_TEST(remains.ended >= static_cast<int>(left.size()) - 1); // one may end by itself with its parent
    BOOST_TEST(remains.survivors.empty());
    BOOST_TEST(!remains.stranger);
    BOOST_TEST(!accepts(app.port));
    for (auto& each : left)
        BOOST_TEST(!alive(each.pid));
    for (int pid : {visitor, neighbour, elsewhere})
        BOOST_TEST(alive(pid));
}

BOOST_FIXTURE_TEST_CASE(a_leftover_that_ignores_sigterm_is_killed, world) {
    auto directory = folder / "aaaaaaaaaa";
    std::filesystem::create_directories(directory);
    auto marked = current_environment();
    set_variable(marked, "name", "orch-aaaaaaaaaa");
    auto deaf = help({"sh", "-c", "trap '' TERM; echo > ready; while :; do sleep 1000; done"}, directory, marked);
    run(until("it is deaf", [&] { return std::filesystem::exists(directory / "ready"); }));
    app_ref app;
    app.id = "aaaaaaaaaa";
    app.directory = directory;
    app.port = free_port();
    auto remains = run(machine->end_processes(app));
    BOOST_TEST(remains.survivors.empty());
    BOOST_TEST(remains.ended >= 2);
    BOOST_TEST(!alive(deaf));
}

BOOST_FIXTURE_TEST_CASE(a_stranger_on_the_port_is_named_and_left_alone, world) {
    connect();
    auto app = make_app("aaaaaaaaaa", server);
    write_file(folder / "stranger.js",
               "require('net').createServer().listen(" + std::to_string(app.port) + ", '127.0.0.1')");
    auto stranger = help({"node", "stranger.js"}, folder.path(), current_environment());
    run(until("the stranger listens", [&] { return accepts(app.port); }));
    auto sight = look(ref(app, 0));
    BOOST_TEST(!sight.accepting);
    BOOST_TEST((sight.stranger == process_name{stranger, "node"}));
    auto remains = run(machine->end_processes(ref(app, 0)));
    BOOST_TEST((remains.stranger == process_name{stranger, "node"}));
    BOOST_TEST(remains.ended == 0);
    BOOST_TEST(alive(stranger));

    // A tree that runs but does not hold the port: the connect would succeed, and proves nothing.
    auto other = make_app("aaaaaaaaab", "setInterval(() => {}, 1000)");
    BOOST_REQUIRE(run(pm2->start(other)));
    auto table = run(pm2->list());
    BOOST_REQUIRE(table);
    auto both = ref(app, find(*table, other.name)->pid);
    BOOST_TEST(!look(both).accepting);
    BOOST_TEST(look(both).stranger->pid == stranger);
}

BOOST_FIXTURE_TEST_CASE(a_server_in_the_folder_that_holds_the_port_is_a_leftover, world) {
    auto app = make_app("aaaaaaaaaa", server);
    auto unmarked = current_environment(); // somebody ran it by hand
    set_variable(unmarked, "PORT", std::to_string(app.port));
    auto by_hand = help({"node", "server.js"}, app.directory, unmarked);
    run(until("it listens", [&] { return accepts(app.port); }));
    auto left = run(machine->leftovers(ref(app, 0)));
    BOOST_REQUIRE(left.size() == 1u);
    BOOST_TEST(left[0].pid == by_hand);
}

BOOST_FIXTURE_TEST_CASE(what_a_scaffold_left_is_ended, world) {
    auto marked = current_environment();
    auto where = folder / "aaaaaaaaaa";
    set_variable(marked, "BERTH_SCAFFOLD", where.string());
    auto ours = help({"sleep", "1000"}, folder.path(), marked);
    set_variable(marked, "BERTH_SCAFFOLD", where.string() + "b");
    auto others = help({"sleep", "1000"}, folder.path(), marked);
    run(machine->end_scaffold(where));
    BOOST_TEST(!alive(ours));
    BOOST_TEST(alive(others));
}

BOOST_FIXTURE_TEST_CASE(load_is_within_reason, world) {
    auto load = machine->load();
    BOOST_TEST(load.cores > 0);
    BOOST_TEST(load.memory_total_mb > 100u);
    BOOST_TEST(load.memory_used_mb <= load.memory_total_mb);
    BOOST_TEST((load.cpu_percent >= 0 && load.cpu_percent <= 100));
}

BOOST_AUTO_TEST_SUITE_END()
