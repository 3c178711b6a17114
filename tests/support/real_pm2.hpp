// A real pm2 whose home is a temporary folder, and small Node apps.
#pragma once

#include "core/process_manager.hpp"
#include "pm2/bridge.hpp"
#include "support/reactor.hpp"

namespace berth::test {

/// Keeps what the process manager said.
class recorder final : public process_manager_listener {
public:
    std::vector<pm2_event> events;
    std::vector<std::string> wrote;
    int connected = 0;
    std::vector<std::string> reasons;

    void on_event(const pm2_event& e) override { events.push_back(e); }
    void on_wrote(const std::string& name) override { wrote.push_back(name); }
    void on_connected() override { ++connected; }
    void on_disconnected(const std::string& reason) override { reasons.push_back(reason); }

    /// The first event of this name and status, or null.
    const pm2_event* find(const std::string& event, pm2_status) const;
};

/// pm2 with a home of its own, the bridge to it, and apps. Ends all of it.
class real_pm2 : public reactor {
public:
    explicit real_pm2(environment extra = {});
    ~real_pm2();

    bridge_options options() const;
    /// The bridge, connected. To be called once.
    process_manager& connect() { return connect(options()); }
    process_manager& connect(bridge_options);

    /// A folder with a package.json whose "dev" is `node server.js`, and this server.js.
    start_options make_app(const std::string& id, const std::string& server_js);
    /// Listens on PORT and says so.
    static const std::string server;

    int daemon_pid() const;
    std::string home_variable() const { return "PM2_HOME=" + (folder / "pm2").string(); }

    temp_folder folder;
    environment variables;
    recorder heard;
    std::unique_ptr<process_manager> pm2;
};

/// The row of this name, or null.
const pm2_process* find(const pm2_table&, const std::string& name);

} // namespace berth::test
