// Remembers what happened: takes each change of an app from the registry and each look of the sync, has the rules say
// what of it is news, and gives that to the log, the disk and the clients.
//
// A crash is written down when its reason is complete: its last words come a moment after it, and an entry is never
// changed. Lives on the reactor.
#pragma once

#include "core/activity_rules.hpp"
#include "core/registry.hpp"
#include "core/sync_listener.hpp"

#include <map>
#include <string>

namespace berth {

class activity_recorder final : public sync_listener {
public:
    /// `store`: none: it is remembered in memory alone. Both must outlive it.
    activity_recorder(registry& apps, activity_store* store) : registry_(apps), store_(store) {}

    /// When the registry holds what an earlier server has left: none of that is news.
    task<> open();
    /// Nothing is remembered from here on; returns when what was is on its way to the disk.
    task<> close();

    activity_page page(const activity_query& asked) const { return log_.page(asked); }

    void on_crash_told(const std::string& id) override;
    void on_look(int daemon, const std::string& reason) override;

private:
    struct crash {
        app whose; // as it was last seen
        std::int64_t at = 0;
    };

    void changed(const app_view* before, const app_view* now);
    void look_at_page(const app&, std::int64_t at);
    void write(news, std::int64_t at, const app* about);
    void write_crash(const std::string& id);

    registry& registry_;
    activity_store* store_;
    activity_log log_;
    std::map<std::string, known_app> known_; // by id
    std::map<std::string, crash> crashes_;   // by id: whose reasons may get longer
    known_pm2 pm2_;
    std::int64_t since_ = 0;
    bool looked_ = false;
};

} // namespace berth
