#include "core/activity_recorder.hpp"

#include "core/clock.hpp"

namespace berth {

task<> activity_recorder::open() {
    since_ = wall_ms();
    if (store_) {
        auto earlier = co_await store_->load();
        log_.load(std::move(earlier));
    }
    for (auto& view : registry_.view()->apps)
        known_.emplace(view->app.id, known_app::found(view->app));
    registry_.remember([this](const app_view* before, const app_view* now) { changed(before, now); });
    write({happening::server_started, "Berth started."}, since_, nullptr);
}

task<> activity_recorder::close() {
    registry_.remember(nullptr);
    while (!crashes_.empty())
        write_crash(crashes_.begin()->first);
    if (store_)
        co_await store_->close();
}

void activity_recorder::changed(const app_view* before, const app_view* now) {
    auto at = wall_ms();
    if (!now) {
        auto id = before->app.id;
        write_crash(id);
        if (auto was = known_.extract(id))
            write(departure_of(was.mapped()), at, &before->app);
        return;
    }
    auto& a = now->app;
    auto [was, fresh] = known_.try_emplace(a.id, known_app::found(a));
    if (fresh) {
        was->second.ours = now->ours;
        write(arrival_of(a), at, &a);
        return;
    }
    if (auto waits = crashes_.find(a.id); waits != crashes_.end()) {
        if (a.status == status::errored && a.started_at == waits->second.whose.started_at)
            waits->second.whose = a;
        else
            write_crash(a.id);
    }
    for (auto& each : news_of(was->second, *now, {at, since_, !looked_})) {
        if (each.kind == happening::crashed)
            crashes_.insert_or_assign(a.id, crash{a, at});
        else
            write(std::move(each), at, &a);
    }
    if (before && before->app.page != a.page)
        look_at_page(a, at);
}

void activity_recorder::look_at_page(const app& a, std::int64_t at) {
    auto last = log_.last(a.id, {happening::page_broken, happening::page_mended});
    bool known_broken = last && last->kind == happening::page_broken;
    if (auto told = news_of_page(known_broken, a.page))
        write(std::move(*told), at, &a);
}

void activity_recorder::on_crash_told(const std::string& id) { write_crash(id); }

void activity_recorder::on_look(int daemon, const std::string& reason) {
    looked_ = looked_ || daemon != 0;
    for (auto& each : news_of_pm2(pm2_, daemon, reason))
        write(std::move(each), wall_ms(), nullptr);
}

void activity_recorder::write_crash(const std::string& id) {
    auto waits = crashes_.extract(id);
    if (waits)
        write(crash_of(waits.mapped().whose), waits.mapped().at, &waits.mapped().whose);
}

void activity_recorder::write(news what, std::int64_t at, const app* about) {
    activity_entry entry;
    entry.at = at;
    if (about) {
        entry.app = about->id;
        entry.name = about->name;
    }
    entry.kind = what.kind;
    entry.text = std::move(what.text);
    auto& kept = log_.add(std::move(entry));
    if (store_)
        store_->append(kept);
    if (auto watcher = registry_.watcher())
        watcher->on_activity(kept);
}

} // namespace berth
