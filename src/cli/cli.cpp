#include "cli/cli.hpp"

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/opener.hpp"
#include "core/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <csignal>
#include <thread>

namespace berth {
namespace cli {
namespace {

/// One command, its reactor, and the signals that end it.
class program {
public:
    program(invocation wish, server_address server)
        : wish_(std::move(wish)),
          out_(STDOUT_FILENO, STDERR_FILENO, look_at_terminal(), [this](int code) { end(code); }),
          http_(create_http_client(io_.get_executor(), server)),
          session_{io_.get_executor(), out_, server, wish_.json, *http_, {}, {}},
          signals_(io_, SIGINT, SIGTERM, SIGHUP) {
        session_.events = [this] { return create_event_stream(io_.get_executor(), session_.server); };
    }

    int run() {
        await_signal();
        asio::co_spawn(io_, command(),
                       [this](std::exception_ptr thrown, int code) { end(thrown ? foreign(thrown) : code); });
        io_.run();
        return exit_code_;
    }

private:
    task<int> command() {
        if (auto* wish = std::get_if<create_command>(&wish_.what))
            return run_create(session_, *wish);
        if (auto* wish = std::get_if<list_command>(&wish_.what))
            return run_list(session_, *wish);
        if (auto* wish = std::get_if<show_command>(&wish_.what))
            return run_show(session_, *wish);
        if (auto* wish = std::get_if<action_command>(&wish_.what))
            return run_action(session_, *wish);
        if (auto* wish = std::get_if<logs_command>(&wish_.what))
            return run_logs(session_, *wish);
        if (auto* wish = std::get_if<open_command>(&wish_.what))
            return run_open(session_, *wish);
        if (auto* wish = std::get_if<complete_command>(&wish_.what))
            return run_complete(session_, *wish);
        return run_health(session_);
    }

    /// JSON with other types than the API's: only another program sends that. Any other exception is a bug.
    int foreign(std::exception_ptr thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const nlohmann::json::exception&) {
            return out_.fail(failed("what answers at " + session_.server.url() + " does not speak Berth's API"));
        }
    }

    void await_signal() {
        signals_.async_wait([this](boost::system::error_code cancelled, int signal) {
            if (cancelled)
                return;
            if (signal == SIGINT && session_.on_interrupt && session_.on_interrupt())
                await_signal();
            else
                end(128 + signal);
        });
    }

    /// The first word counts. What still runs is dropped with the reactor.
    void end(int code) {
        if (ended_)
            return;
        ended_ = true;
        exit_code_ = code;
        io_.stop();
    }

    invocation wish_;
    bool ended_ = false;
    int exit_code_ = exit_code::failed;
    console out_; // outlives the coroutines, which end with io_
    std::unique_ptr<http_client> http_;
    session session_;
    asio::io_context io_;
    asio::signal_set signals_;
};

int run_against_server(invocation wish) {
    server_address server;
    if (!wish.url.empty()) {
        auto given = parse_address(wish.url);
        if (given.has_error()) {
            console out(STDOUT_FILENO, STDERR_FILENO, look_at_terminal(), [](int) {});
            return out.fail(given.error());
        }
        server = *given;
    }
    return program(std::move(wish), server).run();
}

int print_text(std::string_view text) {
    int code = exit_code::done;
    console out(STDOUT_FILENO, STDERR_FILENO, look_at_terminal(), [&](int why) { code = why; });
    out.print(text);
    return code;
}

} // namespace
} // namespace cli

int run_cli(int argc, char** argv, serve_function serve) {
    using namespace cli;
    std::signal(SIGPIPE, SIG_IGN); // a reader that has gone is an error of write(), not an end
    auto wish = parse_arguments(argc, argv, look_at_environment());
    if (wish.has_error()) {
        console out(STDOUT_FILENO, STDERR_FILENO, look_at_terminal(), [](int) {});
        return out.fail(wish.error());
    }
    if (auto* flags = std::get_if<serve_flags>(&wish->what))
        return serve(*flags);
    if (auto* text = std::get_if<text_command>(&wish->what))
        return print_text(text->text);
    if (auto* completion = std::get_if<completion_command>(&wish->what))
        return print_text(completion_script(completion->shell));
    return run_against_server(std::move(*wish));
}

void open_in_browser(const std::string& address) {
    std::thread([address] { cli::open_address(address); }).detach();
}

} // namespace berth
