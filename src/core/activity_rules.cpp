#include "core/activity_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace berth {
namespace {

constexpr int looks_at_start = 3; // that may fail before pm2 counts as lost

/// "2.3 s", "12 s", "3 min".
std::string span_text(std::int64_t ms) {
    auto seconds = static_cast<double>(std::max<std::int64_t>(ms, 0)) / 1000;
    if (seconds < 9.95)
        return fmt::format("{:.1f} s", seconds);
    if (seconds < 119.5)
        return fmt::format("{:.0f} s", seconds);
    return fmt::format("{:.0f} min", seconds / 60);
}

std::string quoted(const std::string& text) { return "“" + text + "”"; }

std::optional<news> edit_of(const app& before, const app& now) {
    std::vector<std::string> what;
    if (before.name != now.name)
        what.push_back(fmt::format("name (it was {})", quoted(before.name)));
    if (before.category != now.category)
        what.push_back(now.category ? fmt::format("category ({})", quoted(*now.category)) : "category (none)");
    if (before.notes != now.notes)
        what.push_back("notes");
    if (before.lan != now.lan)
        what.push_back(now.lan ? "lan (all addresses)" : "lan (this machine alone)");
    if (before.keep_awake != now.keep_awake)
        what.push_back(now.keep_awake ? "keepAwake (yes)" : "keepAwake (no)");
    if (before.port != now.port)
        what.push_back(fmt::format("port (it was {})", before.port));
    if (before.script != now.script)
        what.push_back(fmt::format("script ({})", quoted(now.script)));
    if (before.adopted != now.adopted)
        what.push_back("folder");
    if (what.empty())
        return {};
    return news{happening::edited, fmt::format("Edited: {}.", fmt::join(what, ", "))};
}

/// Of a run that is another one than before, and not the app's first.
std::optional<news> start_of(known_app& was, const app& now, bool ours, const circumstances& c) {
    if (now.restarts <= was.app.restarts)
        return {};
    if (auto since = std::exchange(was.slept_since, std::nullopt))
        return news{happening::woke, fmt::format("{} after {}.", ours ? "Woke" : "Woken by somebody with pm2",
                                                 span_text(c.now - *since))};
    bool ran = was.status == status::online || was.status == status::launching;
    return news{happening::restarted,
                fmt::format("{} by {}.", ran ? "Restarted" : "Started", ours ? "Berth" : "somebody with pm2")};
}

std::optional<news> online_of(const known_app& was, const app& now, const circumstances& c) {
    if (now.status != status::online || was.online_run == now.started_at)
        return {};
    bool measured = now.started_at && *now.started_at >= c.since && !c.first_look;
    return news{happening::online, measured ? fmt::format("Online after {}.", span_text(c.now - *now.started_at))
                                            : std::string("Online.")};
}

std::optional<news> sleep_of(known_app& was, const app& now) {
    if (!now.asleep || now.status != status::stopped || was.slept_since)
        return {};
    was.slept_since = now.asleep->since;
    return news{happening::slept, now.status_reason.value_or("It sleeps.")};
}

std::optional<news> stop_of(known_app& was, const app& now, bool ours, const circumstances& c) {
    if (now.status != status::stopped || now.asleep)
        return {};
    bool was_asleep = was.slept_since && now.wanted == intent::stop;
    if (was_asleep)
        was.slept_since.reset();
    bool failed = !now.started_at && now.status_reason && now.status_reason->starts_with("It could not be started");
    if (failed && now.status_reason != was.app.status_reason)
        return news{happening::stopped, *now.status_reason};
    if (failed || (was.status == status::stopped && !was_asleep) || !was.run)
        return {};
    if (ours)
        return news{happening::stopped, "Stopped by Berth."};
    return news{happening::stopped,
                c.first_look ? "Stopped while Berth did not run." : "Stopped by somebody with pm2."};
}

} // namespace

known_app known_app::found(const berth::app& a) {
    known_app known;
    known.app = a;
    known.status = a.status;
    known.run = a.started_at;
    if (a.status != status::launching)
        known.online_run = a.started_at;
    if (a.asleep)
        known.slept_since = a.asleep->since;
    return known;
}

news arrival_of(const app& a) {
    if (!a.owned())
        return {happening::adopted, fmt::format("Adopted from {}.", *a.adopted)};
    constexpr std::string_view fork = "app:";
    if (!a.made_from)
        return {happening::created, "Created."};
    if (a.made_from->starts_with(fork))
        return {happening::created, fmt::format("Created as a fork of the app {}.", a.made_from->substr(fork.size()))};
    return {happening::created, fmt::format("Created from the template {}.", *a.made_from)};
}

news departure_of(const known_app& was) {
    bool ours = was.ours || was.operation == activity::deleting;
    return {happening::deleted, ours ? "Deleted." : "Its entry was taken out of manifest.json."};
}

news crash_of(const app& a) { return {happening::crashed, a.status_reason.value_or("It crashed.")}; }

std::vector<news> news_of(known_app& was, const app_view& view, const circumstances& c) {
    auto& now = view.app;
    std::vector<news> told;
    auto tell = [&](std::optional<news> what) {
        if (what)
            told.push_back(std::move(*what));
    };
    bool ours = was.ours || view.ours;
    bool going = view.operation == activity::deleting || was.operation == activity::deleting;
    bool comes_back = was.status == status::unknown; // nothing is known of how it was
    tell(edit_of(was.app, now));
    tell(start_of(was, now, ours, c));
    if (now.status != status::unknown) {
        bool crashed = now.status == status::errored && (was.status != status::errored || was.run != now.started_at);
        if (crashed && !comes_back)
            tell(crash_of(now));
        tell(online_of(was, now, c));
        tell(sleep_of(was, now));
        if (!going && !comes_back)
            tell(stop_of(was, now, ours, c));
        was.status = now.status;
        was.run = now.started_at;
        if (now.status == status::online)
            was.online_run = now.started_at;
    }
    was.app = now;
    was.ours = view.ours;
    was.operation = view.operation;
    return told;
}

std::optional<news> news_of_page(bool known_broken, const std::optional<page>& now) {
    if (!now || now->state == page::condition::unchecked)
        return {};
    bool broken = now->state == page::condition::broken;
    if (broken == known_broken)
        return {};
    if (!broken)
        return news{happening::page_mended, "Its pages work again."};
    auto place = now->first ? now->first->place() : "";
    auto title = now->first && !now->first->title.empty() ? now->first->title : "an error";
    auto more = now->errors > 1 ? fmt::format(" (and {} more)", now->errors - 1) : "";
    return news{happening::page_broken,
                fmt::format("Page broken: {}{}{}{}.", place, place.empty() ? "" : ": ", title, more)};
}

std::vector<news> news_of_pm2(known_pm2& was, int daemon, const std::string& reason) {
    std::vector<news> told;
    if (daemon == 0) {
        bool patient = was.daemon == 0 && ++was.silent < looks_at_start; // it may be on its way
        if (!patient && !std::exchange(was.lost, true))
            told.push_back({happening::pm2_lost, "pm2 does not answer: " + reason});
        return told;
    }
    bool other = was.daemon != 0 && was.daemon != daemon;
    if (other && !was.lost)
        told.push_back({happening::pm2_lost, fmt::format("pm2's daemon (pid {}) ended.", was.daemon)});
    if (other)
        told.push_back({happening::pm2_back, fmt::format("A new daemon of pm2 runs (pid {}).", daemon)});
    else if (was.lost)
        told.push_back({happening::pm2_back, "pm2 answers again."});
    was = {daemon, 0, false};
    return told;
}

} // namespace berth
