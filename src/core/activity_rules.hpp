// Which changes are news: pure rules, tested as a table. Figures that flutter are none, nor is what only comes back
// into sight (pm2 was silent, Berth was not there): an app is compared with what was last known of it.
#pragma once

#include "core/activity_log.hpp"
#include "core/view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace berth {

/// What was last known of an app.
struct known_app {
    berth::app app;                         // as it was shown last
    bool ours = false;                      // an operation of Berth's own was under way, or its end not judged yet
    activity operation = activity::none;    // the one that was shown
    berth::status status = status::stopped; // the last but `unknown`
    std::optional<std::int64_t> run;        // started_at of the run that had that status
    std::optional<std::int64_t> online_run; // of the last run that was online
    std::optional<std::int64_t> slept_since; // ms since 1970: it fell asleep, and was not started again

    /// As an earlier server has left it: what of it runs, is no news.
    static known_app found(const berth::app&);
};

struct news {
    happening kind;
    std::string text;
    bool operator==(const news&) const = default;
};

struct circumstances {
    std::int64_t now = 0;   // ms since 1970
    std::int64_t since = 0; // when this server began
    bool first_look = false; // nothing was looked at yet: what is seen may have happened before
};

/// Of an app that is new.
news arrival_of(const app&);
/// Of one that is gone.
news departure_of(const known_app&);
/// Of one that changed, and what is known of it now. A crash is told here as soon as it is seen; its reason may get
/// longer (sync::ask_last_words), which is the caller's to wait for.
std::vector<news> news_of(known_app&, const app_view& now, const circumstances&);

/// Of whether its pages work. `known_broken`: what is remembered last of them is that they are broken, by this server
/// or one before it. So a page that is not known for a while, or is asked anew after a restart of Berth, is no news.
std::optional<news> news_of_page(bool known_broken, const std::optional<page>& now);

/// "crashed", with the reason as it is now.
news crash_of(const app&);

/// Of pm2, once for each sync. `daemon`: the pid of its daemon; 0: it did not answer, for this reason.
struct known_pm2 {
    int daemon = 0; // the last that answered; 0: none yet
    int silent = 0; // looks since then that failed
    bool lost = false;
};
std::vector<news> news_of_pm2(known_pm2&, int daemon, const std::string& reason);

} // namespace berth
