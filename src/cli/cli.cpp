#include "cli/cli.hpp"

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/opener.hpp"
#include "cli/server_health.hpp"
#include "core/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

namespace berth {
namespace cli {
namespace {

int tell(console& out, const failure& why, bool json) { return json ? out.fail_json(why) : out.fail(why); }

int tell_at_once(const failure& why, bool json) {
    console out(STDOUT_FILENO, STDERR_FILENO, look_at_terminal(), [](int) {});
    return tell(out, why, json);
}

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
        asio::co_spawn(io_, to_the_end(), [this](std::exception_ptr thrown, int code) {
            if (thrown)
                std::rethrow_exception(thrown);
            end(code);
        });
        io_.run();
        return exit_code_;
    }

private:
    /// Failures are told here and nowhere else.
    task<int> to_the_end() {
        outcome<int> done = exit_code::done;
        try {
            done = co_await command();
        } catch (const nlohmann::json::exception& other_types) { // than the API's. Any other exception is a bug
            done = foreign_answer(other_types.what());
        }
        if (done.has_value())
            co_return *done;
        auto why = done.error();
        if (why.foreign)
            why = co_await who_answers(session_);
        co_return tell(out_, why, wish_.json);
    }

    task<outcome<int>> command() {
        if (auto* wish = std::get_if<create_command>(&wish_.what))
            return run_create(session_, *wish);
        if (auto* wish = std::get_if<adopt_command>(&wish_.what))
            return run_adopt(session_, *wish);
        if (auto* wish = std::get_if<edit_command>(&wish_.what))
            return run_edit(session_, *wish);
        if (auto* wish = std::get_if<list_command>(&wish_.what))
            return run_list(session_, *wish);
        if (auto* wish = std::get_if<show_command>(&wish_.what))
            return run_show(session_, *wish);
        if (auto* wish = std::get_if<action_command>(&wish_.what))
            return run_action(session_, *wish);
        if (auto* wish = std::get_if<wait_command>(&wish_.what))
            return run_wait(session_, *wish);
        if (auto* wish = std::get_if<logs_command>(&wish_.what))
            return run_logs(session_, *wish);
        if (auto* wish = std::get_if<why_command>(&wish_.what))
            return run_why(session_, *wish);
        if (auto* wish = std::get_if<check_command>(&wish_.what))
            return run_check(session_, *wish);
        if (auto* wish = std::get_if<path_command>(&wish_.what))
            return run_path(session_, *wish);
        if (auto* wish = std::get_if<cancel_command>(&wish_.what))
            return run_cancel(session_, *wish);
        if (auto* wish = std::get_if<template_command>(&wish_.what))
            return run_template(session_, *wish);
        if (auto* wish = std::get_if<activity_command>(&wish_.what))
            return run_activity(session_, *wish);
        if (auto* wish = std::get_if<mcp_command>(&wish_.what))
            return run_mcp(session_, *wish);
        if (auto* wish = std::get_if<mcp_install_command>(&wish_.what))
            return run_mcp_install(session_, *wish);
        if (auto* wish = std::get_if<up_command>(&wish_.what))
            return run_up(session_, *wish);
        if (auto* wish = std::get_if<down_command>(&wish_.what))
            return run_down(session_, *wish);
        if (std::holds_alternative<operations_command>(wish_.what))
            return run_operations(session_);
        if (std::holds_alternative<doctor_command>(wish_.what))
            return run_doctor(session_);
        if (auto* wish = std::get_if<open_command>(&wish_.what))
            return run_open(session_, *wish);
        if (auto* wish = std::get_if<complete_command>(&wish_.what))
            return run_complete(session_, *wish);
        return run_health(session_);
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
        auto given = parse_address(wish.url, wish.url_from);
        if (given.has_error())
            return tell_at_once(given.error(), wish.json);
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
        bool json = std::any_of(argv + 1, argv + argc, [](std::string_view word) { return word == "--json"; });
        return tell_at_once(wish.error(), json);
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
