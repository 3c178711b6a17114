#include "machine/world.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <signal.h>

using namespace berth;
using namespace berth::test;

namespace {

/// With apps of the real pm2.
struct world : machine_world<real_pm2> {
    app_ref ref(const start_options& app, int root_pid) {
        app_ref r;
        r.id = app.name.substr(5);
        r.directory = app.directory;
        r.port = app.port;
        r.root_pid = root_pid;
        return r;
    }

    /// Started by pm2 and accepting; returns the wrapper.
    pm2_process start(const start_options& app) {
        BOOST_REQUIRE(run(pm2->start(app)));
        run(until("the app accepts", [&] { return accepts(app.port); }));
        auto table = run(pm2->list());
        BOOST_REQUIRE(table);
        return *find(*table, app.name);
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
    BOOST_TEST(sight.lives);
    BOOST_TEST(sight.exposed);
    BOOST_TEST(sight.memory_mb > static_cast<int>(wrapper.memory / (1024 * 1024)) + 40); // less what they share
    // Nine tenths of a core, of which a busy machine gives a part; the wrapper rests.
    sees(ref(app, wrapper.pid), [](auto& seen) { return seen.cpu_percent >= 5; });
    BOOST_TEST(look(ref(app, wrapper.pid)).cpu_percent < 400);

    BOOST_REQUIRE(run(pm2->stop(app)));
    BOOST_TEST(!look(ref(app, 0)).accepting);
    auto nothing = run(machine->end_processes(ref(app, 0)));
    BOOST_TEST(nothing.ended == 0);
    BOOST_TEST(nothing.survivors.empty());
    BOOST_TEST(!nothing.stranger);
}

BOOST_FIXTURE_TEST_CASE(a_stranger_on_the_port_is_named_and_left_alone, world) {
    connect();
    auto app = make_app("aaaaaaaaaa", server);
    write_file(folder / "stranger.js",
               "require('net').createServer().listen(" + std::to_string(app.port) + ", '127.0.0.1')");
    auto stranger = help({"node", "stranger.js"}, folder.path());
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

BOOST_FIXTURE_TEST_CASE(load_is_within_reason, app_world) {
    auto load = machine->load();
    BOOST_TEST(load.cores > 0);
    BOOST_TEST(load.memory_total_mb > 100u);
    BOOST_TEST(load.memory_used_mb <= load.memory_total_mb);
    BOOST_TEST((load.cpu_percent >= 0 && load.cpu_percent <= 100));
}

BOOST_FIXTURE_TEST_CASE(ports_on_which_anybody_listens_are_known, app_world) {
    using asio::ip::tcp;
    tcp::acceptor four(io, {asio::ip::address_v4::loopback(), 0});
    tcp::acceptor six(io, {asio::ip::address_v6::loopback(), 0});
    auto at_four = four.local_endpoint().port(), at_six = six.local_endpoint().port();
    auto taken = run(machine->listening());
    BOOST_TEST(taken.contains(at_four));
    BOOST_TEST(taken.contains(at_six));
    four.close();
    taken = run(machine->listening());
    BOOST_TEST(!taken.contains(at_four));
    BOOST_TEST(taken.contains(at_six));
}

BOOST_FIXTURE_TEST_CASE(who_is_connected_to_an_app_is_counted_but_for_berth_itself, app_world) {
    using asio::ip::tcp;
    app.root_pid = start_node("require('http').createServer((q, r) => r.end()).listen(process.env.PORT, '127.0.0.1')");
    sees(app, [](auto& sight) { return sight.accepting; });
    sees(app, [](auto& sight) { return sight.connections == 0; });
    std::set<std::uint16_t> ports{app.port};
    tcp::endpoint there(asio::ip::address_v4::loopback(), app.port);
    tcp::socket visitor(io), question(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    own->add(question.local_endpoint().port());
    question.connect(there);
    visitor.connect(there);
    sees(app, [](auto& sight) { return sight.connections > 0; });
    BOOST_TEST(look(app).connections == 1);
    BOOST_TEST(run(machine->connections(ports)).at(app.port) == 1);
    visitor.close();
    sees(app, [](auto& sight) { return sight.connections == 0; });
    BOOST_TEST(run(machine->connections(ports)).empty());
    auto nobody = app; // the same port, which then is a stranger's
    nobody.root_pid = 0;
    BOOST_TEST(look(nobody).connections == 0);
}

BOOST_FIXTURE_TEST_CASE(who_came_lately_is_known_but_for_berth_itself, app_world) {
    using asio::ip::tcp;
    tcp::acceptor app_of_ours(io, {asio::ip::address_v4::loopback(), 0});
    auto there = app_of_ours.local_endpoint();
    std::set<std::uint16_t> ports{there.port()};
    auto seen = [&] { return run(machine->visits(ports)).value(); };
    auto visit = [&](bool is_own) {
        tcp::socket client(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        auto from = client.local_endpoint().port();
        if (is_own)
            own->add(from);
        client.connect(there);
        auto served = app_of_ours.accept();
        auto during = seen();
        BOOST_TEST(during[there.port()].connected == (is_own ? 0 : 1));
        BOOST_TEST(!during[there.port()].lately);
        client.close();
        if (is_own)
            own->remove(from);
    };
    BOOST_TEST(seen().empty());
    visit(true);
    BOOST_TEST(seen().empty()); // nor is it a visit afterwards
    visit(false);
    auto after = seen();
    BOOST_TEST(after[there.port()].connected == 0);
    BOOST_TEST(after[there.port()].lately);
    BOOST_TEST(run(machine->accepts(there.port())));
    app_of_ours.close();
    BOOST_TEST(!run(machine->accepts(there.port())));
}

BOOST_FIXTURE_TEST_CASE(an_app_on_a_mapped_address_accepts, app_world) {
    app.root_pid = start_node("require('net').createServer().listen(process.env.PORT, '::ffff:127.0.0.1')");
    run(until("it listens", [&] { return accepts(app.port); }));
    auto sight = look(app);
    BOOST_TEST(sight.accepting);
    BOOST_TEST(!sight.exposed);
    BOOST_TEST(!sight.other_port);
}

BOOST_FIXTURE_TEST_CASE(a_stranger_on_the_other_loopback_address_is_named, app_world) {
    app.root_pid = start_node("require('net').createServer().listen(process.env.PORT, '127.0.0.1')");
    write_file(place / "stranger.js", "require('net').createServer().listen(" + std::to_string(app.port) +
                                          ", '::1', () => "
                                          "require('fs').writeFileSync('listens', ''))");
    auto stranger = help({"node", "stranger.js"}, place.path());
    run(until("both listen", [&] { return accepts(app.port) && std::filesystem::exists(place / "listens"); }));
    auto sight = look(app);
    BOOST_TEST(sight.accepting);
    BOOST_TEST((sight.stranger == process_name{stranger, "node"}));
    BOOST_TEST(!sight.outlived);
}

BOOST_FIXTURE_TEST_CASE(an_app_on_another_port_says_which, app_world) {
    auto other = free_port();
    app.root_pid = start_node("require('net').createServer().listen(" + std::to_string(other) + ", '127.0.0.1')");
    BOOST_TEST(!look(app).other_port);
    run(until("it listens", [&] { return accepts(other); }));
    sees(app, [](auto& sight) { return sight.other_port.has_value(); });
    auto sight = look(app);
    BOOST_TEST(sight.other_port.value() == other);
    BOOST_TEST(!sight.accepting);
    BOOST_TEST(!sight.exposed);
}

BOOST_AUTO_TEST_SUITE_END()
