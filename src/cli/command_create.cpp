// create: the POST answers when the app has been started, which takes as long as its scaffold; meanwhile the WebSocket
// tells how far it is, and Ctrl-C cancels it on the server.
#include "cli/commands.hpp"
#include "cli/text.hpp"
#include "cli/wait_online.hpp"
#include "core/names.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <set>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

// A scaffold may take 15 minutes, and may wait for many others first.
constexpr std::chrono::hours create_deadline{6};
constexpr int name_attempts = 5; // for names made up here

struct listed_operation {
    std::string id, name, phase, line;
    int port = 0;
};

std::optional<listed_operation> to_operation(const json& value) {
    if (!value.is_object())
        return {};
    listed_operation operation;
    operation.id = value.value("id", "");
    operation.name = value.value("name", "");
    operation.phase = value.value("phase", "");
    if (auto port = value.find("port"); port != value.end() && port->is_number_integer())
        operation.port = port->get<int>(); // a template has none
    if (value.value("kind", "create") != "create")
        return {};
    if (auto line = value.find("line"); line != value.end() && line->is_string())
        operation.line = line->get<std::string>();
    return operation;
}

bool is_under_way(const listed_operation& operation) {
    return operation.phase != "done" && operation.phase != "failed" && operation.phase != "cancelled";
}

/// Empty: nothing worth saying.
std::string progress_text(const listed_operation& operation, bool others_scaffold) {
    auto name = visible(operation.name);
    if (operation.phase == "waiting")
        return others_scaffold ? fmt::format("{}: waiting for other scaffolds", name) : std::string();
    if (operation.phase == "copying")
        return fmt::format("{}: copying", name);
    if (operation.phase == "starting")
        return fmt::format("{}: starting on port {}", name, operation.port);
    return fmt::format("{}: {}", name, operation.line.empty() ? operation.phase : operation.line);
}

class creation {
public:
    creation(session& s, create_command wish) : s_(s), wish_(std::move(wish)), cancel_ended_(s.executor) {
        cancel_ended_.expires_at(std::chrono::steady_clock::time_point::max());
    }
    ~creation() { s_.on_interrupt = nullptr; }
    creation(const creation&) = delete;
    creation& operator=(const creation&) = delete;

    task<outcome<int>> run() {
        auto taken = co_await names_taken();
        if (taken.has_error())
            co_return taken.error();
        if (wish_.fork_of) { // by a prefix too, as everywhere
            auto from = co_await one_app(s_, *wish_.fork_of);
            if (from.has_error())
                co_return from.error();
            wish_.fork_of = from->id;
        }
        bool made_up = !wish_.name;
        outcome<std::string> body = failed("");
        for (int attempt = 0; attempt < name_attempts; ++attempt) {
            // Made up here, as the server would: so that the progress shown, and the create cancelled, are surely ours.
            if (made_up)
                wish_.name = generate_name(*taken);
            body = co_await attempt_once();
            if (!made_up || !body.has_error() || body.error().api_code != "name_taken" || cancelling_)
                break;
            taken->insert(name_key(*wish_.name));
        }
        while (cancel_running_)
            co_await cancel_ended_.async_wait(as_result);
        s_.on_interrupt = nullptr;
        if (body.has_error())
            co_return ended(body.error());
        auto app = parse_app(*body);
        if (app.has_error())
            co_return app.error();
        if (cancelling_) {
            s_.out.note(fmt::format("{} was already starting, so it runs; delete it with: berth rm {}",
                                    in_quotes(app->name), app->id));
            co_return exit_code::interrupted;
        }
        new_app made{std::move(*app), std::move(*body)};
        after_start then{wish_.wait, wish_.open, wish_.timeout};
        co_return co_await show_started(s_, std::move(made), then);
    }

private:
    /// What a name made up must not be. Notes which creates are under way: none of them is ours.
    task<outcome<std::set<std::string>>> names_taken() {
        std::set<std::string> names;
        auto operations = co_await operations_now();
        if (operations.has_error())
            co_return operations.error();
        for (auto& operation : *operations) {
            names.insert(name_key(operation.name));
            others_.insert(operation.id);
        }
        if (wish_.name)
            co_return names;
        auto apps = co_await all_apps(s_);
        if (apps.has_error())
            co_return apps.error();
        for (auto& app : *apps)
            names.insert(name_key(app.name));
        co_return names;
    }

    task<outcome<std::vector<listed_operation>>> operations_now() {
        auto body = co_await get(s_, "/api/operations");
        if (body.has_error())
            co_return body.error();
        auto values = json::parse(*body, nullptr, false);
        if (!values.is_array())
            co_return foreign_answer("the operations are no list");
        std::vector<listed_operation> operations;
        for (auto& value : values)
            if (auto operation = to_operation(value))
                operations.push_back(*operation);
        co_return operations;
    }

    bool is_ours(const listed_operation& operation) const {
        return name_key(operation.name) == name_key(*wish_.name) && !others_.contains(operation.id);
    }

    task<outcome<std::string>> attempt_once() {
        using namespace asio::experimental::awaitable_operators;
        answered_ = false;
        s_.on_interrupt = [this] { return interrupted(); };
        stream_ = s_.events();
        auto opened = co_await stream_->open(); // without it there is only no progress
        bool has_events = opened.has_value();
        auto both = post() && show_progress(has_events);
        co_return co_await std::move(both);
    }

    task<outcome<std::string>> post() {
        json wish{{"name", *wish_.name}};
        for (auto [value, field] :
             {std::pair{&wish_.category, "category"}, std::pair{&wish_.notes, "notes"},
              std::pair{&wish_.made_from, "template"}, std::pair{&wish_.fork_of, "from"}})
            if (*value)
                wish[field] = **value;
        for (auto [flag, field] : {std::pair{wish_.fresh, "fresh"}, std::pair{wish_.lan, "lan"}})
            if (flag)
                wish[field] = true;
        http_request request;
        request.method = "POST";
        request.target = "/api/apps";
        request.body = wish.dump();
        request.deadline = create_deadline;
        auto body = co_await ask(s_, std::move(request));
        answered_ = true;
        stream_->close();
        co_return body;
    }

    task<> show_progress(bool has_events) {
        while (has_events) {
            auto message = co_await stream_->next();
            if (message.has_error() || answered_)
                break;
            auto value = json::parse(*message, nullptr, false);
            if (!value.is_object())
                continue;
            auto type = value.value("type", "");
            if (type == "snapshot" && value.contains("operations"))
                for (auto& each : value["operations"])
                    on_operation(to_operation(each));
            else if (type == "operation")
                on_operation(to_operation(value["operation"]));
        }
    }

    void on_operation(const std::optional<listed_operation>& operation) {
        if (!operation)
            return;
        if (!is_ours(*operation)) {
            if (operation->phase == "scaffolding")
                scaffolds_.insert(operation->id);
            else
                scaffolds_.erase(operation->id);
        } else if (is_under_way(*operation) && !cancelling_) {
            auto text = progress_text(*operation, !scaffolds_.empty());
            if (!text.empty())
                s_.out.progress(text);
        }
    }

    /// The first Ctrl-C cancels; the second leaves the rest to the server.
    bool interrupted() {
        if (cancelling_)
            return false;
        cancelling_ = true;
        cancel_running_ = true;
        s_.out.note(
            fmt::format("cancelling the create of {} (Ctrl-C again: do not wait for it)", in_quotes(*wish_.name)));
        asio::co_spawn(s_.executor, cancel(), [this](std::exception_ptr failure) {
            cancel_running_ = false;
            cancel_ended_.cancel();
            if (failure)
                std::rethrow_exception(failure);
        });
        return true;
    }

    /// The server may not have taken the POST up yet: then it is asked again, until the POST is answered.
    task<> cancel() {
        while (!answered_) {
            auto operations = co_await operations_now();
            if (operations.has_error())
                co_return;
            for (auto& operation : *operations) {
                if (!is_ours(operation))
                    continue;
                http_request request;
                request.method = "DELETE";
                request.target = "/api/operations/" + operation.id;
                co_await ask(s_, std::move(request)); // the POST's answer tells how it went
                co_return;
            }
            co_await pause(s_, std::chrono::milliseconds(100));
        }
    }

    outcome<int> ended(failure why) {
        if (cancelling_ && why.api_code == "cancelled") {
            s_.out.note(fmt::format("the create of {} was cancelled; nothing of it is left", in_quotes(*wish_.name)));
            return exit_code::interrupted;
        }
        if (cancelling_)
            why.code = exit_code::interrupted;
        return why;
    }

    session& s_;
    create_command wish_;
    std::set<std::string> others_;    // ids of creates that were under way before ours
    std::set<std::string> scaffolds_; // of others, that run now
    std::unique_ptr<event_stream> stream_;
    asio::steady_timer cancel_ended_; // cancelled when cancel() has ended
    bool answered_ = false;           // the POST
    bool cancelling_ = false;
    bool cancel_running_ = false;
};

} // namespace

task<outcome<int>> run_create(session& s, create_command wish) {
    creation work(s, std::move(wish));
    co_return co_await work.run();
}

} // namespace berth::cli
