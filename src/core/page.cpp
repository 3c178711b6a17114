#include "core/page.hpp"

#include "core/app_json.hpp"
#include "core/clock.hpp"

#include <nlohmann/json.hpp>

namespace berth {
namespace {

page unchecked(std::string why) {
    page p;
    p.reason = std::move(why);
    return p;
}

} // namespace

std::string page_issue::place() const {
    if (!file)
        return {};
    return line ? *file + ":" + std::to_string(*line) : *file;
}

page page_that_nobody_opened() { return unchecked("Nobody has opened a page of it since it started."); }

bool asks_tabs(const page_answer& compiled) {
    using enum page_answer::outcome;
    return (compiled.what == told && compiled.errors == 0) || compiled.what == tells_nothing;
}

std::optional<page> page_of(const page_answer& compiled, const std::optional<page_answer>& tabs, std::int64_t now) {
    using enum page_answer::outcome;
    if (compiled.what == no_endpoint || (tabs && tabs->what == no_endpoint))
        return {};
    auto& decides = tabs ? *tabs : compiled;
    page p;
    if (compiled.what == failed || decides.what == failed)
        p = unchecked(compiled.what == failed ? compiled.why : decides.why);
    else if (decides.what == tells_nothing && compiled.what == tells_nothing)
        p = unchecked("Its version of Next tells of errors only while a page of it is open in a browser.");
    else if (decides.what == told && decides.errors > 0)
        p.state = page::condition::broken;
    else
        p.state = page::condition::working;
    if (p.state == page::condition::broken) {
        p.errors = decides.errors;
        p.first = decides.first;
    }
    p.checked_at = now;
    return p;
}

std::string_view to_string(page::condition state) noexcept {
    switch (state) {
    case page::condition::working:
        return "working";
    case page::condition::broken:
        return "broken";
    case page::condition::unchecked:
        break;
    }
    return "unchecked";
}

nlohmann::ordered_json to_json(const std::optional<page>& p) {
    if (!p)
        return nullptr;
    nlohmann::ordered_json first;
    if (p->first)
        first = {{"file", or_null(p->first->file)},
                 {"line", or_null(p->first->line)},
                 {"column", or_null(p->first->column)},
                 {"title", p->first->title},
                 {"frame", or_null(p->first->frame)}};
    nlohmann::ordered_json at;
    if (p->checked_at)
        at = iso_time(*p->checked_at);
    return {{"state", to_string(p->state)},
            {"errors", p->errors},
            {"first", std::move(first)},
            {"checkedAt", std::move(at)},
            {"reason", or_null(p->reason)}};
}

} // namespace berth
