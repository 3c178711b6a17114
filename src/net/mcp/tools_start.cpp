// The tools after which an app is to be online: they tell how far it is, and wait for it unless asked not to.
#include "core/app_reference.hpp"
#include "core/names.hpp"
#include "net/api/find_app.hpp"
#include "net/api/request_body.hpp"
#include "net/mcp/tools.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <chrono>

namespace berth::net::mcp {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds usual_wait{60};
constexpr std::chrono::milliseconds look_every{1000}; // where nothing tells of a change

using made_app = result<std::shared_ptr<const app_view>>;

enum class prospect { online, hopeless, open };

prospect prospect_of(const app_view& v) {
    if (v.app.status == status::online && v.operation == activity::none)
        return prospect::online;
    bool at_rest = v.app.status == status::stopped && v.operation == activity::none;
    return v.app.status == status::errored || at_rest ? prospect::hopeless : prospect::open;
}

/// The app once it is online or has no prospect of it, or as it is when the time is over.
task<made_app> settled(const tool_use& use, std::string id, steady_clock::time_point until) {
    auto& orch = use.parts.orchestrator;
    for (;;) {
        if (use.parts.news.closed())
            co_return error{errc::shutting_down, "Berth is ending."};
        auto view = find_app(*orch.apps(), id);
        if (!view)
            co_return error{errc::app_not_found, "The app " + id + " was deleted meanwhile."};
        auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
        if (prospect_of(*view) != prospect::open || left.count() <= 0 || use.call.cancelled())
            co_return view;
        use.call.tell(fmt::format("{} is {}.", printable(view->app.name), berth::to_string(view->app.status)));
        co_await use.parts.news.moved(std::min(left, look_every));
    }
}

/// Returns when it sleeps no more.
task<result<>> woken(const tool_use& use, std::string id) {
    auto& orch = use.parts.orchestrator;
    auto view = find_app(*orch.apps(), id);
    if (!view || !(view->app.asleep || view->operation == activity::sleeping))
        co_return result<>();
    use.call.tell(fmt::format("Waking {}.", printable(view->app.name)));
    auto awake = co_await orch.wake(std::move(id));
    co_return awake ? result<>() : result<>(awake.error());
}

/// What came of it: the app, whatever its end; the sentence says which.
task<tool_answer> ready_or_not(const tool_use& use, std::string id, std::string done, seconds most) {
    auto until = steady_clock::now() + most;
    auto view = co_await settled(use, std::move(id), until);
    if (!view)
        co_return failure(view.error());
    auto answer = about(**view, use.parts.orchestrator.root(), done);
    if (prospect_of(**view) != prospect::online)
        answer.text += " " + std::string(next_step((*view)->app));
    co_return answer;
}

std::optional<operation> find_operation(const orchestrator& orch, std::string_view id_or_request) {
    for (auto& o : orch.operations())
        if (o.id == id_or_request || o.request == id_or_request)
            return o;
    return {};
}

/// The create that is meant, as an app would be.
std::optional<operation> find_create(const orchestrator& orch, std::string_view reference) {
    auto all = orch.operations();
    std::erase_if(all, [](auto& o) { return o.kind != operation::sort::create; });
    std::vector<named_app> names;
    for (auto& o : all)
        names.push_back({o.id, o.name});
    auto meant = find_meant(names, reference);
    if (meant.which.size() != 1)
        return {};
    return all[meant.which.front()];
}

std::string progress_of(const operation& o) {
    auto text = fmt::format("{}: {}", printable(o.name), to_string(o.at));
    return o.line && o.at != operation::phase::starting ? text + ": " + *o.line : text;
}

/// Creates as the options say, telling how far it is; undone where the client says that it wants it no more, as
/// DELETE /api/operations/{id} does.
task<made_app> make(const tool_use& use, create_options options) {
    auto& orch = use.parts.orchestrator;
    auto word = "mcp-" + new_id();
    options.request = word;
    struct outcome {
        std::optional<made_app> app;
        std::exception_ptr thrown;
    };
    auto end = std::make_shared<outcome>();
    auto work = orch.create(std::move(options));
    asio::co_spawn(use.parts.executor, std::move(work),
                   [end, &news = use.parts.news](std::exception_ptr e, made_app m) {
                       end->thrown = e;
                       end->app = std::move(m);
                       news.wake();
                   });
    bool undone = false;
    while (!end->app) {
        auto mine = find_operation(orch, word);
        if (mine)
            use.call.tell(progress_of(*mine));
        if (mine && use.call.cancelled() && !std::exchange(undone, true)) {
            auto id = mine->id;
            co_await orch.cancel(std::move(id)); // it stays when it is started already
            continue;
        }
        co_await use.parts.news.moved(look_every);
    }
    if (end->thrown)
        std::rethrow_exception(end->thrown);
    co_return std::move(*end->app);
}

/// The id of an app that is there, or of one that is being created once it is.
task<result<std::string>> entered(const tool_use& use, steady_clock::time_point until) {
    auto& orch = use.parts.orchestrator;
    auto reference = use.arguments["app"].get<std::string>();
    std::string creating; // the id of the create that is waited for
    for (;;) {
        auto id = meant_id(*orch.apps(), creating.empty() ? reference : creating);
        if (id || use.parts.news.closed())
            co_return id;
        auto mine = creating.empty() ? find_create(orch, reference) : find_operation(orch, creating);
        if (!mine && creating.empty())
            co_return id;
        if (!mine)
            co_return use.parts.news.failure_of(creating).value_or(id.error());
        creating = mine->id;
        use.call.tell(progress_of(*mine));
        if (use.call.cancelled() || steady_clock::now() >= until)
            co_return error{errc::app_not_found,
                            progress_of(*mine) + ". It is still being created; wait_until_ready waits on."};
        co_await use.parts.news.moved(look_every);
    }
}

/// `done` begins the sentence. Of the two tools that make an app, only create_app has a `from`.
task<tool_answer> make_and_wait(tool_use use, std::string done) {
    auto wish = use.arguments;
    wish.erase("wait");
    auto options = read_create(wish);
    if (!options)
        co_return failure(options.error());
    if (options->fork_of) {
        auto meant = meant_id(*use.parts.orchestrator.apps(), *options->fork_of);
        if (!meant)
            co_return failure(meant.error());
        options->fork_of = std::move(*meant);
    }
    auto made = co_await make(use, std::move(*options));
    if (!made)
        co_return failure(made.error());
    auto id = (*made)->app.id;
    auto most = argument(use, "wait", true) ? usual_wait : seconds(0);
    co_return co_await ready_or_not(use, std::move(id), std::move(done), most);
}

} // namespace

task<tool_answer> create_app(tool_use use) { return make_and_wait(std::move(use), "Created"); }

task<tool_answer> adopt_app(tool_use use) { return make_and_wait(std::move(use), "Adopted"); }

task<tool_answer> wait_until_ready(tool_use use) {
    auto most = seconds(argument(use, "timeoutSeconds", usual_wait.count()));
    auto until = steady_clock::now() + most;
    co_await use.parts.orchestrator.fresh();
    auto id = co_await entered(use, until);
    if (!id)
        co_return failure(id.error());
    auto awake = co_await woken(use, *id);
    if (!awake)
        co_return failure(awake.error());
    auto view = co_await settled(use, std::move(*id), until);
    if (!view)
        co_return failure(view.error());
    auto& now = **view;
    if (prospect_of(now) == prospect::online)
        co_return about(now, use.parts.orchestrator.root());
    auto why = prospect_of(now) == prospect::hopeless ? std::string("is not online.")
                                                      : fmt::format("is not online after {} s.", most.count());
    co_return not_ready(now, why);
}

task<tool_answer> restart_app(tool_use use) {
    auto id = meant_id(use);
    if (!id)
        co_return failure(id.error());
    use.call.tell("Starting it anew.");
    auto started = co_await use.parts.orchestrator.restart(*id);
    if (!started)
        co_return failure(started.error());
    auto most = argument(use, "wait", true) ? usual_wait : seconds(0);
    std::string done = "Restarted";
    co_return co_await ready_or_not(use, std::move(*id), std::move(done), most);
}

} // namespace berth::net::mcp
