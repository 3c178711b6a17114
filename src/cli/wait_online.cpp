#include "cli/wait_online.hpp"

#include "cli/list_view.hpp"
#include "cli/log_follow.hpp"
#include "cli/opener.hpp"
#include "cli/text.hpp"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

namespace berth::cli {
namespace {

/// Closes the stream that is read at the time when the time is up. The state is shared with the timer's handler, which
/// may be on its way when this ends.
class time_limit {
public:
    time_limit(asio::any_io_executor executor, std::chrono::seconds time)
        : timer_(executor, time), state_(std::make_shared<state>()) {
        timer_.async_wait([state = state_](boost::system::error_code cancelled) {
            state->passed = !cancelled;
            if (!cancelled && state->stream)
                state->stream->close();
        });
    }
    ~time_limit() { state_->stream = nullptr; }
    time_limit(const time_limit&) = delete;
    time_limit& operator=(const time_limit&) = delete;

    bool passed() const { return state_->passed; }
    /// Null: none. Must be told before a stream dies.
    void watch(event_stream* stream) { state_->stream = stream; }

private:
    struct state {
        bool passed = false;
        event_stream* stream = nullptr;
    };
    asio::steady_timer timer_;
    std::shared_ptr<state> state_;
};

failure not_online(const listed_app& app, std::string_view why) {
    if (app.sleeps())
        return still_asleep(app);
    auto reason = app.reason ? ": " + unstopped(visible(*app.reason)) : std::string();
    return failed(fmt::format("{} {}{}; see: berth logs {}", in_quotes(app.name), why, reason, app.id));
}

} // namespace

failure still_asleep(const listed_app& app) {
    return failed(fmt::format("{} sleeps until it is opened; wake it with: berth wake --wait {}", in_quotes(app.name),
                              app.id));
}

prospect prospect_of(const listed_app& app) {
    if (app.status == "online" && app.operation.empty())
        return prospect::online;
    if (app.status == "errored" || (app.status == "stopped" && app.operation.empty()))
        return prospect::hopeless;
    return prospect::open;
}

task<outcome<listed_app>> wait_until_online(session& s, listed_app app, std::chrono::seconds timeout) {
    time_limit limit(s.executor, timeout);
    live_list list(list_filter{});
    backoff wait;
    while (!limit.passed()) {
        auto stream = s.events();
        limit.watch(stream.get());
        auto opened = co_await stream->open();
        while (opened.has_value() && !limit.passed()) {
            auto message = co_await stream->next();
            if (message.has_error())
                break;
            list.on_message(*message);
            auto* now = list.find(app.id);
            if (list.known() && !now)
                co_return failed(fmt::format("{} was deleted meanwhile", in_quotes(app.name)));
            if (!now)
                continue;
            app = *now;
            s.out.progress(fmt::format("{}: {}", visible(app.name), visible(state_word(app))));
            auto prospect = prospect_of(app);
            if (prospect == prospect::online)
                co_return app;
            if (prospect == prospect::hopeless)
                co_return not_online(app, "is " + app.status);
        }
        limit.watch(nullptr);
        if (!limit.passed())
            co_await pause(s, wait.next());
    }
    auto why = fmt::format("is {}, not online, after {} s", app.status, timeout.count());
    co_return not_online(app, why);
}

task<outcome<int>> show_started(session& s, new_app made, after_start then) {
    if (then.wait) {
        auto online = co_await wait_until_online(s, made.app, then.timeout);
        if (online.has_error())
            co_return online.error();
        made.app = *online;
        made.json = made.app.json;
    }
    auto& app = made.app;
    if (s.json)
        s.out.print_json(made.json);
    else
        s.out.print(fmt::format("{}  {}  {}  (id {})\n", visible(app.name), visible(app.status), app.url(), app.id));
    if (then.open && !open_address(app.url()))
        s.out.note(fmt::format("there is no browser here; open {} yourself", app.url()));
    co_return exit_code::done;
}

} // namespace berth::cli
