// stop, restart and rm.
#include "cli/commands.hpp"
#include "cli/prompt.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr std::chrono::seconds one_deadline{60};
constexpr std::chrono::seconds all_deadline{300}; // for as many apps as there are

struct words {
    const char* api;
    const char* doing;
    const char* done;
};

words words_of(bulk_action action) {
    switch (action) {
    case bulk_action::stop:
        return {"stop", "stopping", "stopped"};
    case bulk_action::restart:
        return {"restart", "restarting", "restarted"};
    case bulk_action::remove:
        break;
    }
    return {"delete", "deleting", "deleted"};
}

std::string list_of(const std::vector<listed_app>& apps) {
    std::string names;
    for (std::size_t i = 0; i < apps.size() && i < 5; ++i)
        names += (i ? ", " : "") + in_quotes(apps[i].name);
    return apps.size() > 5 ? fmt::format("{} and {} more", names, apps.size() - 5) : names;
}

class action_run {
public:
    action_run(session& s, action_command wish) : s_(s), wish_(std::move(wish)), words_(words_of(wish_.action)) {}

    task<int> run() {
        if (wish_.action == bulk_action::remove && !wish_.yes && !s_.out.facts().in) {
            auto why = usage_error(
                "rm asks before it deletes, and there is no terminal to ask on; say -y to delete without asking");
            co_return s_.out.fail(why);
        }
        auto apps = co_await all_apps(s_);
        if (apps.has_error())
            co_return s_.out.fail(apps.error());
        auto chosen = choose(*apps);
        if (chosen.has_error())
            co_return s_.out.fail(chosen.error());
        apps_ = *chosen;
        if (apps_.empty())
            co_return nothing();
        if (wish_.action == bulk_action::remove && !wish_.yes) {
            auto agreed = co_await agree();
            if (!agreed) {
                s_.out.note("nothing was deleted");
                co_return exit_code::failed;
            }
        }
        if (s_.out.facts().err)
            s_.out.progress(fmt::format("{} {}", words_.doing, list_of(apps_)));
        bool single = wish_.apps.size() == 1;
        if (single)
            co_return co_await one();
        if (wish_.action == bulk_action::remove && wish_.keep_files)
            co_return co_await each();
        co_return co_await many();
    }

private:
    outcome<std::vector<listed_app>> choose(const std::vector<listed_app>& apps) const {
        bool unasked = wish_.action == bulk_action::remove && wish_.yes;
        if (!wish_.apps.empty())
            return pick(s_, apps, wish_.apps, unasked ? naming::whole : naming::prefix);
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
        auto question =
            fmt::format("Delete {}{}? [y/N] ", what, wish_.keep_files ? " (the files stay)" : " with all files");
        auto answer = co_await ask_on_terminal(s_.executor, question);
        co_return answer == "y" || answer == "Y" || answer == "yes";
    }

    http_request request_for(const listed_app& app) const {
        http_request request;
        request.deadline = one_deadline;
        request.method = wish_.action == bulk_action::remove ? "DELETE" : "POST";
        request.target = "/api/apps/" + app.id;
        if (wish_.action != bulk_action::remove)
            request.target += std::string("/") + words_.api;
        else if (wish_.keep_files)
            request.target += "?cleanup=false";
        return request;
    }

    task<int> one() {
        auto& app = apps_.front();
        auto request = request_for(app);
        auto body = co_await ask(s_, std::move(request));
        if (body.has_error())
            co_return s_.out.fail(body.error());
        if (s_.json)
            s_.out.print_json(*body);
        else
            say_done(app, *body);
        co_return exit_code::done;
    }

    void say_done(const listed_app& app, const std::string& body) {
        auto line = fmt::format("{} {}", words_.done, visible(app.name));
        if (wish_.action == bulk_action::restart)
            line += fmt::format(", at {}", app.url());
        s_.out.print(line + "\n");
        if (wish_.action == bulk_action::remove)
            warn(body);
    }

    void warn(const std::string& body) {
        auto removed = json::parse(body, nullptr, false);
        if (removed.is_object() && removed.contains("warning") && removed["warning"].is_string())
            s_.out.note(removed["warning"].get<std::string>());
    }

    task<int> many() {
        json wish{{"action", words_.api}};
        // What was asked about, or named, is what is deleted: not what came to the category meanwhile.
        if (!wish_.apps.empty() || wish_.action == bulk_action::remove) {
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
        auto body = co_await ask(s_, std::move(request));
        if (body.has_error())
            co_return s_.out.fail(body.error());
        co_return report(*body);
    }

    /// The API's bulk delete always removes the files. Stopped first, all at once, each delete is quick.
    task<int> each() {
        json stop{{"action", "stop"}, {"ids", json::array()}};
        for (auto& app : apps_)
            stop["ids"].push_back(app.id);
        http_request request;
        request.deadline = all_deadline;
        request.method = "POST";
        request.target = "/api/apps/actions";
        request.body = stop.dump();
        auto stopped = co_await ask(s_, std::move(request));
        if (stopped.has_error())
            co_return s_.out.fail(stopped.error());
        json results = json::array();
        for (auto& app : apps_) {
            auto removal = request_for(app);
            auto reply = co_await s_.http.send(std::move(removal));
            if (reply.has_error())
                co_return s_.out.fail(reply.error());
            bool ok = reply->status == 200;
            json error = ok ? json() : json::parse(reply->body, nullptr, false);
            results.push_back({{"id", app.id}, {"ok", ok}, {"error", error}});
            if (ok)
                warn(reply->body);
        }
        co_return report(json{{"results", results}}.dump());
    }

    int report(const std::string& body) {
        auto parsed = json::parse(body, nullptr, false);
        if (!parsed.is_object() || !parsed.contains("results"))
            return s_.out.fail(failed(fmt::format("what answers at {} does not speak Berth's API", s_.server.url())));
        if (s_.json)
            s_.out.print_json(body);
        bool all_well = true;
        for (auto& result : parsed["results"]) {
            auto id = result.value("id", "");
            auto found = std::find_if(apps_.begin(), apps_.end(), [&](auto& app) { return app.id == id; });
            auto name = visible(found == apps_.end() ? id : found->name);
            bool ok = result.value("ok", false);
            all_well = all_well && ok;
            if (!ok) {
                auto detail = result["error"].is_object() ? result["error"].value("detail", "") : std::string();
                s_.out.note(fmt::format("{} was not {}: {}", name, words_.done, detail));
            } else if (!s_.json) {
                s_.out.print(fmt::format("{} {}\n", words_.done, name));
            }
        }
        if (parsed["results"].empty() && !s_.json)
            s_.out.note(fmt::format("nothing to {}", words_.api));
        return all_well ? exit_code::done : exit_code::failed;
    }

    session& s_;
    action_command wish_;
    words words_;
    std::vector<listed_app> apps_;
};

} // namespace

task<int> run_action(session& s, action_command wish) {
    action_run work(s, std::move(wish));
    co_return co_await work.run();
}

} // namespace berth::cli
