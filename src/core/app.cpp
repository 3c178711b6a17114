#include "core/app.hpp"

namespace berth {
namespace {

constexpr std::string_view prefix = "orch-";

} // namespace

std::string name_in_pm2(const std::string& id) { return std::string(prefix) + id; }

std::optional<std::string> id_in(std::string_view process_name) {
    if (!process_name.starts_with(prefix))
        return {};
    return std::string(process_name.substr(prefix.size()));
}

std::string_view to_string(status s) noexcept {
    switch (s) {
    case status::stopped:
        return "stopped";
    case status::launching:
        return "launching";
    case status::online:
        return "online";
    case status::errored:
        return "errored";
    case status::unknown:
        break;
    }
    return "unknown";
}

std::string_view to_string(intent i) noexcept { return i == intent::run ? "run" : "stop"; }

std::string_view to_string(removal r) noexcept {
    switch (r) {
    case removal::entry:
        return "entry";
    case removal::all:
        return "all";
    case removal::none:
        break;
    }
    return "";
}

std::string_view to_string(activity a) noexcept {
    switch (a) {
    case activity::starting:
        return "starting";
    case activity::stopping:
        return "stopping";
    case activity::restarting:
        return "restarting";
    case activity::deleting:
        return "deleting";
    case activity::waking:
        return "waking";
    case activity::sleeping:
        return "sleeping";
    case activity::none:
        break;
    }
    return "";
}

std::string_view to_string(nap::cause c) noexcept {
    switch (c) {
    case nap::cause::asked:
        return "asked";
    case nap::cause::idle:
        return "idle";
    case nap::cause::memory:
        return "memory";
    case nap::cause::room:
        break;
    }
    return "room";
}

std::optional<nap::cause> parse_nap_cause(std::string_view text) noexcept {
    for (auto c : {nap::cause::asked, nap::cause::idle, nap::cause::memory, nap::cause::room})
        if (to_string(c) == text)
            return c;
    return {};
}

std::vector<std::string_view> app::pending() const {
    std::vector<std::string_view> names;
    if (!running() || !started_with)
        return names;
    if (started_with->category != category)
        names.push_back("category");
    if (started_with->lan != lan)
        names.push_back("lan");
    return names;
}

std::optional<status> parse_status(std::string_view text) noexcept {
    for (auto s : {status::stopped, status::launching, status::online, status::errored, status::unknown})
        if (to_string(s) == text)
            return s;
    return {};
}

std::optional<intent> parse_intent(std::string_view text) noexcept {
    if (text == "run")
        return intent::run;
    if (text == "stop")
        return intent::stop;
    return {};
}

std::optional<removal> parse_removal(std::string_view text) noexcept {
    for (auto r : {removal::entry, removal::all})
        if (to_string(r) == text)
            return r;
    return {};
}

} // namespace berth
