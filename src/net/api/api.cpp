#include "net/api/api.hpp"

#include "core/app_json.hpp"
#include "core/clock.hpp"
#include "core/names.hpp"
#include "net/api/find_app.hpp"
#include "net/api/health.hpp"
#include "net/api/log_calls.hpp"
#include "net/api/openapi.hpp"
#include "net/api/page_calls.hpp"
#include "net/api/remembered_calls.hpp"
#include "net/api/request_body.hpp"
#include "net/api/template_calls.hpp"
#include "net/http/negotiation.hpp"
#include "net/http/static_files.hpp"
#include "net/http/text.hpp"

#include <chrono>

namespace berth::net {
namespace {

using json = nlohmann::ordered_json;

/// An app's own answer: the text that its view already holds.
reply app_reply(std::shared_ptr<const app_view> view) {
    auto text = &view->json;
    return json_reply(shared_text(std::move(view), text));
}

std::string joined(const apps_view& all, const std::string& category) {
    std::string text = "[";
    for (auto& a : all.apps) {
        if (a->app.category.value_or("") != category)
            continue;
        if (text.size() > 1)
            text += ',';
        text += a->json;
    }
    return text += ']';
}

class api_calls final : public api {
public:
    explicit api_calls(api_parts parts)
        : parts_(std::move(parts)), files_(parts_.web_root),
          logs_(parts_.logs, parts_.home, parts_.workers, parts_.patience), templates_(parts_.orchestrator),
          pages_(parts_.orchestrator),
          remembered_(parts_.orchestrator),
          openapi_(std::make_shared<const std::string>(openapi_json())) {}

    task<reply> answer(const call& c) override {
        switch (c.route.to) {
        case endpoint::list_apps:
            return list_apps(c);
        case endpoint::create_app:
            return create_app(c);
        case endpoint::bulk:
            return bulk(c);
        case endpoint::get_app:
            return get_app(c);
        case endpoint::edit_app:
            return edit_app(c);
        case endpoint::delete_app:
            return delete_app(c);
        case endpoint::stop_app:
            return work_on_app(c, &orchestrator::stop);
        case endpoint::restart_app:
            return work_on_app(c, &orchestrator::restart);
        case endpoint::sleep_app:
            return work_on_app(c, &orchestrator::sleep);
        case endpoint::wake_app:
            return work_on_app(c, &orchestrator::wake);
        case endpoint::check_app:
            return pages_.check(c);
        case endpoint::why_app:
            return pages_.why(c);
        case endpoint::get_logs:
            return get_logs(c);
        case endpoint::download_log:
            return download_log(c);
        case endpoint::list_templates:
            return templates_.list(c);
        case endpoint::add_template:
            return templates_.add(c);
        case endpoint::refresh_template:
            return templates_.refresh(c);
        case endpoint::delete_template:
            return templates_.remove(c);
        case endpoint::history:
            return remembered_.history(c);
        case endpoint::activity:
            return remembered_.activity(c);
        case endpoint::cancel_operation:
            return cancel_operation(c);
        case endpoint::manifest:
            return manifest(c);
        case endpoint::metrics:
            return metrics(c);
        default:
            return at_once(c);
        }
    }

private:
    task<reply> list_apps(const call& c) {
        if (auto checked = check_plain(c, {"category"}); !checked)
            co_return problem_reply(checked.error());
        co_await orch().fresh();
        auto all = orch().apps();
        auto etag = '"' + run_ + '-' + std::to_string(all->revision) + '"';
        if (matches_etag(c.if_none_match, etag)) {
            reply same;
            same.status = 304;
            same.fields.emplace_back("ETag", std::move(etag));
            co_return same;
        }
        auto r = list(c, std::move(all));
        r.fields.emplace_back("ETag", std::move(etag));
        co_return r;
    }

    reply list(const call& c, std::shared_ptr<const apps_view> all) const {
        if (auto category = find_query(c.target, "category"))
            return json_reply(200, joined(*all, *category));
        auto text = &all->json;
        return json_reply(shared_text(std::move(all), text));
    }

    task<reply> create_app(const call& c) {
        if (auto checked = check_query(c.target, {}); !checked)
            co_return problem_reply(checked.error());
        auto options = parse_create(c.body);
        if (!options)
            co_return problem_reply(options.error());
        if (options->fork_of) {
            auto id = app_id(*orch().apps(), *options->fork_of);
            if (!id)
                co_return problem_reply(id.error());
            options->fork_of = std::move(*id);
        }
        auto made = co_await orch().create(std::move(*options));
        if (!made)
            co_return problem_reply(made.error());
        auto location = "/api/apps/" + (*made)->app.id;
        auto r = app_reply(std::move(*made));
        r.status = 201;
        r.fields.emplace_back("Location", std::move(location));
        co_return r;
    }

    task<reply> bulk(const call& c) {
        if (auto checked = check_query(c.target, {}); !checked)
            co_return problem_reply(checked.error());
        auto asked = parse_bulk(c.body);
        if (!asked)
            co_return problem_reply(asked.error());
        if (auto ids = std::get_if<std::vector<std::string>>(&asked->selection))
            for (auto& id : *ids)
                if (auto view = find_app(*orch().apps(), id))
                    id = view->app.id;
        auto done = co_await orch().bulk(asked->action, std::move(asked->selection));
        auto results = json::array();
        for (auto& one : done)
            results.push_back(
                {{"id", one.id}, {"ok", !one.error}, {"error", one.error ? to_problem(*one.error) : json()}});
        co_return json_reply(200, dump({{"results", std::move(results)}}));
    }

    task<reply> get_app(const call& c) {
        if (auto checked = check_plain(c); !checked)
            co_return problem_reply(checked.error());
        co_await orch().fresh();
        auto view = find_app(*orch().apps(), c.route.id);
        if (!view)
            co_return problem_reply(no_app(c.route.id));
        co_return app_reply(std::move(view));
    }

    task<reply> edit_app(const call& c) {
        if (auto checked = check_query(c.target, {}); !checked)
            co_return problem_reply(checked.error());
        auto edit = parse_edit(c.body);
        if (!edit)
            co_return problem_reply(edit.error());
        auto id = app_id(*orch().apps(), c.route.id);
        if (!id)
            co_return problem_reply(id.error());
        auto edited = co_await orch().edit(std::move(*id), std::move(*edit));
        co_return edited ? app_reply(std::move(*edited)) : problem_reply(edited.error());
    }

    task<reply> delete_app(const call& c) {
        if (auto checked = check_plain(c, {"cleanup"}); !checked)
            co_return problem_reply(checked.error());
        auto cleanup = parse_switch(c.target, "cleanup", true);
        if (!cleanup)
            co_return problem_reply(cleanup.error());
        auto id = app_id(*orch().apps(), c.route.id);
        if (!id)
            co_return problem_reply(id.error());
        auto removed = co_await orch().remove(std::move(*id), *cleanup);
        if (!removed)
            co_return problem_reply(removed.error());
        json warning;
        if (removed->warning)
            warning = *removed->warning;
        co_return json_reply(200, dump({{"id", removed->id}, {"warning", std::move(warning)}}));
    }

    using work = task<result<std::shared_ptr<const app_view>>> (orchestrator::*)(std::string id);

    /// The calls that do something with an app and answer it as it is then.
    task<reply> work_on_app(const call& c, work to_do) {
        if (auto checked = check_plain(c); !checked)
            co_return problem_reply(checked.error());
        auto id = app_id(*orch().apps(), c.route.id);
        if (!id)
            co_return problem_reply(id.error());
        auto done = co_await (orch().*to_do)(std::move(*id));
        co_return done ? app_reply(std::move(*done)) : problem_reply(done.error());
    }

    task<reply> get_logs(const call& c) {
        if (auto checked = check_plain(c, {"tail", "grep", "regex", "after", "since"}); !checked)
            co_return problem_reply(checked.error());
        auto view = find_app(*orch().apps(), c.route.id);
        if (!view)
            co_return problem_reply(no_app(c.route.id));
        auto r = co_await logs_.excerpt(c, std::move(view));
        co_return r;
    }

    task<reply> download_log(const call& c) {
        if (auto checked = check_plain(c); !checked)
            co_return problem_reply(checked.error());
        auto view = find_app(*orch().apps(), c.route.id);
        if (!view)
            co_return problem_reply(no_app(c.route.id));
        auto r = co_await logs_.download(c, std::move(view));
        co_return r;
    }

    task<reply> cancel_operation(const call& c) {
        if (auto checked = check_plain(c); !checked)
            co_return problem_reply(checked.error());
        std::string id(c.route.id);
        auto cancelled = co_await orch().cancel(std::move(id));
        co_return cancelled ? json_reply(200, dump(to_json(*cancelled))) : problem_reply(cancelled.error());
    }

    task<reply> manifest(const call& c) {
        if (auto checked = check_plain(c); !checked)
            co_return problem_reply(checked.error());
        co_await orch().fresh();
        co_return json_reply(200, orch().manifest_text());
    }

    task<reply> metrics(const call& c) {
        if (auto checked = check_plain(c); !checked)
            co_return problem_reply(checked.error());
        co_await orch().fresh();
        auto& o = parts_.orchestrator;
        auto apps = o.apps();
        figures f{*apps, parts_.counters, o.syncs(), o.pm2()};
        f.operations = o.operations().size();
        f.orphans = o.orphans().size();
        f.problems = o.problems().size();
        f.clients = parts_.clients();
        f.connections = parts_.connections();
        f.started_at = started_at_;
        f.uptime_seconds = uptime();
        f.resident_bytes = resident_memory();
        auto r = json_reply(200, format_metrics(f));
        r.type = "text/plain; version=0.0.4; charset=utf-8";
        co_return r;
    }

    /// The calls that wait for nothing.
    task<reply> at_once(const call& c) {
        if (c.route.to == endpoint::page)
            co_return files_.answer({c.target.path(), c.accept_encoding, c.if_none_match});
        if (auto checked = check_plain(c); !checked)
            co_return problem_reply(checked.error());
        if (c.route.to == endpoint::list_operations)
            co_return json_reply(200, operations());
        if (c.route.to == endpoint::health)
            co_return json_reply(200, health());
        if (c.route.to == endpoint::openapi)
            co_return json_reply(openapi_);
        co_return problem_reply({errc::internal_error, "This call has no answer."});
    }

    std::string operations() const {
        auto list = json::array();
        for (auto& o : parts_.orchestrator.operations())
            list.push_back(to_json(o));
        return dump(list);
    }

    std::string health() const {
        return dump(
            health_json(parts_.orchestrator, {parts_.version, started_at_, std::int64_t(uptime()), parts_.clients()}));
    }

    orchestrator& orch() { return parts_.orchestrator; }
    double uptime() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(); }

    api_parts parts_;
    static_files files_;
    log_calls logs_;
    template_calls templates_;
    page_calls pages_;
    remembered_calls remembered_;
    shared_text openapi_;
    std::string run_ = new_id(); // revisions begin anew with the server: an ETag names the run too
    std::int64_t started_at_ = wall_ms();
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace

result<> check_plain(const call& c, std::initializer_list<std::string_view> parameters) {
    auto query = check_query(c.target, parameters);
    return query ? parse_nothing(c.body) : query;
}

std::unique_ptr<api> create_api(api_parts parts) { return std::make_unique<api_calls>(std::move(parts)); }

} // namespace berth::net
