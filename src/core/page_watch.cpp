#include "core/page_watch.hpp"

#include "core/clock.hpp"
#include "core/status.hpp"

#include <boost/asio/co_spawn.hpp>

namespace berth {

using namespace std::chrono_literals;
using clock = page_schedule::clock;

namespace {

constexpr auto look_every = 2s;
constexpr auto long_connected = 10s;
constexpr std::size_t most_read = 64 * 1024; // bytes of a log at once; of more, the last
constexpr std::int64_t same_answer = 30'000; // ms for which `checkedAt` stays, when nothing else is new
constexpr std::int64_t young = 3'000;        // ms: the log of a run that we saw begin may still end with the one before

/// But for the time of the answer.
bool same_words(page a, const page& b) {
    a.checked_at = b.checked_at;
    return a == b;
}

} // namespace

page_watch::page_watch(asio::any_io_executor executor, page_watch_parts parts)
    : executor_(executor), parts_(parts), began_(wall_ms()), wake_(executor), answered_(executor), ended_(executor) {
    answered_.expires_at(asio::steady_timer::time_point::max());
    ended_.expires_at(asio::steady_timer::time_point::max());
    spawn(run());
}

void page_watch::spawn(task<> work) {
    ++under_way_;
    asio::co_spawn(executor_, std::move(work), [this](std::exception_ptr e) {
        --under_way_;
        ended_.cancel();
        if (e)
            std::rethrow_exception(e);
    });
}

task<> page_watch::close() {
    closed_ = true;
    parts_.checker.close();
    wake_.cancel();
    answered_.cancel();
    while (under_way_ > 0)
        co_await ended_.async_wait(as_result);
}

bool page_watch::is_online(const std::string& id, std::int64_t run) const {
    auto known = parts_.registry.find(id);
    return known && known->status == status::online && known->started_at == run;
}

task<> page_watch::run() {
    while (!closed_) {
        note_apps();
        if (clock::now() >= look_at_) {
            co_await look_for_connections();
            look_at_ = clock::now() + look_every;
        }
        while (auto question = schedule_.next(clock::now()))
            spawn(ask(std::move(*question)));
        if (closed_)
            co_return;
        auto next = schedule_.wake();
        wake_.expires_at(next ? std::min(*next, look_at_) : look_at_);
        co_await wake_.async_wait(as_result);
    }
}

/// Which apps launch or are online, and in which run.
void page_watch::note_apps() {
    auto& apps = parts_.registry.value().apps;
    for (auto known = runs_.begin(); known != runs_.end();) {
        auto app = apps.find(known->first);
        bool same = app != apps.end() && app->second.app.running() && app->second.app.started_at == known->second.run;
        if (same && app->second.app.status == status::online) {
            ++known;
            continue;
        }
        schedule_.gone(known->first);
        answered_.cancel();
        known = same ? std::next(known) : runs_.erase(known);
    }
    bool changed = false;
    for (auto& [id, entry] : apps) {
        auto& app = entry.app;
        if (!app.running() || !app.started_at)
            continue;
        auto [known, is_new] = runs_.try_emplace(id);
        auto& state = known->second;
        state.run = *app.started_at;
        if (is_new && app.status == status::launching)
            spawn(mark_log(id, state.run));
        if (app.status != status::online)
            continue;
        schedule_.online(id, state.run);
        if (state.is_opened && !schedule_.is_opened(id))
            schedule_.opened(id, clock::now()); // its server has started itself anew
        if (is_new && state.run >= began_ && wall_ms() - state.run < young)
            spawn(mark_log(id, state.run));
        else if (is_new)
            spawn(read_log(id));
        auto right = state.last ? state.last : state.is_opened ? app.page : page_that_nobody_opened();
        if (app.page == right)
            continue;
        parts_.registry.edit(id, [&](berth::app& a) { a.page = right; });
        changed = true;
    }
    if (changed)
        parts_.registry.commit();
}

task<> page_watch::look_for_connections() {
    std::set<std::uint16_t> ports;
    for (auto& [id, state] : runs_)
        if (is_online(id, state.run))
            ports.insert(parts_.registry.find(id)->port);
    if (ports.empty())
        co_return;
    auto counted = co_await parts_.machine.connections(std::move(ports));
    for (auto& [id, state] : runs_) {
        if (!is_online(id, state.run))
            continue;
        auto found = counted.find(parts_.registry.find(id)->port);
        int connections = found == counted.end() ? 0 : found->second;
        auto now = clock::now();
        schedule_.connected(id, connections, now);
        if (connections == 0)
            state.connected_since.reset();
        else if (!state.connected_since)
            state.connected_since = now;
        else if (!state.is_opened && now - *state.connected_since >= long_connected)
            is_opened(id, state);
    }
}

void page_watch::is_opened(const std::string& id, run_state& state) {
    state.is_opened = true;
    schedule_.opened(id, clock::now());
    wake_.cancel();
}

/// Of whom the log tells, and who was connected too shortly to be seen.
void page_watch::note_visit(const std::string& id) {
    parts_.registry.edit(id, [](app& a) { note_opened(a, 1, wall_ms()); });
    parts_.registry.commit();
}

void page_watch::wrote(const std::string& id) {
    auto known = runs_.find(id);
    if (known == runs_.end()) {
        wake_.cancel(); // it may have begun a run
        return;
    }
    schedule_.wrote(id, clock::now());
    if (schedule_.is_opened(id))
        wake_.cancel();
    else if (known->second.reads_log)
        known->second.reads_again = true;
    else if (is_online(id, known->second.run))
        spawn(read_log(id));
    else
        wake_.cancel();
}

/// What stands in the log of an app that launches is of earlier runs, or of its start: nobody has asked it for a page.
task<> page_watch::mark_log(std::string id, std::int64_t begun) {
    if (!parts_.logs)
        co_return;
    auto now = co_await parts_.logs->look(id, log_stream::out);
    auto known = runs_.find(id);
    if (now && known != runs_.end() && known->second.run == begun && !known->second.read_to)
        known->second.read_to = now->size;
}

task<> page_watch::read_log(std::string id) {
    auto known = runs_.find(id);
    if (!parts_.logs || known == runs_.end() || known->second.reads_log)
        co_return;
    auto begun = known->second.run;
    auto of_this_run = [&] {
        known = runs_.find(id);
        return !closed_ && known != runs_.end() && known->second.run == begun;
    };
    known->second.reads_log = true;
    for (;;) {
        known->second.reads_again = false;
        auto now = co_await parts_.logs->look(id, log_stream::out);
        if (!of_this_run())
            co_return;
        if (!now)
            break;
        bool is_new = known->second.read_to.has_value(); // else it may be from before Berth looked
        auto from = known->second.read_to.value_or(0);
        if (from > now->size)
            from = 0; // it was rotated
        if (now->size - from > most_read)
            from = now->size - most_read;
        auto piece = co_await parts_.logs->read(id, log_stream::out, from, most_read);
        if (!of_this_run())
            co_return;
        if (!piece)
            break;
        auto whole = piece->bytes.rfind('\n') + 1; // 0: not one whole line
        known->second.read_to = from + whole;
        if (parts_.checker.shows_request(std::string_view(piece->bytes).substr(0, whole)) && is_online(id, begun)) {
            is_opened(id, known->second);
            if (is_new)
                note_visit(id);
            break;
        }
        if (!known->second.reads_again)
            break;
    }
    known->second.reads_log = false;
}

task<> page_watch::ask(page_schedule::question q) {
    constexpr auto failed = page_answer::outcome::failed;
    page_answer compiled;
    std::optional<page_answer> tabs;
    if (is_online(q.id, q.run)) {
        auto subject = *parts_.registry.find(q.id);
        page_target target{subject.port, parts_.storage.app_directory(subject)};
        compiled = co_await parts_.checker.ask(target, page_question::compile);
        if (asks_tabs(compiled) && is_online(q.id, q.run))
            tabs = co_await parts_.checker.ask(target, page_question::tabs);
    }
    auto found = page_of(compiled, tabs, wall_ms());
    bool no_answer = compiled.what == failed || (tabs && tabs->what == failed);
    auto how = !found      ? page_schedule::end::no_endpoint
               : no_answer ? page_schedule::end::failed
                           : page_schedule::end::answered;
    if (schedule_.ended(q, how, clock::now()) && !closed_)
        put(q.id, q.run, std::move(found));
    answered_.cancel();
    wake_.cancel();
}

void page_watch::put(const std::string& id, std::int64_t run, std::optional<page> found) {
    auto known = runs_.find(id);
    if (known == runs_.end() || !is_online(id, run))
        return;
    auto& last = known->second.last;
    bool again = found && last && same_words(*found, *last) && *found->checked_at - *last->checked_at < same_answer;
    if (!again)
        last = std::move(found);
    parts_.registry.edit(id, [&](app& a) { a.page = last; });
    parts_.registry.commit();
}

task<> page_watch::check(std::string id) {
    ++under_way_;
    note_apps();
    auto known = runs_.find(id);
    if (known != runs_.end() && is_online(id, known->second.run)) {
        auto run = known->second.run;
        known->second.is_opened = true;
        known->second.last.reset(); // a person sees when it was asked
        auto number = schedule_.want(id);
        wake_.cancel();
        while (!closed_ && !schedule_.is_over(id, run, number))
            co_await answered_.async_wait(as_result);
    }
    --under_way_;
    ended_.cancel();
}

} // namespace berth
