// logs, once and followed.
#include "cli/commands.hpp"
#include "cli/log_follow.hpp"
#include "cli/log_printer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

log_printer printer_for(const session& s, const logs_command& wish) {
    log_printer::options options;
    options.both = wish.out && wish.error;
    options.terminal = s.out.facts().out;
    options.colours = s.out.facts().colours_out();
    return log_printer(options);
}

task<int> print_tail(session& s, logs_command wish, std::string id) {
    http_request request;
    request.method = "GET";
    request.target = fmt::format("/api/apps/{}/logs?tail={}", id, wish.lines);
    auto body = co_await ask(s, std::move(request));
    if (body.has_error())
        co_return s.out.fail(body.error());
    if (s.json) {
        s.out.print_json(*body);
        co_return exit_code::done;
    }
    auto logs = nlohmann::json::parse(*body, nullptr, false);
    if (!logs.is_object()) {
        auto why = failed(fmt::format("what answers at {} does not speak Berth's API", s.server.url()));
        co_return s.out.fail(why);
    }
    auto printer = printer_for(s, wish);
    if (wish.out)
        s.out.print(printer.print(log_side::out, logs.value("stdout", "")));
    if (wish.error)
        s.out.print(printer.print(log_side::error, logs.value("stderr", "")));
    s.out.print(printer.finish());
    co_return exit_code::done;
}

class follower {
public:
    follower(session& s, const logs_command& wish, const listed_app& app)
        : s_(s), patience_(wish.patience), name_(app.name), state_({app.id, wish.lines, wish.out, wish.error}),
          printer_(printer_for(s, wish)) {}
    ~follower() {
        if (!s_.json)
            s_.out.print(printer_.finish());
    }
    follower(const follower&) = delete;
    follower& operator=(const follower&) = delete;

    task<int> run() {
        reader_watch watch(s_, [this] { reader_gone_ = true, close(); });
        backoff wait;
        bool ever = false;
        auto last_seen = std::chrono::steady_clock::now();
        for (;;) {
            stream_ = s_.events();
            auto opened = co_await stream_->open();
            if (reader_gone_)
                co_return exit_code::done;
            if (opened.has_value()) {
                ever = true;
                co_await read(wait);
                last_seen = std::chrono::steady_clock::now();
                if (app_gone_)
                    s_.out.note(fmt::format("{} was deleted", in_quotes(name_)));
                if (app_gone_ || reader_gone_)
                    co_return exit_code::done;
                s_.out.note(fmt::format("the server at {} has gone; waiting {} s for it (Ctrl-C ends)", s_.server.url(),
                                        patience_.count()));
            } else if (!ever || opened.error().code != exit_code::no_server ||
                       std::chrono::steady_clock::now() - last_seen >= patience_) {
                co_return s_.out.fail(opened.error());
            }
            co_await pause(s_, wait.next());
            if (reader_gone_)
                co_return exit_code::done;
        }
    }

private:
    void close() {
        if (stream_)
            stream_->close();
    }

    /// Until the connection ends, or there is nothing more to come.
    task<> read(backoff& wait) {
        auto wish = state_.on_connected();
        auto sent = co_await stream_->send(std::move(wish));
        while (sent.has_value() && !app_gone_) {
            auto message = co_await stream_->next();
            if (message.has_error())
                co_return;
            wait.reset();
            auto step = state_.on_message(*message);
            for (auto& piece : step.texts)
                show(piece);
            app_gone_ = step.app_gone;
            if (step.send)
                sent = co_await stream_->send(std::move(*step.send));
        }
    }

    void show(const log_text& piece) {
        if (s_.json)
            s_.out.print_json(piece.message);
        else
            s_.out.print(printer_.print(piece.side, piece.text));
    }

    session& s_;
    std::chrono::seconds patience_;
    std::string name_;
    log_follow state_;
    log_printer printer_;
    std::unique_ptr<event_stream> stream_;
    bool app_gone_ = false;
    bool reader_gone_ = false;
};

} // namespace

task<int> run_logs(session& s, logs_command wish) {
    auto app = co_await one_app(s, wish.app);
    if (app.has_error())
        co_return s.out.fail(app.error());
    if (!wish.follow) {
        auto id = app->id;
        co_return co_await print_tail(s, std::move(wish), std::move(id));
    }
    follower work(s, wish, *app);
    co_return co_await work.run();
}

} // namespace berth::cli
