// How an app's folder comes to be: scaffolded, or copied from a template or another app.
#include "core/create_job.hpp"
#include "core/names.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace berth {
namespace {

error cancelled(const operation& o) {
    return {errc::cancelled, fmt::format("The create of {} was cancelled; nothing of it is left.", o.name)};
}

} // namespace

task<result<>> creates::make_folder(job& mine) {
    auto& wish = mine.wish;
    result<> made;
    if (wish.fork_of) {
        mine.made_from = "app:" + *wish.fork_of;
        made = co_await copy(mine);
    } else if (wish.made_from && *wish.made_from != next_template) {
        mine.made_from = wish.made_from;
        made = co_await copy(mine);
    } else if (with_.scaffolder.is_built_in()) {
        mine.made_from = next_template;
        made = co_await make_next(mine);
    } else {
        made = co_await scaffold(mine, false);
    }
    if (mine.cancel_asked)
        co_return cancelled(mine.shown);
    if (made.has_error())
        co_return made;
    auto has_package = co_await parts_.storage.has_package(mine.shown.id);
    if (has_package.has_error())
        co_return has_package.error();
    if (!*has_package)
        co_return error{errc::scaffold_failed, "There is no package.json in what was to be the app " + mine.shown.name +
                                                   ", in " + directory(mine.shown.id).string() + "."};
    co_return result<>();
}

/// A copy where there is a template; else a scaffold that becomes one. While the first is being scaffolded the others
/// wait for it, as two at once would only be slower.
task<result<>> creates::make_next(job& mine) {
    std::string next(next_template);
    for (bool mended = false; !mine.wish.fresh && !mine.cancel_asked;) {
        auto known = co_await with_.store.find(next);
        if (known) {
            auto copied = co_await copy(mine);
            if (copied.has_value() || copied.error().code != errc::template_not_found || mended)
                co_return copied;
            mended = true; // somebody removed a part of it: it is made anew
            auto why = copied.error();
            spdlog::warn("{}", why.detail);
            co_await with_.store.remove(next);
            auto discarded = co_await discard(mine.shown.id);
            if (discarded.has_error())
                co_return discarded;
        } else if (making_next_ > 0) {
            mine.line("waiting for the first app's scaffold");
            mine.tell(operation::phase::waiting);
            co_await moved_.async_wait(as_result);
        } else {
            break;
        }
    }
    if (mine.cancel_asked)
        co_return cancelled(mine.shown);
    ++making_next_;
    auto made = co_await scaffold(mine, true);
    --making_next_;
    moved_.cancel();
    co_return made;
}

/// `keep`: as the template, before the app is started and has a .next.
task<result<>> creates::scaffold(job& mine, bool keep) {
    if (!co_await with_.scaffolds.enter(mine.cancel_asked))
        co_return cancelled(mine.shown);
    mine.tell(operation::phase::scaffolding);
    auto id = mine.shown.id;
    auto where = directory(id);
    auto ended = co_await parts_.storage.journal_put(id);
    if (ended.has_value() && !mine.cancel_asked) {
        std::function<void(std::string_view)> lines = [&mine](std::string_view line) { mine.line(line); };
        ended = co_await with_.scaffolder.run(where, lines);
        if (ended.has_value() && keep && !mine.cancel_asked)
            co_await with_.templates.keep(id, where);
    }
    with_.scaffolds.leave();
    co_return ended;
}

task<result<>> creates::copy(job& mine) {
    if (!co_await with_.copies.enter(mine.cancel_asked))
        co_return cancelled(mine.shown);
    mine.shown.line.reset();
    mine.tell(operation::phase::copying);
    auto id = mine.shown.id;
    auto made = co_await parts_.storage.journal_put(id);
    std::string message;
    if (made.has_value() && !mine.cancel_asked) {
        if (mine.wish.fork_of) {
            auto from = parts_.registry.find(*mine.wish.fork_of);
            message = "Fork of " + (from ? from->name : *mine.wish.fork_of);
            auto folder = from ? parts_.storage.app_directory(*from) : directory(*mine.wish.fork_of);
            bool ours = from && from->owned();
            made = co_await with_.store.copy_folder(std::move(folder), ours, id);
        } else {
            message = first_commit(*mine.made_from);
            made = co_await with_.store.copy_template(*mine.made_from, id);
        }
    }
    if (made.has_value() && !mine.cancel_asked)
        co_await with_.tools.begin_history(directory(id), std::move(message));
    with_.copies.leave();
    co_return made;
}

} // namespace berth
