// The dev servers that somebody runs in a folder: who is seen, who is ended, and who is not.
#include "machine/kernel.hpp"
#include "machine/leftovers.hpp"
#include "machine/world.hpp"

#include <signal.h>

using namespace berth;
using namespace berth::test;

namespace {

const std::string listens = "require('http').createServer((q, r) => r.end()).listen(process.env.PORT, '127.0.0.1');";

struct folder_world : app_world {
    std::filesystem::path project = place / "shop";

    folder_world() { std::filesystem::create_directories(project / "apps/web"); }

    /// A server of somebody's own; returns its pid once it listens.
    int serve(const std::filesystem::path& folder, std::uint16_t port, const std::string& script = listens,
              const std::string& run_by = "dev") {
        auto variables = variables_for_all();
        set_variable(variables, "PORT", std::to_string(port));
        set_variable(variables, "npm_lifecycle_event", run_by); // as npm, pnpm, yarn and bun do
        std::filesystem::create_directories(folder);
        auto pid = help({"node", "-e", script}, folder, variables);
        run(until("it accepts", [&] { return accepts(port); }));
        return pid;
    }
    std::vector<dev_server> seen(std::set<std::string> but = {}) { return run(machine->servers_in(project, but)); }
    std::vector<dev_server> end_all(std::set<std::string> but = {}) {
        return run(machine->end_servers_in(project, but));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(dev_servers, folder_world)

BOOST_AUTO_TEST_CASE(whoever_listens_and_works_in_the_folder_is_one) {
    BOOST_TEST(seen().empty());
    auto port = free_port();
    auto pid = serve(project / "apps/web", port);
    auto beside = serve(place / "shop-2", free_port());
    auto idle = help({"sleep", "1000"}, project);
    auto found = seen();
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].process.pid == pid);
    BOOST_TEST(found[0].port == port);
    BOOST_TEST(end_all().empty());
    BOOST_TEST(!alive(pid));
    BOOST_TEST(alive(beside));
    BOOST_TEST(alive(idle));
}

BOOST_AUTO_TEST_CASE(an_agent_that_listens_there_is_none) {
    auto agent = serve(project, free_port(), listens, "npx");
    auto helper = serve(project, free_port(), listens, "");
    auto next = serve(project, free_port(), "process.title = 'next-server (v16.4.3)';" + listens, "");
    auto found = seen();
    BOOST_REQUIRE(found.size() == 1u); // started by hand, and by its own name Next's
    BOOST_TEST(found[0].process.pid == next);
    BOOST_TEST(found[0].process.name == "next-server");
    BOOST_TEST(end_all().empty());
    BOOST_TEST(alive(agent));
    BOOST_TEST(alive(helper));
}

BOOST_AUTO_TEST_CASE(an_app_of_ours_in_it_is_none) {
    app.directory = project;
    write_file(app.directory / "server.js", listens);
    auto all = variables(app);
    set_variable(all, "npm_lifecycle_event", "dev");
    auto root = help({"node", "server.js"}, app.directory, all, true);
    run(until("it accepts", [&] { return accepts(app.port); }));
    BOOST_TEST(seen({app.id}).empty());
    BOOST_TEST(seen({"bbbbbbbbbb"}).size() == 1u); // another Berth's
    BOOST_TEST(end_all({app.id}).empty());
    BOOST_TEST(alive(root));
}

BOOST_AUTO_TEST_CASE(one_that_will_not_go_is_killed) {
    auto pid = serve(project, free_port(), "process.on('SIGTERM', () => {});" + listens);
    BOOST_TEST(end_all().empty());
    BOOST_TEST(!alive(pid));
}

BOOST_AUTO_TEST_CASE(one_that_closes_its_socket_first_is_waited_for) {
    auto lingers =
        "const s = " + listens + " process.on('SIGTERM', () => { s.close(); setInterval(() => {}, 1000); });";
    auto pid = serve(project, free_port(), lingers);
    BOOST_TEST(end_all().empty());
    BOOST_TEST(!alive(pid)); // it holds no socket any more, and had to be killed all the same
}

BOOST_AUTO_TEST_CASE(whoever_works_elsewhere_by_then_gets_no_signal) {
    auto pid = serve(project, free_port());
    auto tables = kernel::open_tables();
    auto now = tables->one_process(pid).value();
    found_process who{pid, now.started, now.name, project.string()};
    BOOST_TEST(still_is(who, *tables));
    who.works_in = (project / "apps").string();
    BOOST_TEST(!still_is(who, *tables));
    who = {pid, now.started + 1, now.name, project.string()}; // the pid is another's
    BOOST_TEST(!still_is(who, *tables));
}

BOOST_AUTO_TEST_SUITE_END()
