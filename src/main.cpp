// Berth: `berth serve` is the server, everything else a client of it (src/cli). What follows is the server's table of
// contents: its parts, in the order in which they need each other.

#include "cli/cli.hpp"
#include "core/orchestrator.hpp"
#include "machine/child_process.hpp"
#include "machine/machine.hpp"
#include "net/http/server.hpp"
#include "next/scaffold.hpp"
#include "pm2/bridge.hpp"
#include "store/log_reader.hpp"
#include "store/storage.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace berth {
namespace {

namespace fs = std::filesystem;

/// Where the bridge and the built dashboard lie: beside an installed program, else in the source tree it was built
/// from.
struct resources {
    fs::path bridge;
    fs::path web;
};

resources find_resources() {
    std::error_code ignored;
    auto shared = fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() / "share" / "berth";
    if (fs::exists(shared / "bridge" / "bridge.mjs", ignored))
        return {shared / "bridge" / "bridge.mjs", shared / "web"};
    fs::path source = BERTH_SOURCE_DIR;
    return {source / "src" / "pm2" / "bridge" / "bridge.mjs", source / "frontend" / "dist"};
}

/// 4,096 connections need as many descriptors, and many systems begin with 1,024. Returns how many connections there
/// may be: a part of the descriptors stays for files, pipes and children, so that no crowd of clients can keep Berth
/// from its work.
std::size_t raise_descriptor_limit() {
    constexpr rlim_t wanted = 8192, reserved = 128;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return reserved;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min<rlim_t>(wanted, limit.rlim_max);
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    auto most = net::server_options().max_connections;
    auto left = limit.rlim_cur > 2 * reserved ? limit.rlim_cur - reserved : limit.rlim_cur / 2;
    if (left < most)
        spdlog::warn("this system lets Berth have {} files open: at most {} connections instead of {} (ulimit -n)",
                     limit.rlim_cur, left, most);
    return std::min<std::size_t>(most, left);
}

int fail(const error& why) {
    std::fprintf(stderr, "berth: %s\n", why.detail.c_str());
    return 1;
}

class program {
public:
    program(const serve_flags& flags, std::size_t max_connections, std::vector<std::string> scaffold,
            std::unique_ptr<root_storage> storage, asio::io_context& io, asio::thread_pool& workers)
        : flags_(flags), max_connections_(max_connections), io_(io), resources_(find_resources()),
          storage_(std::move(storage)), logs_(create_log_files(io.get_executor(), workers, storage_->root())),
          pm2_(create_bridge(io.get_executor(), bridge_for(resources_.bridge))),
          machine_(create_machine(io.get_executor(), workers)),
          scaffolder_(create_scaffolder(io.get_executor(), {std::move(scaffold), storage_->root(), spawn_child})),
          orchestrator_(
              create_orchestrator(io.get_executor(), {*storage_, *pm2_, *machine_, *scaffolder_}, flags.max_running)),
          server_(
              net::create_server(io.get_executor(), workers.get_executor(), *orchestrator_, *logs_, server_options())),
          signals_(io, SIGINT, SIGTERM) {}

    int run() {
        asio::co_spawn(io_, start(), [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        });
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

    net::server_options server_options() const {
        net::server_options options;
        options.port = flags_.port;
        options.web_root = resources_.web;
        options.version = BERTH_VERSION;
        options.max_connections = max_connections_;
        return options;
    }

    task<> start() {
        auto opened = co_await orchestrator_->open();
        if (opened.has_value())
            opened = server_->open();
        if (opened.has_error()) {
            exit_code_ = fail(opened.error());
            co_await orchestrator_->shut_down();
            io_.stop();
            co_return;
        }
        auto url = fmt::format("http://localhost:{}", server_->port());
        storage_->announce(url);
        std::printf("Berth is at %s (apps in %s)\n", url.c_str(), storage_->root().c_str());
        std::fflush(stdout);
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
                std::_Exit(0);
            }
        });
        // Side by side: a client whose create is undone hears so before its connection is closed.
        using namespace asio::experimental::awaitable_operators;
        co_await (server_->shut_down() && orchestrator_->shut_down());
        io_.stop();
    }

    serve_flags flags_;
    std::size_t max_connections_;
    asio::io_context& io_;
    resources resources_;
    std::unique_ptr<root_storage> storage_;
    std::unique_ptr<log_files> logs_;
    std::unique_ptr<process_manager> pm2_;
    std::unique_ptr<machine> machine_;
    std::unique_ptr<scaffolder> scaffolder_;
    std::unique_ptr<orchestrator> orchestrator_;
    std::unique_ptr<net::server> server_;
    asio::signal_set signals_;
    int exit_code_ = 0;
};

int serve(const serve_flags& flags) {
    std::signal(SIGPIPE, SIG_IGN);
    auto logger = spdlog::stderr_color_st("berth");
    spdlog::set_default_logger(logger);
    spdlog::set_level(spdlog::level::from_str(flags.log_level));
    spdlog::set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
    auto max_connections = raise_descriptor_limit();

    std::vector<std::string> scaffold;
    if (flags.scaffold) {
        auto words = split_command(*flags.scaffold);
        if (words.has_error())
            return fail(words.error());
        scaffold = *words;
    }
    asio::thread_pool workers(2); // outlives io: what is left in that at the end holds strands of the pool
    asio::io_context io(1);
    auto storage = create_storage(io.get_executor(), workers, flags.root);
    if (storage.has_error())
        return fail(storage.error());
    program berth(flags, max_connections, std::move(scaffold), std::move(*storage), io, workers);
    auto code = berth.run();
    workers.join();
    return code;
}

} // namespace
} // namespace berth

int main(int argc, char** argv) { return berth::run_cli(argc, argv, berth::serve); }
