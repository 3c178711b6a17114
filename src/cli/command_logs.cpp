// logs, once and followed, of one app or of several.
#include "cli/commands.hpp"
#include "cli/log_follow.hpp"
#include "cli/log_printer.hpp"
#include "cli/text.hpp"
#include "core/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ctime>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

/// The time of the day here, "14:30:00.123".
std::string arrival() {
    auto now = wall_ms();
    std::time_t seconds = now / 1000;
    std::tm here{};
    localtime_r(&seconds, &here);
    return fmt::format("{:02}:{:02}:{:02}.{:03}", here.tm_hour, here.tm_min, here.tm_sec, now % 1000);
}

/// `label`: empty where there is one app.
log_printer printer_for(const session& s, const logs_command& wish, const std::string& label) {
    log_printer::options options;
    options.both = wish.out && wish.error;
    options.terminal = s.out.facts().out;
    options.colours = s.out.facts().colours_out();
    options.label = label;
    options.grep = wish.grep;
    options.times = wish.times;
    return log_printer(options);
}

/// Names as wide as the widest, so that the lines stand below each other.
std::vector<std::string> labels_of(const std::vector<listed_app>& apps) {
    std::size_t widest = 0;
    std::vector<std::string> labels(apps.size());
    if (apps.size() == 1)
        return labels;
    for (auto& app : apps)
        widest = std::max(widest, width_of(visible(app.name)));
    for (std::size_t i = 0; i < apps.size(); ++i)
        labels[i] = padded(visible(apps[i].name), widest, side::left);
    return labels;
}

task<outcome<json>> tail_of(session& s, const logs_command& wish, const listed_app& app) {
    auto where = fmt::format("/api/apps/{}/logs?tail={}", app.id, wish.lines);
    if (wish.since)
        where += fmt::format("&since={}", *wish.since);
    auto body = co_await get(s, std::move(where));
    if (body.has_error())
        co_return body.error();
    auto logs = json::parse(*body, nullptr, false);
    if (!logs.is_object() || !logs.contains("stdout") || !logs.contains("stderr"))
        co_return foreign_answer("the logs are no logs");
    co_return logs;
}

void print_tail(session& s, const logs_command& wish, const json& logs, const std::string& label) {
    auto printer = printer_for(s, wish, label);
    if (wish.out)
        s.out.print(printer.print(log_side::out, logs.value("stdout", "")));
    if (wish.error)
        s.out.print(printer.print(log_side::error, logs.value("stderr", "")));
    s.out.print(printer.finish());
}

task<outcome<int>> print_tails(session& s, logs_command wish, std::vector<listed_app> apps) {
    auto labels = labels_of(apps);
    json all = json::array();
    for (std::size_t i = 0; i < apps.size(); ++i) {
        auto logs = co_await tail_of(s, wish, apps[i]);
        if (logs.has_error())
            co_return logs.error();
        if (!s.json) {
            print_tail(s, wish, *logs, labels[i]);
            continue;
        }
        all.push_back({{"id", apps[i].id}, {"name", apps[i].name}});
        all.back().update(*logs);
    }
    if (s.json)
        s.out.print_json(all.dump(-1, ' ', false, json::error_handler_t::replace));
    co_return exit_code::done;
}

class follower {
public:
    /// `speaks`: tells that the server has gone; one of several is enough.
    follower(session& s, const logs_command& wish, const listed_app& app, const std::string& label, bool speaks,
             std::optional<log_follow::options::offsets> from)
        : s_(s), speaks_(speaks), patience_(wish.patience), name_(app.name),
          state_({app.id, wish.lines, wish.out, wish.error, from}), printer_(printer_for(s, wish, label)) {}
    ~follower() {
        if (!s_.json)
            s_.out.print(printer_.finish());
    }
    follower(const follower&) = delete;
    follower& operator=(const follower&) = delete;

    task<outcome<int>> run() {
        reader_watch watch(s_, [this] { stop(); });
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
                if (speaks_)
                    s_.out.note(fmt::format("the server at {} has gone; waiting {} s for it (Ctrl-C ends)",
                                            s_.server.url(), patience_.count()));
            } else if (!ever || opened.error().code != exit_code::no_server ||
                       std::chrono::steady_clock::now() - last_seen >= patience_) {
                co_return opened.error();
            }
            co_await pause(s_, wait.next());
            if (reader_gone_)
                co_return exit_code::done;
        }
    }

    /// Makes run() return soon.
    void stop() {
        reader_gone_ = true;
        close();
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
            s_.out.print(printer_.print(piece.side, piece.text, piece.old ? std::string() : arrival()));
    }

    session& s_;
    bool speaks_;
    std::chrono::seconds patience_;
    std::string name_;
    log_follow state_;
    log_printer printer_;
    std::unique_ptr<event_stream> stream_;
    bool app_gone_ = false;
    bool reader_gone_ = false;
};

/// Ends when all have ended, or one has failed.
task<outcome<int>> follow_all(session& s, logs_command wish, std::vector<listed_app> apps) {
    auto labels = labels_of(apps);
    std::vector<std::unique_ptr<follower>> followers;
    for (std::size_t i = 0; i < apps.size(); ++i) {
        std::optional<log_follow::options::offsets> from;
        if (wish.since) { // by the socket no time can be asked for
            auto logs = co_await tail_of(s, wish, apps[i]);
            if (logs.has_error())
                co_return logs.error();
            print_tail(s, wish, *logs, labels[i]);
            auto next = logs->value("next", json::object());
            from = {next.value("stdout", std::uint64_t{0}), next.value("stderr", std::uint64_t{0})};
        }
        followers.push_back(std::make_unique<follower>(s, wish, apps[i], labels[i], i == 0, from));
    }
    if (followers.size() == 1)
        co_return co_await followers.front()->run();
    outcome<int> how = exit_code::done;
    auto left = followers.size();
    asio::steady_timer ended(s.executor, std::chrono::steady_clock::time_point::max());
    for (auto& each : followers)
        asio::co_spawn(s.executor, each->run(), [&](std::exception_ptr thrown, outcome<int> one) {
            --left;
            if (thrown)
                std::rethrow_exception(thrown);
            if (one.has_error() && how.has_value())
                how = one.error();
            if (how.has_error() || left == 0)
                ended.cancel();
        });
    co_await ended.async_wait(as_result);
    for (auto& each : followers)
        each->stop();
    while (left > 0) {
        ended.expires_at(std::chrono::steady_clock::time_point::max());
        co_await ended.async_wait(as_result);
    }
    co_return how;
}

outcome<std::vector<listed_app>> choose(session& s, const logs_command& wish, const std::vector<listed_app>& all) {
    if (!wish.apps.empty())
        return pick(s, all, wish.apps);
    std::vector<listed_app> chosen;
    for (auto& app : all)
        if (wish.all || app.category == wish.category)
            chosen.push_back(app);
    return chosen;
}

} // namespace

task<outcome<int>> run_logs(session& s, logs_command wish) {
    auto all = co_await all_apps(s);
    if (all.has_error())
        co_return all.error();
    auto apps = choose(s, wish, *all);
    if (apps.has_error())
        co_return apps.error();
    if (apps->empty()) {
        if (s.json && !wish.follow)
            s.out.print_json("[]");
        else
            s.out.note("no app is like that; see: berth ls");
        co_return exit_code::done;
    }
    if (wish.follow)
        co_return co_await follow_all(s, wish, *apps);
    co_return co_await print_tails(s, wish, *apps);
}

} // namespace berth::cli
