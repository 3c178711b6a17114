#include "support/real_pm2.hpp"

#include "machine/child_process.hpp"

namespace berth::test {

const pm2_event* recorder::find(const std::string& event, pm2_status status) const {
    for (auto& e : events)
        if (e.event == event && e.status == status)
            return &e;
    return nullptr;
}

const std::string real_pm2::server = R"(
require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, () => console.log('listening'));
)";

real_pm2::real_pm2(environment extra) : variables(current_environment()) {
    set_variable(variables, "PM2_HOME", (folder / "pm2").string());
    for (auto& each : extra)
        set_variable(variables, each.substr(0, each.find('=')), each.substr(each.find('=') + 1));
}

real_pm2::~real_pm2() {
    if (pm2 && !hung())
        run(pm2->shut_down());
    end_all_with(home_variable());
}

bridge_options real_pm2::options() const {
    return {{"node", BERTH_SOURCE_DIR "/src/pm2/bridge/bridge.mjs"}, spawn_child, variables};
}

process_manager& real_pm2::connect(bridge_options how) {
    pm2 = create_bridge(io.get_executor(), std::move(how));
    pm2->listen(heard);
    pm2->run();
    run(until("pm2 is connected", [&] { return heard.connected > 0; }));
    return *pm2;
}

start_options real_pm2::make_app(const std::string& id, const std::string& server_js) {
    auto directory = folder / id;
    write_file(directory / "package.json", R"({"name": "app", "private": true, "scripts": {"dev": "node server.js"}})");
    write_file(directory / "server.js", server_js);
    start_options app;
    app.name = "orch-" + id;
    app.directory = directory.string();
    app.port = free_port();
    app.output = (folder / "logs" / (app.name + "-out.log")).string();
    app.error = (folder / "logs" / (app.name + "-error.log")).string();
    return app;
}

int real_pm2::daemon_pid() const { return pm2->health().daemon_pid.value_or(0); }

const pm2_process* find(const pm2_table& table, const std::string& name) {
    for (auto& each : table.processes)
        if (each.name == name)
            return &each;
    return nullptr;
}

} // namespace berth::test
