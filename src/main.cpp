// Berth: `berth serve` is the server, everything else a client of it (src/cli). What follows is the server's table of
// contents: its parts, in the order in which they need each other.

#include "cli/cli.hpp"
#include "cli/own_program.hpp"
#include "core/orchestrator.hpp"
#include "machine/child_process.hpp"
#include "machine/inheritance.hpp"
#include "machine/log_output.hpp"
#include "machine/machine.hpp"
#include "machine/voices.hpp"
#include "net/http/server.hpp"
#include "next/node.hpp"
#include "next/page_check.hpp"
#include "next/project.hpp"
#include "next/project_tools.hpp"
#include "next/scaffold.hpp"
#include "pm2/bridge.hpp"
#include "store/activity_file.hpp"
#include "store/git_head.hpp"
#include "store/log_reader.hpp"
#include "store/storage.hpp"
#include "store/template_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace berth {
namespace {

namespace fs = std::filesystem;

/// Where the bridge, the built dashboard and the checkout's own Node.js lie: in the npm package whose shim has started
/// us (it says where), in the checkout that the program was built in, wherever that has been moved to, beside an
/// installed program, in the npm package beside our own, else where it was built.
struct resources {
    fs::path bridge;
    fs::path web;
    fs::path tools;
};

resources find_resources() {
    auto in_checkout = [](const fs::path& source) {
        return resources{source / "src" / "pm2" / "bridge" / "bridge.mjs", source / "frontend" / "dist",
                         source / "build" / "tools" / "bin"};
    };
    auto in_package = [](const fs::path& package) {
        return resources{package / "bridge" / "bridge.mjs", package / "web", package / "node"};
    };
    std::error_code ignored;
    auto folder = cli::own_program().parent_path();
    auto* told = std::getenv("BERTH_PACKAGE");
    for (auto& found :
         {in_package(told ? told : ""),
          in_checkout(folder.parent_path().parent_path()), // it is <checkout>/build/<preset>/berth
          in_package(folder.parent_path() / "share" / "berth"),
          in_package(folder.parent_path().parent_path().parent_path() / "berth-dev")}) // of @berth-dev/x/bin
        if (found.bridge.is_absolute() && fs::exists(found.bridge, ignored))
            return found;
    return in_checkout(BERTH_SOURCE_DIR);
}

struct connection_bounds {
    std::size_t clients = 0;   // connections to Berth
    std::size_t upstreams = 0; // and from it, to the apps that they ask for by name
};

/// 4,096 connections and 1,024 to apps need as many descriptors, and many systems begin with 1,024. Returns how many
/// connections there may be: a part of the descriptors stays for files, pipes, children and the ports of apps that sleep
/// (two each), so that no crowd of clients can keep Berth from its work.
connection_bounds raise_descriptor_limit() {
    constexpr rlim_t wanted = 8192, reserved = 384;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return {reserved, reserved};
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min<rlim_t>(wanted, limit.rlim_max);
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    net::server_options most;
    auto left = limit.rlim_cur > 2 * reserved ? limit.rlim_cur - reserved : limit.rlim_cur / 2;
    if (left >= most.max_connections + most.max_upstreams)
        return {most.max_connections, most.max_upstreams};
    auto upstreams = std::min<std::size_t>(most.max_upstreams, left / 5);
    auto clients = std::min<std::size_t>(most.max_connections, left - upstreams);
    if (clients < most.max_connections)
        spdlog::warn("this system lets Berth have {} files open: at most {} connections instead of {} (ulimit -n)",
                     limit.rlim_cur, clients, most.max_connections);
    return {clients, upstreams};
}

class program {
public:
    program(const serve_flags& flags, voices& says, resources found, connection_bounds bounds,
            std::vector<std::string> scaffold, std::unique_ptr<root_storage> storage, asio::io_context& io,
            asio::thread_pool& workers, asio::thread_pool& disks, asio::thread_pool& copiers)
        : flags_(flags), says_(says), bounds_(bounds), io_(io), resources_(std::move(found)),
          storage_(std::move(storage)), logs_(create_log_files(io.get_executor(), disks, storage_->root())),
          pm2_(create_bridge(io.get_executor(), bridge_for(resources_.bridge))),
          machine_(create_machine(io.get_executor(), workers, own_connections_)),
          page_checker_(create_page_checker(io.get_executor(), workers, disks, own_connections_)),
          scaffolder_(create_scaffolder(io.get_executor(), {std::move(scaffold), storage_->root(), spawn_child})),
          projects_(create_projects(io.get_executor(), disks)),
          templates_(create_template_store(io.get_executor(), copiers, storage_->root(), storage_->trash_sweeper())),
          tools_(create_project_tools(io.get_executor(), tools_in(storage_->root()))),
          activity_(create_activity_file(io.get_executor(), disks.get_executor(),
                                         storage_->root() / ".berth/activity.jsonl")),
          git_(create_git_reader(io.get_executor(), disks.get_executor())),
          orchestrator_(create_orchestrator(io.get_executor(),
                                            {*storage_, *pm2_, *machine_, *scaffolder_, *projects_, *templates_, *tools_,
                                             logs_.get(), bounds_of_logs(), page_checker_.get(), activity_.get(),
                                             git_.get(), sleep_of(flags)},
              flags.max_running)),
          server_(
              net::create_server(io.get_executor(), workers.get_executor(), *orchestrator_, *logs_, server_options())),
          signals_(io, SIGINT, SIGTERM) {
        if (!hang_up_is_ignored())
            signals_.add(SIGHUP);
    }

    int run() {
        asio::co_spawn(io_, start(), rethrow);
        io_.run();
        return exit_code_;
    }

private:
    static bridge_options bridge_for(const fs::path& script) {
        bridge_options options;
        options.command = {"node", script.string()};
        options.spawn = spawn_child;
        options.variables = current_environment();
        return options;
    }

    static project_tools_options tools_in(const fs::path& root) {
        project_tools_options options;
        options.spawn = spawn_child;
        options.working_directory = root;
        return options;
    }

    /// For tests: nobody waits for 64 MiB.
    static log_bounds bounds_of_logs() {
        log_bounds bounds;
        if (auto bytes = std::getenv("BERTH_LOG_LIMIT"))
            bounds.limit = std::max(1LL, std::atoll(bytes));
        return bounds;
    }

    static sleep_settings sleep_of(const serve_flags& flags) {
        sleep_settings how;
        how.after = flags.sleep_after;
        how.memory_floor = flags.memory_floor;
        if (auto ms = std::getenv("BERTH_YOUNG_FOR")) // for tests: nobody waits for a minute
            how.young = std::chrono::milliseconds(std::max(0LL, std::atoll(ms)));
        return how;
    }

    net::server_options server_options() const {
        net::server_options options;
        options.port = flags_.port;
        options.web_root = resources_.web;
        options.version = BERTH_VERSION;
        options.max_connections = bounds_.clients;
        options.max_upstreams = bounds_.upstreams;
        return options;
    }

    task<> start() {
        auto opened = co_await orchestrator_->open();
        if (opened.has_value())
            opened = server_->open();
        if (opened.has_error()) {
            exit_code_ = says_.fail(opened.error());
            co_await orchestrator_->shut_down();
            io_.stop();
            co_return;
        }
        auto url = fmt::format("http://localhost:{}", server_->port());
        storage_->announce(url);
        says_.tell(fmt::format("Berth is at {} (apps in {})\n", url, storage_->root().native()));
        if (flags_.open)
            open_in_browser(url);
        co_await end_when_asked();
    }

    /// The first signal ends in order: clients get 1001, creates under way are undone, apps run on. A second one, or
    /// ten seconds, ends at once, which is safe too.
    task<> end_when_asked() {
        co_await signals_.async_wait(as_result);
        spdlog::info("ending; the apps run on");
        signals_.async_wait([](boost::system::error_code ec, int) {
            if (!ec)
                std::_Exit(130);
        });
        asio::steady_timer deadline(io_, std::chrono::seconds(10));
        deadline.async_wait([](boost::system::error_code ec) {
            if (!ec) {
                spdlog::warn("something did not end within 10 s; leaving it to the next start");
                spdlog::default_logger()->flush();
                std::_Exit(0);
            }
        });
        // Side by side: a client whose create is undone hears so before its connection is closed.
        using namespace asio::experimental::awaitable_operators;
        co_await (server_->shut_down() && orchestrator_->shut_down());
        io_.stop();
    }

    serve_flags flags_;
    voices& says_;
    connection_bounds bounds_;
    asio::io_context& io_;
    resources resources_;
    std::unique_ptr<root_storage> storage_;
    std::unique_ptr<log_files> logs_;
    std::unique_ptr<process_manager> pm2_;
    std::shared_ptr<own_connections> own_connections_ = std::make_shared<own_connections>();
    std::unique_ptr<machine> machine_;
    std::unique_ptr<page_checker> page_checker_;
    std::unique_ptr<scaffolder> scaffolder_;
    std::unique_ptr<projects> projects_;
    std::unique_ptr<template_store> templates_;
    std::unique_ptr<project_tools> tools_;
    std::unique_ptr<activity_store> activity_;
    std::unique_ptr<git_reader> git_;
    std::unique_ptr<orchestrator> orchestrator_;
    std::unique_ptr<net::server> server_;
    asio::signal_set signals_;
    int exit_code_ = 0;
};

int serve(const serve_flags& flags) {
    std::signal(SIGPIPE, SIG_IGN);
    voices says;
    spdlog::set_default_logger(
        create_logger(says.log(), !flags.server_log && isatty(STDERR_FILENO) == 1 && !std::getenv("NO_COLOR")));
    spdlog::set_level(spdlog::level::from_str(flags.log_level));
    spdlog::set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
    auto bounds = raise_descriptor_limit();
    auto found = find_resources();
    choose_node(found.tools);

    std::vector<std::string> scaffold;
    if (flags.scaffold) {
        auto words = split_command(*flags.scaffold);
        if (words.has_error())
            return says.fail(words.error());
        scaffold = *words;
    }
    // Pools of their own: what looks at processes never waits behind a disk that is slow, or frozen, and nothing behind
    // copies of whole trees. They outlive io: what is left in that at the end holds strands of them.
    asio::thread_pool workers(2), disks(4), copiers(4);
    asio::io_context io(1);
    auto storage = create_storage(io.get_executor(), disks, flags.root);
    if (storage.has_error())
        return says.fail(storage.error());
    if (flags.server_log)
        says.go_into((*storage)->root() / ".berth/server.log");
    program berth(flags, says, std::move(found), bounds, std::move(scaffold), std::move(*storage), io, workers,
                  disks, copiers);
    auto code = berth.run();
    workers.join();
    disks.join();
    copiers.join();
    return code;
}

} // namespace
} // namespace berth

int main(int argc, char** argv) {
    berth::settle_inheritance();
    return berth::run_cli(argc, argv, berth::serve);
}
