#include "net/api/template_calls.hpp"

#include "core/app_json.hpp"
#include "net/api/request_body.hpp"

namespace berth::net {
namespace {

using json = nlohmann::ordered_json;

} // namespace

task<reply> template_calls::list(const call& c) {
    if (auto checked = check_plain(c); !checked)
        co_return problem_reply(checked.error());
    auto all = co_await orchestrator_.templates();
    auto list = json::array();
    for (auto& each : all)
        list.push_back(to_json(each));
    co_return json_reply(200, dump(list));
}

task<reply> template_calls::add(const call& c) {
    if (auto checked = check_query(c.target, {}); !checked)
        co_return problem_reply(checked.error());
    auto wish = parse_template(c.body);
    if (!wish)
        co_return problem_reply(wish.error());
    auto made = co_await orchestrator_.add_template(std::move(wish->name), std::move(wish->source));
    co_return made ? json_reply(201, dump(to_json(*made))) : problem_reply(made.error());
}

task<reply> template_calls::refresh(const call& c) {
    if (auto checked = check_plain(c); !checked)
        co_return problem_reply(checked.error());
    std::string name(c.route.id);
    auto made = co_await orchestrator_.refresh_template(std::move(name));
    co_return made ? json_reply(200, dump(to_json(*made))) : problem_reply(made.error());
}

task<reply> template_calls::remove(const call& c) {
    if (auto checked = check_plain(c); !checked)
        co_return problem_reply(checked.error());
    std::string name(c.route.id);
    auto removed = co_await orchestrator_.remove_template(name);
    co_return removed ? json_reply(200, dump({{"name", name}})) : problem_reply(removed.error());
}

} // namespace berth::net
