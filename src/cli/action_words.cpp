#include "cli/action_words.hpp"

#include "cli/text.hpp"
#include "core/names.hpp"

#include <fmt/format.h>

namespace berth::cli {

action_words words_of(bulk_action action) {
    switch (action) {
    case bulk_action::stop:
        return {"stop", "stop", "stopping", "stopped"};
    case bulk_action::restart:
        return {"restart", "restart", "restarting", "restarted"};
    case bulk_action::start:
        return {"restart", "start", "starting", "started"};
    case bulk_action::sleep:
        return {"sleep", "put to sleep", "putting to sleep", "put to sleep"};
    case bulk_action::wake:
        return {"wake", "wake", "waking", "woken"};
    case bulk_action::remove:
        break;
    }
    return {"delete", "delete", "deleting", "deleted"};
}

bool starts(bulk_action action) {
    return action == bulk_action::restart || action == bulk_action::start || action == bulk_action::wake;
}

bool is_so_already(bulk_action action, const listed_app& app) {
    if (action == bulk_action::sleep)
        return app.sleeps();
    bool ends = app.operation == "stopping" || app.operation == "sleeping";
    return (action == bulk_action::start || action == bulk_action::wake) && app.runs() && !ends;
}

bool concerns(bulk_action action, const listed_app& app) {
    if (action == bulk_action::sleep)
        return app.runs() && !app.keep_awake;
    return action != bulk_action::wake || app.asleep;
}

std::string list_of(const std::vector<listed_app>& apps) {
    std::string names;
    for (std::size_t i = 0; i < apps.size() && i < 5; ++i)
        names += (i ? ", " : "") + in_quotes(apps[i].name);
    return apps.size() > 5 ? fmt::format("{} and {} more", names, apps.size() - 5) : names;
}

} // namespace berth::cli
