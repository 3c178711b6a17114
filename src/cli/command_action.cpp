// stop, restart, start, sleep, wake and rm. However many apps are meant, --json prints one document:
// {"results": [...]}, as the API's own bulk actions do.
#include "cli/action_words.hpp"
#include "cli/commands.hpp"
#include "cli/prompt.hpp"
#include "cli/text.hpp"
#include "cli/wait_online.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr std::chrono::seconds one_deadline{60};
constexpr std::chrono::seconds all_deadline{300}; // for as many apps as there are

struct result {
    listed_app app;
    std::optional<failure> error;
};

class action_run {
public:
    action_run(session& s, action_command wish) : s_(s), wish_(std::move(wish)), words_(words_of(wish_.action)) {}

    task<outcome<int>> run() {
        if (removes() && !wish_.yes && !s_.out.facts().in)
            co_return usage_error(
                "rm asks before it deletes, and there is no terminal to ask on; say -y to delete without asking");
        auto apps = co_await all_apps(s_);
        if (apps.has_error())
            co_return apps.error();
        auto chosen = choose(*apps);
        if (chosen.has_error())
            co_return chosen.error();
        apps_ = *chosen;
        if (apps_.empty())
            co_return nothing();
        if (removes() && !wish_.yes) {
            auto agreed = co_await agree();
            if (!agreed) {
                s_.out.note("nothing was deleted");
                co_return exit_code::failed;
            }
        }
        leave_those_that_are_so();
        if (!apps_.empty())
            s_.out.progress(fmt::format("{} {}", words_.doing, list_of(apps_)));
        bool each_by_itself = apps_.size() <= 1 || (removes() && wish_.keep_files);
        outcome<> done;
        if (each_by_itself)
            done = co_await each();
        else
            done = co_await many();
        if (done.has_error())
            co_return done.error();
        if (wish_.wait)
            co_await wait();
        co_return report();
    }

private:
    bool removes() const { return wish_.action == bulk_action::remove; }

    outcome<std::vector<listed_app>> choose(const std::vector<listed_app>& apps) {
        if (!wish_.apps.empty())
            return pick(s_, apps, wish_.apps, removes() && wish_.yes ? naming::whole : naming::prefix);
        std::vector<listed_app> chosen;
        for (auto& app : apps)
            if (wish_.all || app.category == wish_.category)
                chosen.push_back(app);
        return chosen;
    }

    int nothing() {
        if (s_.json)
            s_.out.print_json(R"({"results":[]})");
        else
            s_.out.note(wish_.all ? "there are no apps"
                                  : fmt::format("no app has the category {}", in_quotes(*wish_.category)));
        return exit_code::done;
    }

    task<bool> agree() {
        auto what = apps_.size() == 1 ? list_of(apps_) : fmt::format("{} apps ({})", apps_.size(), list_of(apps_));
        auto adopted = std::count_if(apps_.begin(), apps_.end(), [](auto& app) { return !app.owned; });
        auto files = wish_.keep_files               ? " (the files stay)"
                     : adopted == std::ssize(apps_) ? " (an adopted folder stays as it is)"
                     : adopted > 0                  ? " with all files (adopted folders stay as they are)"
                                                    : " with all files";
        auto question = fmt::format("Delete {}{}? [y/N] ", what, files);
        auto answer = co_await ask_on_terminal(s_.executor, question);
        co_return means_yes(answer);
    }

    void leave_those_that_are_so() {
        if (wish_.apps.empty())
            std::erase_if(apps_, [&](auto& app) { return !concerns(wish_.action, app); });
        auto is_so = [&](auto& app) { return is_so_already(wish_.action, app); };
        for (auto& app : apps_)
            if (is_so(app)) {
                results_.push_back({app, {}});
                if (s_.json)
                    continue;
                s_.out.note(app.sleeps() ? fmt::format("{} sleeps already", in_quotes(app.name))
                                         : fmt::format("{} runs already, at {}", in_quotes(app.name), app.url()));
            }
        already_ = results_.size();
        std::erase_if(apps_, is_so);
    }

    http_request request_for(const listed_app& app) const {
        http_request request;
        request.deadline = one_deadline;
        request.method = removes() ? "DELETE" : "POST";
        request.target = "/api/apps/" + app.id;
        if (!removes())
            request.target += std::string("/") + words_.api;
        else if (wish_.keep_files)
            request.target += "?cleanup=false";
        return request;
    }

    task<outcome<>> each() {
        if (apps_.size() > 1) { // the API's bulk delete always removes the files; stopped first, each delete is quick
            auto stopped = co_await bulk("stop", true);
            if (stopped.has_error())
                co_return stopped.error();
        }
        for (auto& app : apps_) {
            auto request = request_for(app);
            auto body = co_await ask(s_, std::move(request));
            if (body.has_error() && body.error().api_code.empty()) // not the app's own failure: nobody can be asked
                co_return body.error();
            if (body.has_error())
                results_.push_back({app, body.error()});
            else
                results_.push_back({app, {}});
            if (removes() && body.has_value())
                warn(*body);
        }
        co_return outcome<>();
    }

    void warn(const std::string& body) {
        auto removed = json::parse(body, nullptr, false);
        if (removed.is_object() && removed.contains("warning") && removed["warning"].is_string())
            s_.out.note(removed["warning"].get<std::string>());
    }

    task<outcome<std::string>> bulk(std::string action, bool by_id) {
        json wish{{"action", action}};
        if (by_id) {
            wish["ids"] = json::array();
            for (auto& app : apps_)
                wish["ids"].push_back(app.id);
        } else if (wish_.all) {
            wish["all"] = true;
        } else {
            wish["category"] = *wish_.category;
        }
        http_request request;
        request.deadline = all_deadline;
        request.method = "POST";
        request.target = "/api/apps/actions";
        request.body = wish.dump();
        co_return co_await ask(s_, std::move(request));
    }

    task<outcome<>> many() {
        // What was asked about, or named, is what is deleted: not what came to the category meanwhile.
        bool all_of_them = wish_.action == bulk_action::stop || wish_.action == bulk_action::restart;
        bool by_id = !wish_.apps.empty() || !all_of_them;
        auto body = co_await bulk(words_.api, by_id);
        if (body.has_error())
            co_return body.error();
        auto parsed = json::parse(*body, nullptr, false);
        if (!parsed.is_object() || !parsed.contains("results") || !parsed["results"].is_array())
            co_return foreign_answer("the answer holds no results");
        for (auto& value : parsed["results"]) {
            result one;
            one.app.id = value.value("id", "");
            auto known = std::find_if(apps_.begin(), apps_.end(), [&](auto& app) { return app.id == one.app.id; });
            if (known != apps_.end())
                one.app = *known;
            else
                one.app.name = one.app.id;
            if (!value.value("ok", false)) {
                auto error = value.contains("error") ? value["error"] : json();
                one.error = failed(error.is_object() ? error.value("detail", "") : std::string());
                one.error->problem = error.is_object() ? error.dump() : std::string();
            }
            results_.push_back(std::move(one));
        }
        co_return outcome<>();
    }

    task<> wait() {
        for (auto& one : results_) {
            if (one.error)
                continue;
            auto app = one.app;
            app.status = "launching"; // what it was before is no news
            auto online = co_await wait_until_online(s_, app, wish_.timeout);
            if (online.has_error())
                one.error = online.error();
        }
    }

    outcome<int> report() {
        if (s_.json)
            print_results();
        int code = exit_code::done;
        for (std::size_t i = 0; i < results_.size(); ++i) {
            auto& [app, error] = results_[i];
            if (error && !s_.json && results_.size() == 1)
                return *error;
            code = error ? (results_.size() == 1 ? error->code : exit_code::failed) : code;
            if (error && s_.json)
                s_.out.fail_json(*error);
            else if (error)
                s_.out.note(fmt::format("{} was not {}: {}", visible(app.name), words_.done, error->text));
            else if (!s_.json && i >= already_)
                s_.out.print(done_line(app));
        }
        if (results_.empty() && !s_.json)
            s_.out.note(fmt::format("nothing to {}", words_.to_do));
        return code;
    }

    void print_results() {
        json all = json::array();
        for (auto& [app, error] : results_)
            all.push_back({{"id", app.id},
                           {"ok", !error},
                           {"error", error ? json::parse(problem_document(*error), nullptr, false) : json()}});
        s_.out.print_json(json{{"results", all}}.dump(-1, ' ', false, json::error_handler_t::replace));
    }

    std::string done_line(const listed_app& app) const {
        auto line = fmt::format("{} {}", words_.done, visible(app.name));
        if (starts(wish_.action) && app.port > 0)
            line += fmt::format(", {}at {}", wish_.wait ? "online " : "", app.url());
        return line + "\n";
    }

    session& s_;
    action_command wish_;
    action_words words_;
    std::vector<listed_app> apps_;
    std::vector<result> results_;
    std::size_t already_ = 0; // the first of the results: they ran before
};

} // namespace

task<outcome<int>> run_action(session& s, action_command wish) {
    action_run work(s, std::move(wish));
    co_return co_await work.run();
}

} // namespace berth::cli
