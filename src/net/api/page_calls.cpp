#include "net/api/page_calls.hpp"

#include "core/app_json.hpp"
#include "net/api/find_app.hpp"

namespace berth::net {

task<reply> page_calls::check(const call& c) {
    if (auto checked = check_plain(c); !checked)
        co_return problem_reply(checked.error());
    auto id = app_id(*orchestrator_.apps(), c.route.id);
    if (!id)
        co_return problem_reply(id.error());
    auto asked = co_await orchestrator_.check(std::move(*id));
    if (!asked)
        co_return problem_reply(asked.error());
    auto text = &(*asked)->json;
    co_return json_reply(shared_text(std::move(*asked), text));
}

task<reply> page_calls::why(const call& c) {
    if (auto checked = check_plain(c); !checked)
        co_return problem_reply(checked.error());
    co_await orchestrator_.fresh();
    auto id = app_id(*orchestrator_.apps(), c.route.id);
    if (!id)
        co_return problem_reply(id.error());
    auto told = co_await orchestrator_.why(std::move(*id));
    co_return told ? json_reply(200, dump(to_json(*told))) : problem_reply(told.error());
}

} // namespace berth::net
