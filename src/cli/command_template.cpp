// template: what apps are copied from. Making one takes minutes, of which the WebSocket tells; Ctrl-C leaves the work
// to the server, and `berth cancel` ends it.
#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/sanitizer.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr std::chrono::hours deadline{2}; // it may wait for scaffolds first

std::string size_of(const json& each) {
    auto bytes = each.find("bytes");
    if (bytes == each.end() || !bytes->is_number_unsigned())
        return "-";
    return memory_text(static_cast<long long>(bytes->get<std::uint64_t>() >> 20));
}

std::string state_of(const json& each) {
    if (!word(each, "operation").empty())
        return word(each, "madeAt").empty() ? "being made" : "being made anew";
    return word(each, "madeAt").empty() ? "made by the first create" : word(each, "madeAt").substr(0, 10);
}

table templates_table(const json& templates) {
    table t;
    t.columns = {{"NAME", false, 8, 0},
                 {"MADE", false, 0, 0},
                 {"NEXT", false, 0, 2},
                 {"SIZE", true, 0, 1},
                 {"SOURCE", false, 12, 0}};
    for (auto& each : templates)
        t.rows.push_back({{word(each, "name"), "1"},
                          {state_of(each), ""},
                          {word(each, "nextVersion").empty() ? "-" : word(each, "nextVersion"), ""},
                          {size_of(each), ""},
                          {plain_line(word(each, "source")), "2"}});
    return t;
}

task<outcome<int>> list(session& s) {
    std::string target = "/api/templates";
    auto body = co_await get(s, std::move(target));
    if (body.has_error())
        co_return body.error();
    auto templates = json::parse(*body, nullptr, false);
    if (!templates.is_array())
        co_return foreign_answer("the templates are no list");
    if (s.json)
        s.out.print_json(*body);
    else if (templates.empty())
        s.out.note("there are no templates; add one with: berth template add NAME SOURCE");
    else
        s.out.print(
            layout(templates_table(templates), s.out.facts().out ? s.out.columns() : 0, s.out.facts().colours_out()));
    co_return exit_code::done;
}

/// Makes one, or makes it anew, and shows how far it is.
class making {
public:
    making(session& s, template_command wish) : s_(s), wish_(std::move(wish)) {}

    task<outcome<std::string>> run() {
        using namespace asio::experimental::awaitable_operators;
        stream_ = s_.events();
        auto opened = co_await stream_->open(); // without it there is only no progress
        bool has_events = opened.has_value();
        auto both = post() && show_progress(has_events);
        co_return co_await std::move(both);
    }

private:
    task<outcome<std::string>> post() {
        http_request request;
        request.method = "POST";
        request.target = "/api/templates";
        if (wish_.what == template_command::action::add)
            request.body = json{{"name", wish_.name}, {"source", wish_.source}}.dump();
        else
            request.target += "/" + wish_.name + "/refresh";
        request.deadline = deadline;
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
            if (value.is_object() && word(value, "type") == "operation" && value["operation"].is_object())
                on_operation(value["operation"]);
        }
    }

    void on_operation(const json& operation) {
        if (word(operation, "kind") != "template" || word(operation, "name") != wish_.name)
            return;
        auto phase = word(operation, "phase"), line = plain_line(word(operation, "line"));
        if (phase != "done" && phase != "failed" && phase != "cancelled")
            s_.out.progress(fmt::format("{}: {}", wish_.name, line.empty() ? visible(phase) : line));
    }

    session& s_;
    template_command wish_;
    std::unique_ptr<event_stream> stream_;
    bool answered_ = false;
};

task<outcome<int>> make(session& s, template_command wish) {
    std::error_code missing; // a folder that is there is meant as one; the server needs its whole path
    if (std::filesystem::is_directory(wish.source, missing))
        wish.source = std::filesystem::absolute(wish.source).lexically_normal().string();
    making work(s, wish);
    auto body = co_await work.run();
    if (body.has_error())
        co_return body.error();
    auto made = json::parse(*body, nullptr, false);
    if (!made.is_object())
        co_return foreign_answer("the template is no object");
    if (s.json)
        s.out.print_json(*body);
    else
        s.out.print(fmt::format("{}  {}  berth create --template {}\n", visible(word(made, "name")), size_of(made),
                                visible(word(made, "name"))));
    co_return exit_code::done;
}

task<outcome<int>> remove(session& s, template_command wish) {
    http_request request;
    request.method = "DELETE";
    request.target = "/api/templates/" + wish.name;
    auto body = co_await ask(s, std::move(request));
    if (body.has_error())
        co_return body.error();
    if (s.json)
        s.out.print_json(*body);
    else
        s.out.print(fmt::format("removed {}\n", visible(wish.name)));
    co_return exit_code::done;
}

} // namespace

task<outcome<int>> run_template(session& s, template_command wish) {
    if (wish.what == template_command::action::list)
        return list(s);
    if (wish.what == template_command::action::remove)
        return remove(s, std::move(wish));
    return make(s, std::move(wish));
}

} // namespace berth::cli
