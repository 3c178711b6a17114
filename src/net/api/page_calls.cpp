#include "net/api/page_calls.hpp"

#include "core/app_json.hpp"
#include "net/api/find_app.hpp"
#include "net/api/request_body.hpp"

namespace berth::net {
namespace {

result<> check_bare(const call& c) {
    auto query = check_query(c.target, {});
    return query ? parse_nothing(c.body) : query;
}

} // namespace

task<reply> page_calls::check(const call& c) {
    if (auto checked = check_bare(c); !checked)
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
    if (auto checked = check_bare(c); !checked)
        co_return problem_reply(checked.error());
    co_await orchestrator_.fresh();
    auto id = app_id(*orchestrator_.apps(), c.route.id);
    if (!id)
        co_return problem_reply(id.error());
    auto told = co_await orchestrator_.why(std::move(*id));
    co_return told ? json_reply(200, dump(to_json(*told))) : problem_reply(told.error());
}

} // namespace berth::net
