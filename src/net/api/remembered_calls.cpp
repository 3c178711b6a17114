#include "net/api/remembered_calls.hpp"

#include "core/app_json.hpp"
#include "net/api/find_app.hpp"
#include "net/http/text.hpp"

namespace berth::net {
namespace {

using json = nlohmann::ordered_json;

constexpr std::uint64_t most_entries = 500;

std::string page_json(const activity_page& page) {
    auto entries = json::array();
    for (auto& e : page.entries)
        entries.push_back(to_json(e));
    json body = {{"entries", std::move(entries)}, {"before", nullptr}};
    if (page.before)
        body["before"] = *page.before;
    return dump(body);
}

} // namespace

task<reply> remembered_calls::history(const call& c) {
    if (auto checked = check_plain(c); !checked)
        co_return problem_reply(checked.error());
    auto view = find_app(*orchestrator_.apps(), c.route.id);
    if (!view)
        co_return problem_reply(no_app(c.route.id));
    auto samples = orchestrator_.history(view->app.id);
    co_return json_reply(200, dump(to_json(samples)));
}

task<reply> remembered_calls::activity(const call& c) {
    if (auto checked = check_plain(c, {"app", "before", "limit"}); !checked)
        co_return problem_reply(checked.error());
    auto asked = parse_activity_query(c.target);
    if (!asked)
        co_return problem_reply(asked.error());
    if (asked->app) // a name is as good; an id that is none may be one of an app that was deleted
        if (auto view = find_app(*orchestrator_.apps(), *asked->app))
            asked->app = view->app.id;
    auto page = orchestrator_.activity(*asked);
    co_return json_reply(200, page_json(page));
}

result<activity_query> parse_activity_query(const target& t) {
    activity_query asked;
    if (auto app = find_query(t, "app"))
        asked.app = *app;
    if (auto before = find_query(t, "before")) {
        asked.before = parse_number(*before, last_activity_id);
        if (!asked.before || *asked.before == 0)
            return invalid_request("before: must be the id of an entry, a whole number from 1 on, not " +
                                   in_quotes(*before) + ".");
    }
    if (auto limit = find_query(t, "limit")) {
        auto number = parse_number(*limit, most_entries);
        if (!number || *number == 0)
            return invalid_request("limit: must be a whole number from 1 to 500, not " + in_quotes(*limit) + ".");
        asked.limit = static_cast<std::size_t>(*number);
    }
    return asked;
}

} // namespace berth::net
